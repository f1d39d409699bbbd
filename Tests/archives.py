"""Archives as the tests of imports and exports see them."""

import contextlib
import hashlib
import io
import tarfile
import threading
from functools import partial
from http.server import ThreadingHTTPServer

from harness import CHECKOUT, Account
from mirror import QuietHandler

CORPUS = CHECKOUT / "Tests/PlashImagesTests/Corpus"


class Single(Account):
    """A user whom neither /etc/passwd nor /etc/subuid knows."""

    def __init__(self, home="/nonexistent"):
        self.uid = self.gid = 54322
        self.name, self.home, self.is_root = "54322", str(home), False


@contextlib.contextmanager
def served(folder):
    """The address of a server on loopback that has the files of the folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def facts(archive):
    """A line for everything in a tar archive: name, mode, owner, time, kind, what it consists of; a single one if there is much."""
    with tarfile.open(fileobj=io.BytesIO(archive), errors="surrogateescape") as tar:
        lines = [fact(tar, entry) for entry in tar]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    return lines if len(lines) < 30 else [f"{len(lines)} entries {digest}"]


def fact(tar, entry):
    attributes = sorted(key[13:] + "=" + value.encode(errors="surrogateescape").hex()
                        for key, value in entry.pax_headers.items() if key.startswith("SCHILY.xattr."))
    time = entry.pax_headers.get("mtime", str(int(entry.mtime)))
    return " ".join([shown(entry.name), f"{entry.mode:04o}", f"{entry.uid}:{entry.gid}", time,
                     substance(tar, entry), *attributes])


def substance(tar, entry):
    kinds = {tarfile.DIRTYPE: "directory", tarfile.FIFOTYPE: "fifo", tarfile.CHRTYPE: "device", tarfile.BLKTYPE: "device"}
    if entry.issym() or entry.islnk():
        return ("-> " if entry.issym() else "== ") + shown(entry.linkname)
    if not entry.isreg():
        return kinds[entry.type]
    content = tar.extractfile(entry).read()
    small = len(content) < 20
    return f"{len(content)} " + (content.hex() if small else hashlib.sha256(content).hexdigest()[:16])


def shown(name):
    """On one line, without blanks."""
    return "".join(chr(byte) if 0x20 < byte < 0x7F else f"%{byte:02x}" for byte in name.encode(errors="surrogateescape"))


def contents():
    """The lines of contents.txt, by archive."""
    table, name = {}, None
    for line in (CORPUS / "contents.txt").read_text().splitlines():
        if line.startswith("  "):
            table[name].append(line[2:])
        elif line and not line.startswith("#"):
            name = line
            table[name] = []
    return table
