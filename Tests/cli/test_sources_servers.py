"""Images of image servers, of docker and of Debian's mirrors, as the commands and macros get them."""

import http.server
import os
import shutil
import socket
import subprocess
import threading
import time

import pytest
from harness import impossible
from images import Archive
from sources import ARCHITECTURE, ImageServer


def content(plash, id, name):
    """A file of an image that has no programs."""
    archive = plash.host(plash.command, "export-tar", id)
    return plash.host("tar", "-xO", name, input=archive.out).text


@pytest.fixture
def server(image_server):
    image_server.add_image("alpine", "3.9", clock="09:00")
    image_server.add_image("alpine", "3.10", clock="10:00")
    image_server.add_image("alpine", "edge", clock="11:00")
    image_server.add_image("debian", "bookworm")
    image_server.add_image("debian", "trixie")
    image_server.add_image("debian", "trixie", variant="cloud")
    image_server.add_image("ubuntu", "noble")
    return image_server


@pytest.mark.parametrize("name, release", [
    ("alpine", "alpine 3.10"), ("alpine:3.9", "alpine 3.9"), ("alpine/3.9", "alpine 3.9"), ("alpine:edge", "alpine edge"),
    ("noble", "ubuntu noble"), ("debian:13", "debian trixie"), ("debian", "debian trixie"),
    ("debian:12:default", "debian bookworm"),
])
def test_names(fresh, server, name, release):
    id = fresh("import-lxc", name, env=server.environment())
    assert content(fresh, id, "etc/image").startswith(release + " ")
    assert fresh("build", "--from", name, env=server.environment()) == id
    assert fresh("build", "--from-lxc", name) == id


def test_a_name_that_is_not_there(fresh, server):
    error = fresh.error("import-lxc", "alpin", env=server.environment())
    assert error.startswith("there is no image `alpin`; nearest: alpine")
    result = fresh.try_("build", "--from", "debian:11", env=server.environment())
    assert result.status == 1 and "nearest: debian" in result.errors and "^^^^" in result.errors


def test_what_is_no_name_is_told_without_the_server(fresh, server):
    result = fresh.try_("import-lxc", "", env=server.environment())
    assert result.status == 2 and result.errors == "usage: plash import-lxc NAME\n"
    assert "is not a name" in fresh.error("import-lxc", "a:b:c:d", env=server.environment())
    assert server.requests == []


def test_the_list_of_names_and_the_last_one_offline(fresh, server, user_only):
    assert fresh("images", "debian", env=server.environment()).split() == [
        "debian:bookworm", "debian:trixie", "debian:trixie:cloud"]
    assert len(fresh("images", env=server.environment()).split()) == 7
    closed = {**server.environment(), "PLASH_LXC_MIRROR": "http://127.0.0.1:1"}
    offline = fresh.try_("images", "ubuntu", env=closed)
    assert offline.text == "ubuntu:noble\n" and offline.errors.count("\n") == 1
    day = time.strftime("%Y-%m-%d", time.strptime(server.today, "%Y%m%d"))
    assert offline.errors == f"plash: the server cannot be reached; this is what it had last time, on {day}\n"
    # What is remembered is a list to look at: nothing is imported by it.
    assert fresh.error("import-lxc", "ubuntu", env=closed).startswith("http://127.0.0.1:1/meta/1.0/index-user: ")
    # A server that has something else to say is not down.
    server.pages.clear()
    assert "404" in fresh.error("images", "ubuntu", env=server.environment())
    assert fresh("images", "nothing-like-it", env=closed) == ""


def test_an_unreachable_server_is_one_error(fresh, server, user_only):
    closed = {**server.environment(), "PLASH_LXC_MIRROR": "http://127.0.0.1:1"}
    for command in ("images",), ("import-lxc", "alpine"):
        assert fresh.error(*command, env=closed).startswith("http://127.0.0.1:1/meta/1.0/index-user: ")


