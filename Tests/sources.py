"""Where images come from, on loopback: web servers that count and can misbehave, a proxy, a signed image server."""

import base64
import hashlib
import http.server
import io
import lzma
import ssl
import subprocess
import tarfile
import threading
import time
import urllib.request
from pathlib import Path

ARCHITECTURE = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()


class Page:
    """What a path of a server answers."""

    def __init__(self, body=b"", status=200, headers=(), tag=None, pace=None, stop=None, password=None, sized=True):
        self.body, self.status, self.headers, self.tag = body, status, list(headers), tag
        self.pace = pace  # seconds for each 64 KiB
        self.stop = stop  # bytes after which the connection waits to be closed, the first time
        self.password = password
        self.sized = sized  # says how long the body is; else it ends with the connection


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        site = self.server.site
        path = self.path.split("?")[0].removeprefix(site.address)
        with site.lock:
            site.requests.append(path)
            site.headers.append(dict(self.headers))
        page = site.pages.get(path)
        if self.path.startswith("http://") and page is None:
            return self.fetch_for_somebody()
        if page is None:
            page = Page(b"<html>not here</html>", 404)
        if page.password:
            wanted = "Basic " + base64.b64encode(page.password).decode()
            if self.headers.get("Authorization") != wanted:
                page = Page(b"no", 401, [("WWW-Authenticate", 'Basic realm="x"')])
        self.answer(page)

    def answer(self, page):
        start, status = 0, page.status
        if page.tag and self.headers.get("Range") and self.headers.get("If-Range") == page.tag:
            start, status = int(self.headers["Range"][6:-1]), 206
        self.send_response(status)
        for name, value in page.headers:
            self.send_header(name, value)
        if page.tag:
            self.send_header("ETag", page.tag)
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{len(page.body) - 1}/{len(page.body)}")
        if page.sized:
            self.send_header("Content-Length", str(len(page.body) - start))
        else:
            self.send_header("Connection", "close")
        self.end_headers()
        self.send(page, start)

    def send(self, page, start):
        site, stop = self.server.site, page.stop
        page.stop = None
        try:
            for offset in range(start, len(page.body), 1 << 16):
                if stop is not None and offset >= stop:
                    site.stopped.set()
                    site.closing.wait(60)
                    self.close_connection = True
                    return
                self.wfile.write(page.body[offset:offset + (1 << 16)])
                if page.pace:
                    time.sleep(page.pace)
        except OSError:
            self.close_connection = True

    def fetch_for_somebody(self):
        """What a proxy does."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.path, timeout=20) as answer:
            self.answer(Page(answer.read()))


class Site:
    """A web server on loopback while it is open."""

    def __init__(self, certificate=None):
        self.pages, self.requests, self.headers, self.lock = {}, [], [], threading.Lock()
        self.stopped, self.closing, self.certificate = threading.Event(), threading.Event(), certificate

    def __enter__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads, self.server.site = True, self
        # Fifty at once are no attack here.
        self.server.socket.listen(128)
        self.port = self.server.server_address[1]
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.address = f"http{'s' if self.certificate else ''}://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def add(self, path, body=b"", **options):
        self.pages[path] = Page(body, **options)
        return self.address + path

    def count(self, path):
        return self.requests.count(path)


def certificate(folder):
    """A certificate for 127.0.0.1 that signs itself, with its key, in one file."""
    key, path = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", path, "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    both = folder / "server.pem"
    both.write_bytes(path.read_bytes() + key.read_bytes())
    path.chmod(0o644)
    return path, both


def root_archive(*files, size=0):
    """A root file system without programs, as a tar archive: `(name, content)` each. `size`: of a file that does not pack."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for name, content in [("etc/motd", b"hello\n"), *files] + ([("noise", noise(size))] if size else []):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return data.getvalue()


def noise(size):
    """Bytes that look random and are always the same."""
    return b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(size // 32 + 1))[:size]


class Signer:
    """A key of its own that signs files."""

    def __init__(self, folder, seconds=None):
        """`seconds`: after which the key expires."""
        self.home, self.key = folder / "gnupg", folder / "key.gpg"
        self.home.mkdir(mode=0o700)
        self.gpg("--quick-generate-key", "a mirror", "rsa2048", "sign", f"seconds={seconds}" if seconds else "none")
        self.key.write_bytes(self.gpg("--export"))
        self.key.chmod(0o644)

    def gpg(self, *words, content=b""):
        command = ["gpg", "--homedir", self.home, "--batch", "--quiet", "--no-tty", "--pinentry-mode", "loopback",
                   "--passphrase", "", *words]
        # No agent of gpg's may be left when a test ends; one that is just ending answers nobody.
        for attempt in range(5):
            result = subprocess.run(command, input=content, capture_output=True)
            subprocess.run(["gpgconf", "--homedir", self.home, "--kill", "all"], check=True, capture_output=True)
            if result.returncode == 0:
                return result.stdout
            time.sleep(0.1)
        raise AssertionError(result.stderr)

    def sign(self, content):
        return self.gpg("--armor", "--detach-sign", content=content)


class ImageServer(Site):
    """A server like images.linuxcontainers.org, signed by `signer`."""

    def __init__(self, signer):
        super().__init__()
        self.signer, self.lines, self.today = signer, [], time.strftime("%Y%m%d", time.gmtime())

    def add_image(self, distribution, release, *files, variant="default", clock="13:00", day=None, size=0):
        """Gives the path of its archive."""
        serial = f"{day or self.today}_{clock}"
        folder = f"/images/{distribution}/{release}/{ARCHITECTURE}/{variant}/{serial}/"
        archive = lzma.compress(root_archive(("etc/image", f"{distribution} {release} {clock}\n".encode()), *files, size=size))
        sums = f"{hashlib.sha256(archive).hexdigest()}  rootfs.tar.xz\n".encode()
        self.add(folder + "rootfs.tar.xz", archive, tag=f'"{hashlib.sha256(archive).hexdigest()}"')
        self.add_signed(folder + "SHA256SUMS", sums)
        name = f"{distribution};{release};{ARCHITECTURE};{variant};"
        self.lines = [line for line in self.lines if not line.startswith(name)] + [f"{name}{serial};{folder}"]
        self.publish()
        return folder + "rootfs.tar.xz"

    def add_signed(self, path, content):
        self.add(path, content)
        self.add(path + ".asc", self.signer.sign(content))

    def publish(self):
        self.add_signed("/meta/1.0/index-user", "".join(line + "\n" for line in self.lines).encode())

    def environment(self):
        return {"PLASH_LXC_MIRROR": self.address, "PLASH_LXC_KEY": str(self.signer.key)}
