"""What other programs pack we unpack, and they what we pack: nothing is different afterwards."""

import shlex
import subprocess

import pytest
from archives import CORPUS
from harness import Scratch

ALL = "names encodings ids times holes attributes fifo"
XATTRS = "--xattrs --xattrs-include=*"

# How an archive of the current directory gets to standard output, and what such an archive can say.
WRITERS = {
    "tar --format=v7 -c .": "",
    "tar --format=oldgnu -c .": "names encodings ids fifo",
    "tar --format=gnu -c .": "names encodings ids fifo",
    "tar --format=gnu --sparse -c .": "names encodings ids fifo holes",
    "tar --format=gnu --listed-incremental=../snapshot -c .": "names encodings ids fifo",
    "tar --format=ustar -c .": "ids fifo",
    f"tar --format=posix {XATTRS} -c .": "names encodings ids times attributes fifo",
    f"tar --format=posix {XATTRS} --sparse --sparse-version=0.0 -c .": ALL,
    f"tar --format=posix {XATTRS} --sparse --sparse-version=0.1 -c .": ALL,
    f"tar --format=posix {XATTRS} --sparse --sparse-version=1.0 -c .": ALL,
    f"tar --format=posix {XATTRS} --listed-incremental=../snapshot -c .": "names encodings ids times attributes fifo",
    "bsdtar --format=v7tar -c .": "",
    "bsdtar --format=ustar -c .": "ids fifo",
    "bsdtar --format=gnutar -c .": "names encodings ids fifo",
    "bsdtar --format=pax -c .": "names ids times holes attributes fifo",
    "bsdtar --format=paxr -c .": "names ids holes attributes fifo",
    "busybox tar -c .": "ids fifo",
    **{f"{{python}} {{corpus}}/pack.py {name}": features for name, features in (
        ("USTAR", "ids fifo"), ("GNU", "names encodings ids fifo"), ("PAX", "names encodings ids fifo"))},
}

# What unpacks standard input in the current directory, and what it understands.
READERS = {
    f"tar --numeric-owner {XATTRS} -xpf - --warning=no-unknown-keyword": ALL,
    "bsdtar --numeric-owner -xpf -": ALL,
    "busybox tar -xpf -": "ids fifo",
    "{python} {corpus}/pack.py unpack": "names encodings ids holes fifo",
}
LEAVES_TIMES = ("busybox", "{python}")


def filled(command):
    return command.format(python=PYTHON, corpus=CORPUS)


PYTHON = "/usr/bin/python3"


class Place:
    """A folder of the account's, and commands there as root of the ids that plash maps."""

    def __init__(self, plash):
        self.plash = plash
        self.scratch = Scratch("/var/tmp", "plash-oracle-")
        self.path = plash.account.owns(self.scratch.path)

    def sh(self, script, input=b""):
        """Standard output of shell text."""
        script = f"cd {self.path}; set -e; export LC_ALL=C.UTF-8; {filled(script)}"
        result = self.plash.host(self.plash.command, "sudo", "sh", "-c", script, input=input)
        assert result.status == 0 and not result.err.strip(), result
        return result.out

    def tree(self, features):
        self.sh("{python} {corpus}/tree.py tree " + features)

    def differences(self, other):
        """Lines about files that are not the same in `tree` and `other`, and about room that the holes take."""
        listings = [self.sh(f"cd {folder}; " + "{python} {corpus}/list.py | sort").splitlines() for folder in ("tree", other)]
        rooms = [int(self.sh(f"du -sk {folder}").split()[0]) for folder in ("tree", other)]
        bloated = [f"takes {rooms[1]} kB, not {rooms[0]}"] if rooms[1] > rooms[0] + 200 else []
        return sorted(set(listings[0]) ^ set(listings[1])) + bloated


@pytest.fixture
def place(plash):
    place = Place(plash)
    yield place
    place.scratch.remove()


@pytest.mark.parametrize("writer", WRITERS)
def test_reads_what_others_write(plash, place, writer):
    place.tree(WRITERS[writer])
    id = plash("import-tar", input=place.sh(f"cd tree; {writer}"))
    assert place.differences(plash.files(id)) == []


