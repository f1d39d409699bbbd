"""Who may know whom, and what the start path is made of (docs/architecture.md, "Never" 1 and 3)."""

import re
import struct
import subprocess

import pytest
from harness import CHECKOUT

SOURCES = CHECKOUT / "Sources"
RELEASE = CHECKOUT / ".build/release"
START = ["plash", "plash-exec"]
COLD = ["curl_easy_init", "archive_read_new", "gpgme_new", "Foundation", "dispatch_async", "_Dispatch"]


def imports(module):
    """The modules that each file of a module imports."""
    pattern = re.compile(r"^\s*(?:@\w+\s+)*(?:(?:public|internal|private|fileprivate|package)\s+)?import\s+(?:\w+\s+)??(\w+)\s*$", re.MULTILINE)
    return {file: set(pattern.findall(file.read_text())) for file in (SOURCES / module).rglob("*.swift")}


def importers(module, name):
    return {file.name for file, names in imports(module).items() if name in names}


def test_the_pattern_sees_imports():
    assert importers("PlashDriver", "PlashLang") and importers("PlashRuntime", "CPlashShims")


def test_the_language_is_pure():
    """It imports libyaml, in one file, and nothing else: no file, no process, no clock."""
    assert set().union(*imports("PlashLang").values()) == {"CYAML"}
    assert importers("PlashLang", "CYAML") == {"YAMLDocument.swift"}


def test_language_and_runtime_do_not_know_each_other():
    assert set().union(*imports("PlashRuntime").values()) == {"CPlashShims", "Glibc"}
    package = (CHECKOUT / "Package.swift").read_text()
    for name, allowed in {"PlashLang": {"CYAML"}, "PlashRuntime": {"CPlashShims"}}.items():
        target = re.search(rf'\.target\(\s*name: "{name}", dependencies: \[([^\]]*)\]', package)
        assert set(re.findall(r'"(\w+)"', target[1])) == allowed


@pytest.mark.parametrize("module", ["PlashDriver", "PlashRuntime", "PlashLang", "plash", "plash-exec"])
def test_the_start_path_knows_no_cold_library(module):
    cold = {"Foundation", "FoundationEssentials", "Dispatch", "PlashImages", "CArchive", "CCurl", "CGPGME", "CLZMA", "CNettle"}
    for file, names in imports(module).items():
        assert not names & cold, file


def test_nothing_is_forced():
    """The linter sees most of it; this sees generated and excluded files too."""
    forced = re.compile(r"\btry!|\bas!|[\w\])]!(?=[.,;)\]\s]|$)")
    for file in SOURCES.rglob("*.swift"):
        code = re.sub(r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|//.*', '""', file.read_text())
        assert not forced.search(code), (file, forced.search(code))


def program_headers(file):
    data = file.read_bytes()
    assert data[:5] == b"\x7fELF\x02"
    (table,), (size, count) = struct.unpack_from("<Q", data, 32), struct.unpack_from("<HH", data, 54)
    return {struct.unpack_from("<I", data, table + size * index)[0] for index in range(count)}


PT_INTERP, PT_DYNAMIC = 3, 2


def test_the_headers_of_a_dynamic_program_are_seen():
    assert PT_INTERP in program_headers(RELEASE / "plash-import")


@pytest.mark.parametrize("name", START)
def test_the_start_path_is_static(name):
    assert not {PT_INTERP, PT_DYNAMIC} & program_headers(RELEASE / name)


@pytest.mark.parametrize("name", START)
def test_the_start_path_holds_no_cold_library(name):
    symbols = subprocess.run(["nm", RELEASE / name], check=True, capture_output=True, text=True).stdout
    assert "yaml_parser_parse" in symbols
    assert [symbol for symbol in COLD if symbol in symbols] == []


def test_the_helper_needs_no_swift_on_the_machine():
    listed = subprocess.run(["ldd", RELEASE / "plash-import"], check=True, capture_output=True, text=True).stdout
    assert "libswift" not in listed and "not found" not in listed
