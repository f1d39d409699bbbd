"""Images from addresses: `import-url`, `from-url`, `eval-url`, `from-tar`, `from-github`; settings and passwords."""

import gzip
import hashlib
import os
import pty
import re
import signal
import subprocess
import time

import pytest
from harness import eventually
from images import Archive
from sources import Signer, Site, certificate, root_archive

ROOT = root_archive()
LARGE = root_archive(size=3 << 20)


@pytest.fixture(scope="session")
def tls(stage):
    folder = stage / "tls"
    folder.mkdir()
    return certificate(folder)


@pytest.fixture
def secure(tls):
    with Site(tls[1]) as site:
        yield site


def motd(plash, id):
    return subprocess.run([plash.command, "export-tar", id], env=plash.environment(), capture_output=True,
                          **plash.account.identity()).stdout


def test_http_file_and_compressed(fresh, site, work):
    plain = fresh("import-url", site.add("/root.tar", ROOT))
    packed = fresh("import-url", site.add("/odd-name", gzip.compress(ROOT)))
    path = work / "root.tar"
    path.write_bytes(ROOT)
    assert plain == packed == fresh("import-url", f"file://{path}") == fresh("import-tar", str(path))
    assert b"hello\n" in motd(fresh, plain)


def test_https_needs_a_known_certificate(fresh, secure, tls):
    address = secure.add("/root.tar", ROOT)
    assert "certificate" in fresh.error("import-url", address)
    assert fresh("import-url", address, env={"PLASH_CA_BUNDLE": str(tls[0])}) == "1"


def test_redirections(fresh, site, secure, tls):
    target = site.add("/root.tar", ROOT)
    assert fresh("import-url", site.add("/moved", status=302, headers=[("Location", "/root.tar")])) == "1"
    down = secure.add("/down", status=302, headers=[("Location", target)])
    before = site.count("/root.tar")
    error = fresh.error("import-url", down, env={"PLASH_CA_BUNDLE": str(tls[0])})
    assert "away from https" in error and site.count("/root.tar") == before
    # Not on a longer way either.
    up = site.add("/up", status=302, headers=[("Location", down)])
    error = fresh.error("import-url", up, env={"PLASH_CA_BUNDLE": str(tls[0])})
    assert "away from https" in error and site.count("/root.tar") == before and secure.count("/down") == 2
    over = site.add("/over", status=302, headers=[("Location", secure.add("/root.tar", ROOT))])
    assert fresh("import-url", over, env={"PLASH_CA_BUNDLE": str(tls[0])}) == "1"
    to_file = site.add("/file", status=302, headers=[("Location", "file:///etc/hostname")])
    assert "redirected" in fresh.error("import-url", to_file)
    loop = site.add("/loop", status=302, headers=[("Location", "/loop")])
    assert "redirected too often" in fresh.error("import-url", loop) and site.count("/loop") == 6


def test_passwords_go_to_no_other_server(fresh, site, work):
    """Neither those of the address nor those of ~/.netrc, also where that names the other server without a password."""
    with Site() as other:
        other.add("/root.tar", ROOT)
        elsewhere = other.address.replace("127.0.0.1", "localhost") + "/root.tar"
        moved = site.add("/moved", status=302, headers=[("Location", elsewhere)])
        assert fresh("import-url", moved.replace("://", "://me:s3cret@")) == "1"
        netrc = work / ".netrc"
        netrc.write_text("machine 127.0.0.1\nlogin me\npassword s3cret\nmachine localhost\n")
        netrc.chmod(0o600)
        fresh.account.owns(netrc)
        assert fresh("import-url", moved, env={"HOME": str(work)}) == "1"
        assert [("Authorization" in headers) for headers in site.headers] == [True, True]
        assert [headers.get("Authorization") for headers in other.headers] == [None, None]


