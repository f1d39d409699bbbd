"""Root file systems made by hand, for what no honest distribution contains."""

import io
import tarfile

BUSYBOX = "/bin/busybox"
APPLETS = ["sh", "ls", "cat", "echo", "pwd", "touch", "mkdir", "rm", "id", "stat", "readlink", "mount", "sleep", "true"]


class Archive:
    """A tar archive that starts as a small root file system; what is added later wins."""

    def __init__(self):
        self.data = io.BytesIO()
        self.tar = tarfile.open(fileobj=self.data, mode="w", format=tarfile.PAX_FORMAT)
        for folder in (".", "bin", "etc"):
            self.folder(folder)
        with open(BUSYBOX, "rb") as busybox:
            self.file("bin/busybox", busybox.read(), mode=0o755)
        for applet in APPLETS:
            self.link(f"bin/{applet}", "busybox")
        self.file("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")

    def _add(self, name, type, content=b"", **fields):
        entry = tarfile.TarInfo(name)
        entry.type, entry.size = type, len(content)
        for field, value in fields.items():
            setattr(entry, field, value)
        self.tar.addfile(entry, io.BytesIO(content))
        return self

    def folder(self, name, mode=0o755, **fields):
        return self._add(name, tarfile.DIRTYPE, mode=mode, **fields)

    def file(self, name, content=b"", mode=0o644, **fields):
        return self._add(name, tarfile.REGTYPE, content, mode=mode, **fields)

    def link(self, name, target):
        return self._add(name, tarfile.SYMTYPE, linkname=target)

    def bytes(self):
        self.tar.close()
        return self.data.getvalue()

    def imported(self, plash):
        """The id of the image that it makes."""
        return plash("import-tar", input=self.bytes())
