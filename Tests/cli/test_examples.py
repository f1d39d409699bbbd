"""The examples, as their readers run them: each twice, the second time in silence."""

import socket
import time
import urllib.request

import pytest
from harness import CHECKOUT, eventually

EXAMPLES = CHECKOUT / "examples"


@pytest.fixture
def example(plash, work):
    """Runs an example as an executable; the second run must be the first without the building."""

    def run(name, *words, **options):
        file = work / name
        file.write_bytes((EXAMPLES / name).read_bytes())
        file.chmod(0o755)
        options.setdefault("cwd", work)
        first = plash.host(str(file), *words, timeout=600, **options)
        again = plash.host(str(file), *words, **options)
        assert (again.status, again.out) == (first.status, first.out), (first, again)
        return again

    return run


def test_every_example_has_a_test():
    tested = {"hello", "cowsay", "wordcount", "serve", "lint-shell"}
    assert {path.name for path in EXAMPLES.iterdir() if path.is_file() and path.suffix == ""} == tested


def test_hello(example):
    result = example("hello", "you")
    assert result.text.startswith("Hello, you!\n") and result.err == b""


def test_cowsay(example, debian):
    result = example("cowsay", "-T", "U ", "moo moo")
    assert "< moo moo >" in result.text and "^__^" in result.text and result.err == b""


def test_wordcount(example, work):
    result = example("wordcount", input=b"one two two three Three three\n", env={"TOP": "2"})
    assert (result.status, result.text, result.err) == (0, "3 three\n2 two\n", b"")
    (work / "a file").write_text("x y x\n")
    assert example("wordcount", "a file").text == "2 x\n1 y\n"


def test_lint_shell(example, debian, work):
    (work / "good.sh").write_text("#!/bin/sh\necho fine\n")
    (work / "bad.sh").write_text("#!/bin/sh\necho $1\n")
    assert example("lint-shell", "good.sh").status == 0
    result = example("lint-shell", "bad.sh")
    assert result.status == 1 and "SC2086" in result.text


def test_serve(plash, work):
    (work / "served").write_text("served\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    file = work / "serve"
    file.write_bytes((EXAMPLES / "serve").read_bytes())
    server = plash.start([plash.interpreter, str(file), str(port)], cwd=work)

    def answer():
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/served", timeout=1).read()
        except OSError:
            time.sleep(0.05)

    assert eventually(answer) == b"served\n"
    server.terminate()
    assert server.wait() == -15