@pytest.mark.parametrize("reader", READERS)
def test_others_read_what_is_written(plash, place, reader):
    place.tree(READERS[reader])
    id = plash("import-tar", input=place.sh(f"cd tree; tar --format=posix {XATTRS} --sparse -c ."))
    archive = plash.host(plash.command, "export-tar", id).out
    place.sh("mkdir out")
    place.sh(f"cd out; {reader}", input=archive)
    # Not every program sets the time of the directory that it is in, busybox and Python few but those of files.
    place.sh("touch -r tree out")
    if reader.startswith(LEAVES_TIMES):
        place.sh("chown -h 5:6 out/broken; find out ! -type f -exec touch -h -r tree {{}} +")
    assert place.differences("out") == []


@pytest.fixture
def podman(place):
    """podman with a storage of its own: gives standard output."""
    # Where podman keeps the pid of the process that holds its namespace: it would join one of before, or leave its own.
    runtime = place.path / "runtime"
    runtime.mkdir(mode=0o700)
    place.plash.account.owns(runtime)
    storage = ["podman", "--root", f"{place.path}/podman", "--runroot", f"{place.path}/run", "--storage-driver", "vfs"]

    def run(words):
        result = place.plash.host(*storage, *shlex.split(words), cwd=place.path, env={"XDG_RUNTIME_DIR": str(runtime)})
        assert result.status == 0, result
        return result.out

    yield run
    run("system migrate")


def test_podman_reads_what_is_written_and_we_what_it_writes(plash, place, podman):
    """Its archives have whole seconds, no holes, capabilities as the only attributes, and no root directory."""
    place.tree("ids fifo names")
    place.sh("{python} {corpus}/tree.py more attributes; {python} -c 'import os; os.removexattr(\"more/capable\", \"user.kept\")'; "
             "mv more/capable tree/; touch -d @1600000000 tree")
    id = plash("import-tar", input=place.sh(f"cd tree; tar --format=posix {XATTRS} -c ."))
    (place.path / "image.tar").write_bytes(plash.host(plash.command, "export-tar", id).out)
    image = podman("import --quiet image.tar").decode().strip()
    container = podman(f"create --network=none {image} /x").decode().strip()
    podman(f"export -o {place.path}/export.tar {container}")
    podman(f"rm {container}")
    again = plash("import-tar", str(place.path / "export.tar"))
    place.sh("touch -d @0 tree")
    assert place.differences(plash.files(again)) == []


def test_umoci_unpacks_what_is_written_as_a_layer(plash, place):
    place.tree("names encodings ids times attributes fifo" if plash.account.is_root else "names times fifo")
    id = plash("import-tar", input=place.sh(f"cd tree; tar --format=posix {XATTRS} -c ."))
    archive = plash.host(plash.command, "export-tar", id).out
    place.sh("cat >image.tar; umoci init --layout image; umoci new --image image:one; "
             "umoci raw add-layer --image image:one image.tar; umoci unpack --image image:one bundle", input=archive)
    assert place.differences("bundle/rootfs") == []


def test_two_stores_write_the_same(plash, fresh, place):
    """Whatever way an image came into a store, what is written of it is the same there."""
    place.tree(ALL)
    archive = place.sh(f"cd tree; tar --format=posix {XATTRS} --sparse -c .")
    written = plash.host(plash.command, "export-tar", plash("import-tar", input=archive)).out
    shuffled = place.sh(f"cd tree; find . -print0 | sort -zr | tar --format=posix {XATTRS} --sparse --no-recursion --null -cz -T -")
    for other in (written, shuffled):
        assert fresh.host(fresh.command, "export-tar", fresh("import-tar", input=other)).out == written


def test_a_built_image_is_the_same_elsewhere(plash, fresh, busybox):
    script = ("rm /bin/ls; mkdir /d; echo a >/d/f; ln /d/f /d/g; truncate -s 10000000 /d/hole; dd if=/dev/zero of=/d/zeros "
              "bs=4096 count=9; chown 3:4 /d/f; chmod 4755 /d/f; ln -s x /d/l; touch -d '2001-02-03 04:05:06' /d")
    id = plash("build", "--from", busybox, "--run", script)
    written = plash.host(plash.command, "export-tar", id).out
    assert fresh.host(fresh.command, "export-tar", fresh("import-tar", input=written)).out == written