def test_errors_name_the_address_and_leave_nothing(fresh, site):
    assert fresh.error("import-url", site.address + "/nothing") == f"{site.address}/nothing: the server does not have it (404)"
    assert "looks like HTML" in fresh.error("import-url", site.add("/page", b"<!DOCTYPE html><html></html>"))
    assert "not an address" in fresh.error("import-url", "ftp://example.org/root.tar")
    assert "not an address" in fresh.error("import-url", f"{site.address}/a b")
    assert fresh.error("import-tar", "/etc").startswith("/etc: ")
    assert fresh.error("import-url", "file:///etc").startswith("file:///etc: ")
    assert listed(fresh, "download") == listed(fresh, "layer/0") == []


def test_digest(fresh, site):
    address, digest = site.add("/root.tar", ROOT), hashlib.sha256(ROOT).hexdigest()
    assert fresh("import-url", address, "--sha256", digest) == fresh("import-url", address, "--sha256", digest.upper())
    wrong = fresh.error("import-url", address, "--sha256", "0" * 64)
    assert digest in wrong and "0" * 64 in wrong
    assert "is not a SHA-256" in fresh.error("import-url", address, "--sha256", "abc")
    assert fresh("import-url", f"--sha256={digest}", address) == fresh("import-url", "--sha256", digest, address) == "1"
    assert wrong == fresh.error("import-url", "--sha256=" + "0" * 64, address)
    for words in ([address, "--sha256"], [address, "--sha256", digest, "--sha256", digest], ["--sha256", digest], [""],
                  [address, address, address], [address, "--sha512", digest], [address, "--sha256", digest, "-x"]):
        result = fresh.try_("import-url", *words)
        assert result.status == 2 and result.errors.startswith("usage: plash import-url URL"), (words, result)
    assert fresh("build", "--from-url", address, f"sha256={digest}") == "1"
    result = fresh.try_("build", "--from-url", address, "sha256=" + "1" * 64)
    assert result.status == 1 and digest in result.errors


def test_signature(fresh, site, signer):
    address, key = site.add("/root.tar", ROOT), {"PLASH_URL_KEY": str(signer.key)}
    good = site.add("/root.tar.asc", signer.sign(ROOT))
    bad = site.add("/bad.asc", signer.sign(ROOT + b"x"))
    assert fresh("import-url", address, good, env=key) == "1"
    wrong = fresh.error("import-url", address, bad, env=key)
    assert wrong.startswith(f"{address}: ") and "the signature is WRONG" in wrong
    before = site.count("/root.tar")
    assert "404" in fresh.error("import-url", address, site.address + "/none.asc", env=key)
    assert site.count("/root.tar") == before
    page = site.add("/page.asc", b"<!DOCTYPE html><html></html>")
    assert "not a detached signature" in fresh.error("import-url", address, page, env=key)
    private = site.add("/private.asc", signer.sign(ROOT), password=b"me:s3cret")
    assert "401" in fresh.error("import-url", address, private, env=key)
    large = site.add("/large.asc", signer.sign(ROOT) + bytes(8 << 20))
    assert "more than 65537 bytes" in fresh.error("import-url", address, large, env=key)
    assert listed(fresh, "layer/0") == ["1"]
    fingerprint = signer.gpg("--list-keys", "--with-colons").decode().split("fpr:")[1].strip(":\n")[:40]
    unknown = fresh.error("import-url", address, good)
    assert "not signed by the trusted key, but by " in unknown and fingerprint[-16:] in unknown
    other = {"PLASH_URL_KEY": "/etc/hostname"}
    assert fresh.error("import-url", address, good, env=other).startswith("/etc/hostname: ")


def test_an_expired_key_tells_when(fresh, site, stage, user_only):
    folder = stage / f"expired-{fresh.account.name}"
    folder.mkdir()
    signer = Signer(folder, "2")
    address, signature = site.add("/root.tar", ROOT), site.add("/root.tar.asc", signer.sign(ROOT))
    expiry = int(signer.gpg("--list-keys", "--with-colons").decode().split(":pub:")[-1].split("pub:")[-1].split(":")[5])
    time.sleep(max(0, expiry + 1.1 - time.time()))
    error = fresh.error("import-url", address, signature, env={"PLASH_URL_KEY": str(signer.key)})
    assert error.endswith("has expired on " + time.strftime("%Y-%m-%d", time.gmtime(expiry))), error


