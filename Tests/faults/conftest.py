import shutil

import pytest
from harness import CHECKOUT, Scratch
from wreck import Wreck

from harness import Plash

BUILT = CHECKOUT / ".build/debug"


@pytest.fixture(scope="session")
def test_stage():
    """The test build as it would be installed: it has the places where `PLASH_TEST_STOP_AT` stops it."""
    scratch = Scratch("/var/tmp", "plash-faults.")
    for name, folder in (("plash", "bin"), ("plash-exec", "bin"), ("plash-import", "libexec/plash")):
        assert (BUILT / name).exists(), "`make test-build` makes the build for tests"
        (scratch.path / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(BUILT / name, scratch.path / folder)
    yield scratch.path
    scratch.remove()


@pytest.fixture
def wreck(fresh, user_only):
    """A store with some images, of an ordinary user, to which something is done."""
    wreck = Wreck(fresh)
    yield wreck
    wreck.plash.finish()


@pytest.fixture
def stopping(wreck, test_stage):
    """The same store, used by the test build."""
    return Plash(test_stage, wreck.plash.account, wreck.plash.data)