class Rude(http.server.BaseHTTPRequestHandler):
    """Closes at once, or sends without end."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        if not self.server.is_endless:
            self.connection.shutdown(socket.SHUT_RDWR)

    def do_GET(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"10000\r\n" + bytes(65536) + b"\r\n")
                self.server.sent += 65536
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("is_endless", [False, True], ids=["closes", "endless"])
def test_a_rude_server_is_one_error(fresh, signer, is_endless, user_only):
    """Soon, and after no more than an index may have."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Rude) as rude:
        rude.is_endless, rude.daemon_threads = is_endless, True
        threading.Thread(target=rude.serve_forever, args=(0.05,), daemon=True).start()
        address = f"http://127.0.0.1:{rude.server_address[1]}"
        env = {"PLASH_LXC_MIRROR": address, "PLASH_LXC_KEY": str(signer.key)}
        words = "more than 16777216 bytes, the limit of a download" if is_endless else "Server returned nothing (no headers, no data)"
        for command in ("images",), ("import-lxc", "alpine"), ("build", "--from", "alpine"):
            rude.sent, start = 0, time.monotonic()
            result = fresh.try_(*command, env=env)
            line, *more = result.errors.splitlines()
            assert result.status == 1 and line == f"plash error: {address}/meta/1.0/index-user: {words}", result
            # An error in a Plashfile shows the place.
            assert "plash" not in "".join(more) and bool(more) == (command[0] == "build"), result
            assert time.monotonic() - start < 15 and rude.sent < 32 << 20
        rude.shutdown()


def test_an_index_that_is_being_written(fresh, server):
    page = server.pages["/meta/1.0/index-user"]
    page.body = page.body[:-20]
    assert "the signature is WRONG" in fresh.error("images", env=server.environment())
    assert "the signature is WRONG" in fresh.error("import-lxc", "alpine", env=server.environment())


def test_odd_lines_of_the_index_stop_nothing(fresh, server):
    server.lines += ["", "half a line", f"evil;1;{ARCHITECTURE};default;20260101_00:00;/images/../../etc/",
                     f"evil;2;{ARCHITECTURE};default;20260101_00:00;http://elsewhere/", ";;;;;",
                     f"evil;\x1b[2J;{ARCHITECTURE};default;20260101_00:00;/images/x/"]
    server.publish()
    assert "evil" not in fresh("images", env=server.environment())
    assert fresh("import-lxc", "alpine", env=server.environment()) == "1"


def test_archives_and_lists_must_be_the_signed_ones(fresh, server):
    path = server.add_image("void", "current")
    archive = server.pages[path]
    archive.body, good = archive.body + b"x", archive.body
    assert "its SHA-256 is" in fresh.error("import-lxc", "void", env=server.environment())
    archive.body = good
    sums = server.pages[path.replace("rootfs.tar.xz", "SHA256SUMS")]
    sums.body += b"# more\n"
    assert "the signature is WRONG" in fresh.error("import-lxc", "void", env=server.environment())
    del server.pages[path.replace("rootfs.tar.xz", "SHA256SUMS.asc")]
    assert "404" in fresh.error("import-lxc", "void", env=server.environment())
    assert "not signed by the trusted key" in fresh.error("import-lxc", "void", env={"PLASH_LXC_MIRROR": server.address})


def test_the_index_is_read_again_if_the_server_has_moved_on(fresh, server):
    old = server.add_image("void", "current", clock="01:00")
    stale = [server.pages["/meta/1.0/index-user"], server.pages["/meta/1.0/index-user.asc"]]
    server.add_image("void", "current", clock="02:00")
    new = [server.pages["/meta/1.0/index-user"], server.pages["/meta/1.0/index-user.asc"]]
    del server.pages[old], server.pages[old.replace("rootfs.tar.xz", "SHA256SUMS")]
    server.pages["/meta/1.0/index-user"], server.pages["/meta/1.0/index-user.asc"] = stale

    class Once(dict):
        """The server's files, which change after the index has been read once."""

        def get(self, path, default=None):
            answer = super().get(path, default)
            if path == "/meta/1.0/index-user.asc":
                self["/meta/1.0/index-user"], self["/meta/1.0/index-user.asc"] = new
            return answer

    server.pages = Once(server.pages)
    assert content(fresh, fresh("import-lxc", "void", env=server.environment()), "etc/image") == "void current 02:00\n"


