"""A mirror of Debian packages on loopback, made of an installed Debian: no network is needed to install from it."""

import hashlib
import io
import re
import tarfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

SCRIPTS = ["preinst", "postinst", "prerm", "postrm", "triggers", "shlibs", "symbols", "templates", "config"]


class Package:
    """A .deb in the making."""

    def __init__(self, control):
        self.control, self.files, self.scripts = control, [], []

    def add(self, name, content=b"", type=tarfile.REGTYPE, **fields):
        entry = tarfile.TarInfo("./" + name)
        entry.type, entry.size, entry.mode = type, len(content), 0o755 if type == tarfile.DIRTYPE else 0o644
        for field, value in fields.items():
            setattr(entry, field, value)
        self.files.append((entry, content))
        return self

    def script(self, name, content, mode=0o755):
        entry = tarfile.TarInfo("./" + name)
        entry.size, entry.mode = len(content), mode
        self.scripts.append((entry, content))
        return self

    def bytes(self):
        control = Package("").script("control", self.control.encode(), 0o644).scripts + self.scripts
        return archive([("debian-binary", b"2.0\n"), ("control.tar", tar(control)), ("data.tar", tar(self.files))])


def tar(entries):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.GNU_FORMAT) as output:
        for entry, content in entries:
            output.addfile(entry, io.BytesIO(content) if entry.isreg() else None)
    return data.getvalue()


def archive(members):
    """The format of ar(1)."""
    data = b"!<arch>\n"
    for name, content in members:
        data += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode() + content
        data += b"\n" * (len(content) % 2)
    return data


class Mirror:
    """Packages in a folder, served while it is open: apt's `address`, not signed."""

    def __init__(self, folder):
        self.folder, self.index = folder, []
        (folder / "pool").mkdir(parents=True)

    def add(self, package):
        name = re.search(r"^Package: (\S+)$", package.control, re.MULTILINE)[1]
        content, path = package.bytes(), f"pool/{name}.deb"
        (self.folder / path).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        self.index.append(f"{package.control}Filename: {path}\nSize: {len(content)}\nSHA256: {digest}\n")

    def add_installed(self, root):
        """All packages of the Debian in the tar archive `root`, packed again."""
        with tarfile.open(root) as source:
            files = {member.name.lstrip("./"): member for member in source}
            read = lambda path: source.extractfile(files[path]).read()
            for control in read("var/lib/dpkg/status").decode().strip().split("\n\n"):
                self.add(repacked(control + "\n", files, read))

    def __enter__(self):
        for architecture in ("amd64", "arm64"):
            lists = self.folder / f"dists/test/main/binary-{architecture}"
            lists.mkdir(parents=True)
            (lists / "Packages").write_text("\n".join(self.index))
        digest, size = hashlib.sha256("\n".join(self.index).encode()).hexdigest(), (lists / "Packages").stat().st_size
        sums = "".join(f" {digest} {size} main/binary-{name}/Packages\n" for name in ("amd64", "arm64"))
        (self.folder / "dists/test/Release").write_text(
            f"Suite: test\nCodename: test\nArchitectures: amd64 arm64\nComponents: main\n"
            f"Date: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n{sums}")
        handler = partial(QuietHandler, directory=str(self.folder))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"deb [trusted=yes] http://127.0.0.1:{self.server.server_address[1]}/ test main"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def repacked(control, files, read):
    """An installed package; what Debian's lists of packages say about apt is not in its own control file."""
    field = lambda name: re.search(rf"^{name}: (.*)$", control, re.MULTILINE)[1]
    name = field("Package")
    info = f"var/lib/dpkg/info/{name}"
    if info + ".list" not in files:
        info += ":" + field("Architecture")
    kept = re.sub(r"^(Status|Conffiles):.*\n(?: .*\n)*", "", control, flags=re.MULTILINE)
    package = Package(re.sub("^Priority: .*$", "Priority: required", kept, flags=re.MULTILINE) if name == "apt" else kept)
    for script in SCRIPTS:
        if member := files.get(f"{info}.{script}"):
            package.script(script, read(f"{info}.{script}"), member.mode)
    for path in read(info + ".list").decode().splitlines():
        path = path.removeprefix("/.").lstrip("/")
        member = files.get(path) or files.get("usr/" + path)
        if path and member:
            add_member(package, path, member, files, read)
    return package


def add_member(package, path, member, files, read):
    fields = {name: getattr(member, name) for name in ("mode", "uid", "gid", "mtime")}
    if member.issym() and not path.count("/") and path.startswith(("bin", "sbin", "lib")):
        package.add(path, type=tarfile.DIRTYPE)  # merged with /usr since
    elif member.isreg() or member.islnk():
        package.add(path, read(member.linkname.lstrip("./") if member.islnk() else member.name.lstrip("./")), **fields)
    else:
        package.add(path, type=member.type, linkname=member.linkname, **fields)


POSTINST = b"""#!/bin/sh
set -e
adduser --quiet --system --group --no-create-home --home /var/lib/moo moo
useradd --system --user-group other
install -d -o moo -g moo -m 2750 /var/lib/moo
touch /var/lib/moo/mail
chown -R moo:moo /var/lib/moo
chown moo:mail /var/lib/moo/mail
chgrp moo /usr/bin/moo
chmod 2755 /usr/bin/moo
dpkg-statoverride --update --add moo moo 4750 /usr/bin/moo-helper
setpriv --reuid moo --regid moo --init-groups true
runuser -u moo -- touch /var/lib/moo/own
mknod /var/lib/moo/null c 1 3
"""


def service_package():
    """A package with files and a service user of its own."""
    package = Package("Package: moo\nVersion: 1\nArchitecture: all\nMaintainer: x <x@y.z>\nDepends: adduser\nDescription: moo\n")
    for folder in ("usr", "usr/bin"):
        package.add(folder, type=tarfile.DIRTYPE)
    package.add("usr/bin/moo", b"#!/bin/sh\necho moo $1\n", mode=0o2755, uid=5, gid=60)
    package.add("usr/bin/moo-helper", b"helper", mode=0o755, uid=70000, gid=5)
    return package.script("postinst", POSTINST)