def test_a_proxy_from_the_environment_and_from_the_configuration(fresh, site, work, user_only):
    with Site() as proxy:
        address = site.add("/root.tar", ROOT)
        assert fresh("import-url", address, env={"http_proxy": proxy.address, "no_proxy": ""}) == "1"
        assert proxy.requests == [address]
        configure(fresh, work, f"http_proxy={proxy.address}\n")
        assert fresh("import-url", address, env=home(work)) == "1" and len(proxy.requests) == 2
        # The environment wins.
        result = fresh.try_("import-url", address, env={**home(work), "http_proxy": "http://127.0.0.1:1"})
        assert result.status == 1 and len(proxy.requests) == 2
        assert fresh("import-url", address, env={**home(work), "no_proxy": "127.0.0.1"}) == "1" and len(proxy.requests) == 2


def home(work):
    return {"XDG_CONFIG_HOME": str(work / "config")}


def configure(plash, work, text):
    folder = work / "config/plash"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config").write_text(text)
    return folder / "config"


def test_the_configuration_file(fresh, secure, tls, work, user_only):
    address = secure.add("/root.tar", ROOT)
    configure(fresh, work, f"# certificates\n\n  PLASH_CA_BUNDLE = \"{tls[0]}\"\r\n")
    assert fresh("import-url", address, env=home(work)) == "1"
    # The environment wins.
    assert "SSL" in fresh.error("import-url", address, env={**home(work), "PLASH_CA_BUNDLE": "/dev/null"})
    (work / ".config").symlink_to("config")
    assert fresh("import-url", address, env={"HOME": str(work)}) == "1"


@pytest.mark.parametrize("line, words", [
    ("PLASH_CA_BUNDLE", "expected NAME=VALUE"),
    ("PLASH_CA_BUNDEL=/x", "there is no setting `PLASH_CA_BUNDEL`"),
    ("PLASH_DATA=/x", "there is no setting `PLASH_DATA`"),
    ("\x1b[2J=/x", "there is no setting `\\x1b[2J`"),
    ("https_proxy='http://x", "the quote at the beginning of the value is not closed"),
])
def test_a_line_that_is_wrong_is_named(fresh, site, work, line, words):
    path = configure(fresh, work, f"# one\n{line}\n")
    assert fresh.error("import-url", site.add("/root.tar", ROOT), env=home(work)) == f"{path}:2: {words}"
    # What needs no network does not care.
    assert fresh("import-tar", input=ROOT, env=home(work)) == "1"
    assert fresh("parent", "1", env=home(work)) == "0"


