import os
import signal
import subprocess
from pathlib import Path

import pytest

pytest.register_assert_rewrite("harness")
from harness import CHECKOUT, Account, Plash, Scratch, accounts, adopt_orphans, impossible
from sources import ImageServer, Signer, Site

CACHE = Path(os.environ.get("PLASH_TEST_CACHE", "/var/tmp/plash-test-cache"))


# Whoever starts the tests in the background, or with nohup, ignores some of these, and plash would inherit that.
for number in (signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGTSTP):
    signal.signal(number, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)

adopt_orphans()


@pytest.fixture(autouse=True)
def host_stays_as_it_is():
    """Some tests run as root: none may change what containers see of the host. It is looked at, never repaired: whatever
    else changes it meanwhile may be somebody's wish."""
    resolver = Path("/etc/resolv.conf")
    before = resolver.read_bytes() if resolver.exists() else None
    yield
    assert (resolver.read_bytes() if resolver.exists() else None) == before


@pytest.fixture(scope="session")
def stage():
    """The release as it is installed, where everybody can read it."""
    scratch = Scratch("/var/tmp", "plash-cli.")
    install = ["make", "-s", "-C", str(CHECKOUT), "install-files", f"DESTDIR={scratch.path}", "PREFIX="]
    subprocess.run(install, check=True)
    yield scratch.path
    scratch.remove()


@pytest.fixture(scope="session", params=["root", "user"])
def account(request):
    """Each test of containers runs as root and as an ordinary user."""
    if request.param == "root" and os.geteuid() != 0:
        impossible("not root: what root sees cannot be tested")
    return Account(accounts()[request.param])


@pytest.fixture
def user_only():
    """For what differs for root, by the nature of the thing: such tests are not there for root."""


def pytest_collection_modifyitems(config, items):
    def is_for(item):
        account = item.callspec.params.get("account") if hasattr(item, "callspec") else None
        return not ("user_only" in item.fixturenames and account == "root")

    config.hook.pytest_deselected(items=[item for item in items if not is_for(item)])
    items[:] = [item for item in items if is_for(item)]


@pytest.fixture(scope="session")
def shared_store(stage, account):
    folder = stage / f"home-of-{account.name}"
    folder.mkdir()
    account.owns(folder)
    return Plash(stage, account, folder / "data")


@pytest.fixture
def plash(shared_store):
    """plash with the store that the tests of an account share. After each test nothing of it may be left."""
    yield shared_store
    shared_store.finish()


@pytest.fixture
def fresh(shared_store, work):
    """plash with an empty store of the test's own."""
    plash = shared_store.on(shared_store.data.parent / f"data-of-{work.name}")
    yield plash
    plash.finish()


@pytest.fixture(scope="session")
def busybox(shared_store):
    """The id of a small base image."""
    return shared_store("build", "--from-busybox")


@pytest.fixture(scope="session")
def debian_archive(stage, tmp_path_factory):
    """A Debian made by plash as the ordinary user, kept between test runs."""
    archive = CACHE / "debian-bookworm.tar"
    if not archive.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        user = Account(accounts()["user"])
        home = stage / "home-of-debian"
        home.mkdir()
        plash = Plash(stage, user, user.owns(home) / "data")
        id = plash("build", "--from-debian", "bookworm", timeout=600)
        unfinished = archive.with_suffix(".part")
        with open(unfinished, "wb") as output:
            pack = [plash.command, "run", id, "tar", "-C", "/", "--one-file-system", "-c", "."]
            assert plash.start(pack, stdout=output).wait() == 0
        unfinished.rename(archive)
    return archive


@pytest.fixture(scope="session")
def debian(shared_store, debian_archive):
    """The id of a Debian, which `--from-debian bookworm` gives too."""
    id = shared_store("import-tar", str(debian_archive))
    shared_store("map", "debian:bookworm", id)
    return id


@pytest.fixture(scope="session")
def debian_bash(shared_store, debian):
    """A Debian whose /bin/sh is bash."""
    return shared_store("build", "--from", debian, "--run", "ln -sf bash /bin/sh")


@pytest.fixture(params=["busybox", "debian", "debian_bash"])
def shell_image(request):
    """Images whose /bin/sh is busybox's ash, dash, bash."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def work(account):
    """A folder of the account's below /tmp, which runs see."""
    scratch = Scratch("/tmp", "plash-test-")
    account.owns(scratch.path)
    yield scratch.path
    scratch.remove()


@pytest.fixture
def site():
    """A web server on loopback."""
    with Site() as site:
        yield site


@pytest.fixture(scope="session")
def signer(stage):
    """A key whose signatures count where PLASH_LXC_KEY or PLASH_URL_KEY names it."""
    folder = stage / "signer"
    folder.mkdir()
    return Signer(folder)


@pytest.fixture
def image_server(signer):
    """A server like images.linuxcontainers.org."""
    with ImageServer(signer) as server:
        yield server