def test_an_older_image_is_refused(fresh, server):
    """Signed as it should be, but it was replaced already."""
    path = server.add_image("void", "current", clock="02:00")
    assert content(fresh, fresh("import-lxc", "void", env=server.environment()), "etc/image") == "void current 02:00\n"
    server.add_image("void", "current", clock="01:00")
    error = fresh.error("import-lxc", "void", env=server.environment())
    assert f"{server.today}_01:00" in error and f"{server.today}_02:00" in error and server.address in error
    memory = fresh.data / "download/lxc-newest"
    assert str(memory) in error
    # Other images, other servers and builds that are asked for by their names are not meant.
    assert fresh("import-lxc", "alpine", env=server.environment())
    with ImageServer(server.signer) as other:
        other.add_image("void", "current", clock="00:30")
        assert content(fresh, fresh("import-lxc", "void", env=other.environment()), "etc/image") == "void current 00:30\n"
    assert "older" in fresh.error("import-lxc", "void", env=server.environment())
    fresh.host("rm", str(memory))
    assert content(fresh, fresh("import-lxc", "void", env=server.environment()), "etc/image") == "void current 01:00\n"
    assert server.count(path) == 1


def test_the_list_of_images_is_a_memory_too(fresh, server):
    server.add_image("void", "current", clock="02:00")
    assert "void:current" in fresh("images", env=server.environment())
    server.add_image("void", "current", clock="01:00")
    assert "older" in fresh.error("import-lxc", "void", env=server.environment())


