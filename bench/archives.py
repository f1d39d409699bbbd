"""What the benchmarks of imports and exports share."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RELEASE = os.environ.get("PLASH_BIN", os.path.join(HERE, "..", ".build", "release"))
PROBE, PLASH = os.path.join(RELEASE, "image-probe"), os.path.join(RELEASE, "plash")


def namespace(script):
    """Shell text as root of a user namespace, if not as root anyway."""
    command = ["sh", "-ec", script]
    return command if os.getuid() == 0 else ["unshare", "--map-auto", "-Ur", *command]


def installed(commands):
    """Those whose program, named first, is there."""
    return {name: command for (name, program), command in commands.items() if shutil.which(program)}


@contextlib.contextmanager
def workplace():
    """A folder, and the archive that is named on the command line, else a minimal Debian in the folder. Afterwards the folder
    goes with all that is in it."""
    folder = tempfile.mkdtemp(prefix="plash-bench-", dir="/var/tmp")
    try:
        archive = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(folder, "debian.tar")
        if len(sys.argv) == 1:
            subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", "bookworm", archive], check=True)
        yield folder, archive
    finally:
        subprocess.run(namespace(f"chmod -R u+rwx {folder}; rm -rf {folder}"), check=False)
        shutil.rmtree(folder, ignore_errors=True)
