"""The manual pages, as they are installed."""

import re
import subprocess

import pytest


def lines_of(page):
    formatted = subprocess.run(["groff", "-ww", "-man", "-Tascii", "-P-cbou", page], check=True, capture_output=True)
    assert formatted.stderr == b""
    return formatted.stdout.decode().splitlines()


@pytest.mark.parametrize("name", ["plash", "plash-exec"])
def test_a_page_is_well_formed(stage, name):
    lines = lines_of(stage / f"share/man/man1/{name}.1")
    assert re.search(rf"^ +{name} +- ", "\n".join(lines), re.MULTILINE)
    assert not [line for line in lines if "@" in line and "$@" not in line]


def test_the_page_has_every_command(stage, plash):
    commands = re.findall(r"^  ([a-z-]+) ", plash("help"), re.MULTILINE)
    assert len(commands) > 30
    page = "\n".join(lines_of(stage / "share/man/man1/plash.1"))
    assert [name for name in commands if not re.search(rf"^       {name}( |$)", page, re.MULTILINE)] == []