def test_passwords_are_shown_nowhere(fresh, site, work, user_only):
    site.add("/root.tar", ROOT, password=b"me:s3cret", pace=0.1)
    site.pages["/root.tar"].body = LARGE
    address = site.address.replace("://", "://me:s3cret@") + "/root.tar"
    tool = work / "tool"
    tool.write_text(f"--from-url {address}\n")
    child = fresh.start([fresh.command, "build", "--eval-file", str(tool)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert eventually(lambda: site.count("/root.tar"))
    processes = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True).stdout
    assert "plash-import" in processes and "s3cret" not in processes
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0 and b"s3cret" not in err
    for command in (["ls"], ["ls", "--json"], ["inspect", "1"], ["history", "1"]):
        assert "s3cret" not in fresh(*command)
    assert not any("s3cret" in name for name in listed(fresh, "map"))


def test_queries_are_shown_nowhere_and_tell_images_apart(fresh, site, work):
    site.add("/root.tar", ROOT)
    first = fresh("build", "--from-url", site.address + "/root.tar?token=s3cret1")
    site.add("/root.tar", LARGE)
    second = fresh("build", "--from-url", site.address + "/root.tar?token=s3cret2")
    assert first != second == fresh("import-url", site.address + "/root.tar?token=s3cret3")
    assert fresh("build", "--from-url", site.address + "/root.tar?token=s3cret1") == first
    for command in (["ls"], ["ls", "--json"], ["inspect", "1"], ["history", "2"]):
        assert "s3cret" not in fresh(*command)
    names = listed(fresh, "map")
    assert len(names) == 2 and not any("s3cret" in name for name in names)
    tool = work / "tool"
    tool.write_text(f"--eval-url {site.add('/recipe', b'--frm x')}?token=s3cret\n")
    for words in (["import-url", site.address + "/nothing?token=s3cret"], ["build", "--eval-file", str(tool)],
                  ["build", "--eval-url", site.address.replace("://", "://me:s3cret@") + "/recipe?s3cret"]):
        result = fresh.try_(*words)
        assert result.status == 1 and "s3cret" not in result.errors and "127.0.0.1" in result.errors, result


@pytest.mark.parametrize("rest", ["/nothing", "/a b", "/x?a@b", ":1/closed"])
def test_passwords_are_in_no_error(fresh, site, work, rest, user_only):
    address = "http://me:s3cret@127.0.0.1" + (rest if rest.startswith(":") else f":{site.port}{rest}")
    for result in (fresh.try_("import-url", address), fresh.try_("build", "--from-url", address),
                   fresh.try_("build", "--eval-url", address)):
        assert result.status == 1 and "s3cret" not in result.errors and "plash error" in result.errors, result
    tool = work / "tool"
    tool.write_text(f"#!/usr/bin/env plash-exec\n--from-url\n{address}\n--entrypoint /bin/true\n")
    result = fresh.execute(tool)
    assert result.status == 1 and "s3cret" not in result.errors and "*********@127.0.0.1" in result.errors


def test_passwords_of_proxies_are_in_no_error(fresh, site, user_only):
    result = fresh.try_("import-url", "http://192.0.2.1/x", env={"http_proxy": "http://me:s3cret@127.0.0.1:1"})
    assert result.status == 1 and "s3cret" not in result.errors


def test_passwords_come_from_netrc(fresh, site, work):
    address = site.add("/root.tar", ROOT, password=b"me:s3cret")
    assert "401" in fresh.error("import-url", address, env={"HOME": str(work)})
    netrc = work / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret\n")
    netrc.chmod(0o600)
    fresh.account.owns(netrc)
    assert fresh("import-url", address, env={"HOME": str(work)}) == "1"


def test_a_killed_download_is_resumed(fresh, site):
    site.add("/root.tar", LARGE, tag='"strong"', stop=1 << 20)
    address = site.address + "/root.tar"
    child = fresh.start([fresh.command, "import-url", address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert site.stopped.wait(20)
    # What was sent is on its way through the kernel for a moment.
    eventually(lambda: downloaded(fresh) > 1 << 19)
    child.kill()
    child.wait()
    site.closing.set()
    assert fresh("import-url", address) == "1"
    assert "Range" in site.headers[-1] and int(site.headers[-1]["Range"][6:-1]) > 1 << 19
    assert downloaded(fresh) == 0
    fresh("clean")


def test_clean_takes_what_killed_downloads_left(fresh, site):
    site.add("/root.tar", LARGE, tag='"strong"', stop=1 << 20)
    child = fresh.start([fresh.command, "import-url", site.address + "/root.tar"], stdout=subprocess.DEVNULL)
    assert site.stopped.wait(20)
    eventually(lambda: downloaded(fresh) > 0)
    fresh("clean")
    assert downloaded(fresh) > 0
    child.kill()
    child.wait()
    # Its helper notices a moment later.
    assert eventually(lambda: (fresh("clean"), downloaded(fresh) == 0 and not fresh.leftovers())[1])
    assert listed(fresh, "download") == []


def test_without_a_strong_tag_nothing_is_left(fresh, site):
    site.add("/root.tar", LARGE, tag='W/"weak"', stop=1 << 20)
    child = fresh.start([fresh.command, "import-url", site.address + "/root.tar"], stdout=subprocess.DEVNULL)
    assert site.stopped.wait(20)
    assert eventually(lambda: listed(fresh, "download") == [])
    child.kill()
    child.wait()
    eventually(lambda: not fresh.leftovers() or fresh("clean") is None)
    fresh("clean")


def test_a_download_leaves_room_on_the_disk(fresh, site):
    address = site.add("/root.tar", LARGE, tag='"strong"')
    status = os.statvfs(fresh.data.parent)
    reserve = {"PLASH_IMPORT_RESERVE": str(status.f_blocks * status.f_frsize)}
    error = fresh.error("import-url", address, env=reserve)
    assert error.startswith(f"{address}: ") and f"{len(LARGE)} bytes" in error and str(fresh.data) in error, error
    assert "PLASH_IMPORT_RESERVE" in error and "plash prune" in error and listed(fresh, "download") == []
    assert fresh("import-url", address, env={"PLASH_IMPORT_RESERVE": "0"}) == "1"


def listed(plash, folder):
    result = plash.host("ls", f"{plash.data}/{folder}", as_root=os.geteuid() == 0)
    return result.text.split()


def downloaded(plash):
    result = plash.host("sh", "-c", f"cat {plash.data}/download/* 2>/dev/null | wc -c", as_root=os.geteuid() == 0)
    return int(result.text)


def test_fifty_that_want_the_same_address_download_it_once(fresh, site):
    site.add("/root.tar", ROOT)
    fresh("init")
    builds = [fresh.start([fresh.command, "build", "--from-url", site.address + "/root.tar"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(50)]
    answers = [build.communicate(timeout=100) for build in builds]
    assert {out for out, _ in answers} == {b"1\n"} and site.count("/root.tar") == 1, answers


def test_imports_of_one_address_at_once_download_it_once(fresh, site, user_only):
    site.add("/root.tar", LARGE, stop=1 << 20)
    fresh("init")
    words = [fresh.command, "import-url", site.address + "/root.tar"]
    imports = [fresh.start(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)]
    assert site.stopped.wait(20)
    site.closing.set()
    site.add("/root.tar", LARGE, pace=0.05)
    imports += [fresh.start(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(9)]
    answers = [child.communicate(timeout=60) for child in imports]
    # The first one begins again, as its connection broke.
    assert {out for out, _ in answers} == {b"1\n"} and site.count("/root.tar") == 2, answers
    # Who comes when it is done looks again.
    site.add("/root.tar", ROOT)
    assert fresh("import-url", site.address + "/root.tar") == "2" and site.count("/root.tar") == 3


def test_who_waits_for_an_import_with_other_settings_makes_its_own(fresh, site, signer, work):
    site.add("/root.tar", LARGE, pace=0.02)
    good = site.add("/root.tar.asc", signer.sign(LARGE))
    (work / "wrong").write_bytes(b"no key")
    fresh("init")
    words = [fresh.command, "import-url", site.address + "/root.tar", good]
    first, second = (fresh.start(words, env={"PLASH_URL_KEY": key}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                     for key in (str(signer.key), str(work / "wrong")))
    assert first.communicate(timeout=60)[0] == b"1\n"
    assert second.communicate(timeout=60)[0] == b"" and second.returncode == 1


def test_refreshing_at_once_looks_once(fresh, site, user_only):
    address = site.add("/root.tar", ROOT)
    assert fresh("build", "--from-url", address) == "1"
    site.add("/root.tar", LARGE, pace=0.05)
    builds = [fresh.start([fresh.command, "build", "--refresh", "--from-url", address], stdout=subprocess.PIPE)
              for _ in range(5)]
    assert {build.communicate(timeout=60)[0] for build in builds} == {b"2\n"} and site.count("/root.tar") == 2


def test_who_downloads_dies_and_another_goes_on(fresh, site, user_only):
    site.add("/root.tar", LARGE, tag='"strong"', stop=1 << 20)
    words = [fresh.command, "build", "--from-url", site.address + "/root.tar"]
    first = fresh.start(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert site.stopped.wait(20)
    second = fresh.start(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(2.5)
    first.kill()
    first.wait()
    out, err = second.communicate(timeout=60)
    site.closing.set()
    assert out == b"1\n" and b"waiting for process " in err
    assert "Range" in site.headers[-1]
    fresh("clean")


def test_progress_on_a_terminal_and_elsewhere(fresh, site, user_only):
    address = site.add("/root.tar", LARGE, pace=0.02)
    quiet = fresh.try_("import-url", address)
    assert quiet.status == 0 and quiet.err == b""
    controller, terminal = pty.openpty()
    child = fresh.start([fresh.command, "import-url", address], stdout=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    shown = b""
    while True:
        try:
            piece = os.read(controller, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(controller)
    assert child.wait() == 0
    assert re.search(rb"\r\x1b\[Kplash: \S+/root.tar: \d\.\d of 3\.\d MB, \d+\.\d MB/s, \d+ s left", shown), shown
    assert shown.endswith(b"\r\x1b[K")


def test_eval_url_and_github(fresh, site):
    site.add("/recipe", b"--from-busybox\n--run 'touch /a'\n")
    assert "touch" in fresh("eval", "--eval-url", site.address + "/recipe")
    site.add("/user/repo/HEAD/plashfile", b"--from-busybox\n")
    site.add("/user/repo/v1/a%20b/file", b"--run\necho one\n")
    mirror = {"PLASH_GITHUB_MIRROR": site.address}
    id = fresh("build", "--from-github", "user/repo", env=mirror)
    assert fresh("build", "--from-github", "user/repo") == id and fresh("build", "--from-busybox") == id
    assert fresh("eval", "--eval-github", "user/repo@v1", "a b/file", env=mirror) == "echo one"
    for name in ("user", "../x", "a/b/c", "a/b@", "a/b@../c", "a/b?c", "a%2f/b", "a/.."):
        result = fresh.try_("eval", "--eval-github", name, env=mirror)
        assert result.status == 1 and "is not a name" in result.errors, (name, result)


def test_texts_from_elsewhere_are_fetched_once(fresh, site, work):
    """So what is built of them starts at once, and without a network. --refresh looks again."""
    macros = ["--eval-url", site.add("/text", b"--from-busybox\n--run\necho one >/word\n")]
    first = fresh("build", *macros)
    asked = len(site.requests)
    site.add("/text", b"--from-busybox\n--run\necho two >/word\n")
    assert fresh("build", *macros) == first and "one" in fresh("eval", *macros) and len(site.requests) == asked
    assert fresh("run", "--refresh", *macros, "--", "cat", "/word") == "two"
    second = fresh("build", *macros)
    assert fresh("run", second, "cat", "/word") == "two" and len(site.requests) == asked + 1
    fresh("clean")
    site.add("/text", b"", status=404)
    assert fresh("build", *macros) == second
    assert "(404)" in fresh.try_("build", "--refresh", *macros).errors
    assert fresh("build", *macros) == second and os.listdir(fresh.data / "tmp") == []


LONG_TEXT = b"--# " + b"x" * (1 << 19) + b"\n--run\ntouch /x\n"


def test_twenty_that_want_the_same_text_fetch_it_once(fresh, site):
    address = site.add("/text", LONG_TEXT, pace=0.05)
    fresh("init")
    texts = [fresh.start([fresh.command, "eval", "--eval-url", address], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
             for _ in range(20)]
    assert {text.communicate(timeout=60) for text in texts} == {(b"touch /x\n", b"")} and site.count("/text") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_who_fetches_a_text_dies_and_another_goes_on(fresh, site, number, user_only):
    words = [fresh.command, "eval", "--eval-url", site.add("/text", LONG_TEXT, stop=1 << 18)]
    first = fresh.start(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert site.stopped.wait(20)
    site.add("/text", LONG_TEXT)
    second = fresh.start(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(2.5)
    first.send_signal(number)
    assert (first.communicate(timeout=20), first.returncode) == ((b"", b""), -number)
    out, err = second.communicate(timeout=60)
    site.closing.set()
    assert out == b"touch /x\n" and err.startswith(b"plash: waiting for process "), (out, err)
    assert err.endswith(b", which fetches " + site.address.encode() + b"/text\n") and fresh.leftovers() == []


def test_texts_of_github_are_fetched_once(fresh, site, work):
    mirror = {"PLASH_GITHUB_MIRROR": site.address}
    site.add("/user/repo/HEAD/plashfile", b"--run\necho one\n")
    assert fresh("eval", "--eval-github", "user/repo", env=mirror) == "echo one"
    site.add("/user/repo/HEAD/plashfile", b"--run\necho two\n")
    assert fresh("eval", "--eval-github", "user/repo", env=mirror) == "echo one"
    # From which mirror is no part of what it is, wherever that is set.
    others = [{"PLASH_GITHUB_MIRROR": "http://127.0.0.1:1"}, {}]
    assert [fresh("eval", "--eval-github", "user/repo", env=other) for other in others] == ["echo one"] * 2
    configure(fresh, work, f"PLASH_GITHUB_MIRROR={site.address}\n")
    assert fresh("eval", "--refresh", "--eval-github", "user/repo", env=home(work)) == "echo two"
    assert fresh("eval", "--eval-github", "user/repo", env=others[0]) == "echo two"


@pytest.mark.parametrize("text", ["--eval-file /etc/passwd", "--hash-path /etc/passwd", "--import-env HOME", "--run-stdin",
                                  "--eval-stdin", "--import ./x.yaml", "--from-tar /etc/passwd",
                                  "--from-url file:///etc/passwd", "--eval-url FILE:///etc/passwd"])
def test_plashfiles_from_elsewhere_do_not_read_this_host(fresh, site, text):
    site.add("/recipe", text.encode())
    result = fresh.try_("eval", "--eval-url", site.address + "/recipe")
    assert result.status == 1 and "not open to a Plashfile from elsewhere" in result.errors, result


def test_from_tar(fresh, work):
    path = work / "root.tar"
    path.write_bytes(Archive().file("etc/word", b"tar\n").bytes())
    id = fresh("build", "--from-tar", str(path))
    assert fresh("run", id, "cat", "/etc/word") == "tar"
    path.write_bytes(Archive().file("etc/word", b"new\n").bytes())
    assert fresh("build", "--from-tar", str(path)) == id
    assert fresh("run", fresh("build", "--refresh", "--from-tar", str(path)), "cat", "/etc/word") == "new"


def test_a_path_means_another_file_in_another_folder(fresh, work):
    ids = []
    for name in ("a", "b"):
        (work / name).mkdir()
        (work / name / "root.tar").write_bytes(Archive().file("etc/word", name.encode()).bytes())
        ids.append(fresh("build", "--from-tar", "./root.tar", cwd=str(work / name)))
        assert fresh("run", ids[-1], "cat", "/etc/word") == name
    assert [fresh("build", "--from-tar", "./root.tar", cwd=str(work / name)) for name in ("a", "b")] == ids


def test_long_addresses(fresh, site):
    for path in ("/" + "x" * 300 + "1", "/" + "x" * 300 + "2"):
        site.add(path, root_archive(("path", path.encode())))
    ids = [fresh("build", "--from-url", site.address + path) for path in site.pages]
    assert ids == ["1", "2"] and ids == [fresh("build", "--from-url", site.address + path) for path in site.pages]


def test_no_error_has_control_bytes(fresh, site, user_only):
    for words in (["import-url", "http://127.0.0.1:1/\x1b[2J"], ["import-lxc", "\x1b[2J"], ["import-docker", "\x1b[2J"],
                  ["build", "--from-url", "\x1b]0;x\x07"], ["import-url", site.address, "--sha256", "\r\x1b[2J"]):
        result = fresh.try_(*words)
        assert result.status == 1 and not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", result.err), (words, result)