def test_fifty_that_want_the_same_image_download_it_once(fresh, server):
    path = server.add_image("void", "current", size=1 << 20)
    fresh("init")
    builds = [fresh.start([fresh.command, "build", "--from-lxc", "void"], env=server.environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(50)]
    answers = [build.communicate(timeout=100) for build in builds]
    assert {out for out, _ in answers} == {b"1\n"} and server.count(path) == 1, answers


# Docker

DOCKER = """#!/bin/sh
# Stands in for docker; what it was told is in ./calls.
echo "$@" >>{work}/calls
case $1 in
  create) if [ "$3" = missing ]; then echo "no such image: missing" >&2; exit 125; fi; echo 0123abcd;;
  export) cat {work}/root.tar;;
  pull) [ -z "$(cat {work}/newer 2>/dev/null)" ] || cp {work}/newer {work}/root.tar;;
  rm) ;;
  *) exit 1;;
esac
"""


@pytest.fixture
def docker(fresh, work):
    """A folder for PATH with a stand-in for docker."""
    program = work / "bin/docker"
    program.parent.mkdir()
    program.write_text(DOCKER.format(work=work))
    program.chmod(0o755)
    (work / "root.tar").write_bytes(Archive().file("etc/word", b"docker\n").bytes())
    for path in (work, work / "root.tar"):
        fresh.account.owns(path)
    return {"PATH": f"{work}/bin:{fresh.environment()['PATH']}"}


def calls(work):
    return (work / "calls").read_text().splitlines()


def test_docker(fresh, docker, work):
    id = fresh("import-docker", "some/image:1", env=docker)
    assert fresh("run", id, "cat", "/etc/word") == "docker"
    assert calls(work) == ["create --network=none some/image:1 /", "export 0123abcd", "rm --force 0123abcd"]
    assert fresh("build", "--from-docker", "some/image:1", env=docker) == id
    before = len(calls(work))
    assert fresh("build", "--from-docker", "some/image:1", env=docker) == id and len(calls(work)) == before


def test_docker_in_a_plashfile(fresh, docker, work):
    tool = work / "tool"
    tool.write_text("--from-docker some/image\n--entrypoint-script\ncat /etc/word\n")
    assert fresh.execute(tool, env=docker).text == "docker\n"
    assert fresh("run", "--from-docker", "other/image", "--", "cat", "/etc/word", env=docker) == "docker"


def test_docker_where_nobody_sees_it_coming(fresh, docker, work):
    """The base is named by a text that the command line names: the namespace must not be there too early."""
    (work / "base").write_text("--from-docker some/image\n")
    tool = work / "tool"
    tool.write_text("--eval-file base\n--entrypoint-script\ncat /etc/word\n")
    assert fresh.execute(tool, env=docker).text == "docker\n"
    (work / "base").write_text("--from-docker another/image\n")
    assert fresh("run", "--eval-file", str(work / "base"), "--", "cat", "/etc/word", env=docker) == "docker"
    (work / "m.yaml").write_text("macros:\n  base:\n    doc: x\n    params: []\n    body:\n      - --from-docker third/image\n")
    words = ["--import", str(work / "m.yaml"), "--base"]
    assert fresh("run", *words, "--", "cat", "/etc/word", env=docker) == "docker"


def test_docker_is_asked_again_by_refresh(fresh, docker, work):
    id = fresh("build", "--from-docker", "some/image", env=docker)
    (work / "newer").write_bytes(Archive().file("etc/word", b"newer\n").bytes())
    second = fresh("build", "--refresh", "--from-docker", "some/image", env=docker)
    assert second != id and fresh("run", second, "cat", "/etc/word") == "newer" and "pull some/image" in calls(work)


def test_what_docker_says_is_shown(fresh, docker):
    result = fresh.try_("import-docker", "missing", env=docker)
    assert result.status == 1 and "no such image: missing" in result.errors
    assert "docker failed with exit status 125" in result.errors


def test_neither_docker_nor_podman(fresh, work):
    error = fresh.error("import-docker", "x", env={"PATH": str(work)})
    assert error == "docker or podman is not installed; install the package podman"


def test_podman(fresh, work):
    if not shutil.which("podman"):
        impossible("podman is not installed")
    (work / "bin").mkdir()
    for name in ("podman", "newuidmap", "newgidmap"):
        (work / "bin" / name).symlink_to(shutil.which(name))
    path = work / "root.tar"
    path.write_bytes(Archive().file("etc/word", b"podman\n").bytes())
    env = {"HOME": str(work), "XDG_RUNTIME_DIR": str(work / "run"), "XDG_DATA_HOME": str(work / "share")}
    (work / "run").mkdir()
    fresh.account.owns(work / "run")
    storage = work / "storage.conf"
    storage.write_text(f'[storage]\ndriver = "vfs"\ngraphroot = "{work}/graph"\nrunroot = "{work}/run"\n')
    env["CONTAINERS_STORAGE_CONF"] = str(storage)
    # Podman's own helpers may be anywhere; a docker that is installed here must not be found.
    helpers = [folder for folder in fresh.environment()["PATH"].split(":") if not os.path.exists(folder + "/docker")]
    env["PATH"] = ":".join([str(work / "bin"), *helpers])
    made = fresh.host("podman", "import", str(path), "localhost/word", env=env, cwd=str(work))
    assert made.status == 0, made
    try:
        id = fresh("import-docker", "localhost/word", env=env, cwd=str(work))
        assert fresh("run", id, "cat", "/etc/word") == "podman"
        assert fresh.host("podman", "ps", "-aq", env=env, cwd=str(work)).text == ""
    finally:
        if not fresh.account.is_root:
            fresh.host("podman", "unshare", "rm", "-rf", str(work / "graph"), env=env, cwd=str(work))
        # The process that keeps podman's namespace ends with this.
        fresh.host("podman", "system", "migrate", env=env, cwd=str(work))


# Debian

def test_passwords_of_debian_mirrors_are_no_arguments(fresh, work):
    program = work / "bin/mmdebstrap"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >{work}/calls\nfor file; do :; done\ncp "$file" {work}/list\nexit 1\n')
    program.chmod(0o755)
    fresh.account.owns(work)
    env = {"PATH": f"{work}/bin:/usr/bin:/bin", "PLASH_DEBIAN_MIRROR": "http://me:s3cret@192.0.2.1/debian"}
    result = fresh.try_("build", "--from-debian", "bookworm", env=env)
    assert result.status == 1 and "s3cret" not in result.errors and "s3cret" not in "".join(calls(work))
    assert (work / "list").read_text() == "deb http://me:s3cret@192.0.2.1/debian bookworm main\n"
    for suite in ("-x", "a b", "../x", "A"):
        assert fresh.try_("build", "--from-debian", suite, env=env).status == 1
