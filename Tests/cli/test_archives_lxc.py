"""An independent reader of the mirror that the tests make: lxc's own template installs from it, and what it installs is what
plash imports."""

import os
import shutil
import ssl
import subprocess
import threading
from functools import partial
from http.server import ThreadingHTTPServer

import pytest
from archives import CORPUS
from conftest import impossible
from harness import Scratch
from mirror import QuietHandler

TEMPLATE = "/usr/share/lxc/templates/lxc-download"
NAME = {"--dist": "debian", "--release": "trixie", "--variant": "default"}


@pytest.fixture
def server(work):
    """The mirror's address without its scheme, and the folder with its key and its certificate."""
    subprocess.run(["sh", CORPUS / "mirror.sh"], cwd=work, check=True)
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "both", "-out", "ca", "-days", "2",
                   "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(certificate, cwd=work, check=True, capture_output=True)
    with open(work / "both", "a") as both:
        both.write((work / "ca").read_text())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(work / "mirror")))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(work / "both")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def install(plash, server, work):
    """The folder that the template fills, as root of the ids that plash maps."""
    place = work / "lxc"
    for folder in (place, place / "rootfs"):
        folder.mkdir()
        plash.account.owns(folder)
    (place / "config").touch()
    plash.account.owns(place / "config")
    (work / "wgetrc").write_text(f"ca_certificate = {work}/ca\n")
    arch = subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()
    words = [word for pair in NAME.items() for word in pair] + ["--arch", arch, "--server", server]
    words += ["--name", "x", "--path", str(place), "--rootfs", f"{place}/rootfs", "--mapped-uid", "0", "--mapped-gid", "0"]
    environment = {"WGETRC": f"{work}/wgetrc", "LXC_CACHE_PATH": f"{place}/cache"}
    result = plash.try_("sudo", TEMPLATE, *words, env=environment)
    assert result.status == 0, result
    return place / "rootfs"


def listing(plash, folder):
    """Everything but /dev, which the template fills in part."""
    result = plash.try_("sudo", "sh", "-c", f"cd {folder}; python3 {CORPUS}/list.py | sort")
    assert result.status == 0, result
    return [line for line in result.text.splitlines() if not line.startswith(("b'./dev", "b'./.'"))]


def test_what_lxc_installs_is_what_is_imported(plash, server, work):
    if not os.path.exists(TEMPLATE) or not shutil.which("wget"):
        impossible("lxc's template is not there: package liblxc-common")
    settings = {"PLASH_LXC_MIRROR": f"https://{server}", "PLASH_LXC_KEY": f"{work}/mirror.key", "PLASH_CA_BUNDLE": f"{work}/ca"}
    id = plash("import-lxc", "debian:trixie", env=settings)
    installed = listing(plash, install(plash, server, work))
    assert len(installed) > 2 and installed == listing(plash, plash.files(id))
