"""The archives of Tests/PlashImagesTests/Corpus through the command line: as root, as an ordinary user, with a single id, each
from a file, a pipe and an address. What comes of each is in expected.txt, what then lies in the image in contents.txt."""

import io
import os
import random
import subprocess
import sys
import tarfile

import pytest
from archives import CORPUS, Single, contents, facts, served
from harness import CHECKOUT, Account, Plash, Scratch

LIMIT = 16 << 20


@pytest.fixture(scope="module", params=["root", "user", "single"])
def identity(request, stage):
    """plash, and as whom it is used."""
    import conftest

    if request.param != "user" and os.geteuid() != 0:
        conftest.impossible("takes root to be root, and to be somebody without subordinate ids")
    account = Single() if request.param == "single" else Account(conftest.accounts()[request.param])
    scratch = Scratch("/var/tmp", "plash-archives-")
    yield Plash(stage, account, account.owns(scratch.path) / "data"), request.param
    scratch.remove()


@pytest.fixture(scope="module")
def archives():
    """The folder of the archives; beside it lies the folder that they want to get into, open to everybody."""
    scratch = Scratch("/tmp", "plash-corpus-")
    outside = "../" * 12 + str(scratch.path)[1:] + "/victim"
    folder = scratch.path / "archives"
    subprocess.run([sys.executable, CORPUS / "corpus.py", folder, outside], check=True)
    victim = scratch.path / "victim"
    victim.mkdir()
    (victim / "canary").write_text("canary\n")
    (victim / "canary").chmod(0o666)
    victim.chmod(0o777)
    yield folder
    scratch.remove()


def expected(identity):
    """What comes of each archive, by its name."""
    results = {}
    for line in (CORPUS / "expected.txt").read_text().splitlines():
        if not line.startswith("#"):
            name, result, rest = line.split(" ", 2)
            name, _, whom = name.partition("@")
            if whom in ("", identity):
                rest = rest.replace("268435456 bytes when", f"{LIMIT} bytes when").replace("(0-65535)", "(0-")
                results[name] = (result, rest)
    return results


def state(victim):
    """Everything about the victim and its file but when they were read."""
    fields = ("st_mode", "st_uid", "st_gid", "st_nlink", "st_size", "st_mtime_ns", "st_ctime_ns")
    stats = [[getattr(os.stat(path), field) for field in fields] for path in (victim, victim / "canary")]
    return stats, os.listdir(victim), (victim / "canary").read_bytes()


def without_path(text, folder):
    """A message or a listing as it is in the tables: there the archives' folder is next to the image's."""
    absolute = str(folder.parent)[1:]
    return text.replace("../" * 12 + absolute, "..").replace(absolute, "VICTIM")


def check(result, name, expectation, folder):
    """What is wrong with how an import ended."""
    kind, rest = expectation
    errors = without_path(result.errors, folder)
    if kind == "ok":
        lines = [line for line in errors.splitlines() if not line.startswith("plash: ") or "left out" not in line]
        good = result.status == 0 and lines == [] and result.out.strip().isdigit()
        counts = [int(count) for count in rest.strip("[]").split(", ")]
        good = good and errors.count("\n") == (counts[1] > 0) + (counts[2] > 0)
    else:
        message = errors.removeprefix("plash error: ").removeprefix(without_path(f"{folder}/{name}: ", folder))
        same = message.startswith(rest) or "…" in message and message.partition("…")[0][:60] == rest[:60]
        good = result.status == 1 and result.out == b"" and errors.count("\n") == 1 and same and message != errors
    return [] if good else [f"{name}: {result}"]


def unfinished(plash):
    return [path for folder in ("tmp", "download") for path in (plash.data / folder).glob("*")]


@pytest.mark.parametrize("source", ["file", "pipe", "address"])
def test_every_archive(identity, archives, source):
    plash, whom = identity
    victim, table = archives.parent / "victim", expected(whom)
    before, wrong, images = state(victim), [], {}
    assert sorted(table) == sorted(os.listdir(archives))
    with served(archives) as address:
        words = {"file": ["import-tar", f"{archives}/%s"], "pipe": ["import-tar"], "address": ["import-url", f"{address}/%s"]}
        for name, expectation in table.items():
            command = [word.replace("%s", name) for word in words[source]]
            input = (archives / name).read_bytes() if source == "pipe" else b""
            result = plash.try_(*command, input=input, env={"PLASH_IMPORT_LIMIT": str(LIMIT)})
            wrong += check(result, name, expectation, archives)
            wrong += [f"{name}: left {path}" for path in unfinished(plash)]
            wrong += [] if state(victim) == before else [f"{name}: the victim has changed"]
            images.update({name: result.text.strip()} if result.status == 0 else {})
    assert wrong == [], "\n".join(wrong)
    assert plash("fsck", "--full") == ""
    plash.finish()
    if source == "file":
        look_inside(plash, whom, images, archives)
        run_each(plash, images, victim, before)


def look_inside(plash, whom, images, folder):
    """The images consist of what the table says."""
    table = contents()
    wrong = []
    for name, id in images.items():
        found = [without_path(line, folder) for line in facts(plash.host(plash.command, "export-tar", id).out)]
        wanted = table[name] if whom != "single" else [owned_by_root(line) for line in table[name]]
        wrong += [] if found == wanted else [f"{name}: " + "\n  ".join(["", *sorted(set(found) ^ set(wanted))])]
    assert wrong == [], "\n".join(wrong)


def owned_by_root(line):
    fields = line.split(" ")
    return line if fields[1] == "entries" else " ".join(["0:0" if index == 2 else field for index, field in enumerate(fields)])


def run_each(plash, images, victim, before):
    """Starting a program in them does not reach the victim either, whatever else comes of it."""
    for name, id in images.items():
        plash.try_("run", id, "/f")
        assert state(victim) == before, name
    plash.finish()


def test_a_limit_that_is_none(plash):
    for text in ("x", "12Q", "-1", "99999999T"):
        message = plash.error("import-tar", env={"PLASH_IMPORT_LIMIT": text})
        assert message == f"PLASH_IMPORT_LIMIT is `{text}`; a number of bytes is needed, as `64G`"


def test_a_limit_with_a_unit(plash, archives):
    archive = str(archives / "49-gzip-bomb")
    assert plash.error("import-tar", archive, env={"PLASH_IMPORT_LIMIT": "1M"}) == (
        f"{archive}: the archive has more than 1048576 bytes when unpacked, the limit of an import; PLASH_IMPORT_LIMIT sets another")


def test_what_is_left_out_is_told_in_words(plash, archives):
    for name, words in (("03-absolute", "1 name of the archive began with `/`, which was left out"),
                        ("24-trusted-overlay", "3 extended attributes of the archive were left out"),
                        ("85-one-attribute", "1 extended attribute of the archive was left out")):
        assert plash.try_("import-tar", str(archives / name)).errors == f"plash: {words}\n"


# In a small process: what it starts begins with its memory.
MEASURE = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""


def peak(plash, archive, status=0):
    """Kilobytes that an import took at its peak, which ends so."""
    result = plash.host("python3", "-c", MEASURE, plash.command, "import-tar", str(archive))
    assert result.status == status, result
    return int(result.out)


def packed(path, files, *packer):
    """A file of an archive of these names and contents."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    with open(path, "wb") as out:
        subprocess.run(packer or ["cat"], input=content.getvalue(), stdout=out, check=True)
    return path


def test_large_blocks_of_xz_take_no_more_memory(fresh, work, user_only):
    data = random.Random(1).randbytes(1 << 20) * 76
    archive = packed(work / "archive", [("f", data)], "xz", "-0", "-T2", "--block-size=24MiB")
    assert peak(fresh, archive) < 64 << 10


def test_what_is_packed_in_what_is_packed_takes_no_memory(fresh, work):
    """Each of them would fill a window of its own by the zeros behind it."""
    archive = packed(work / "archive", [("f", b"")])
    zeros = bytes.fromhex("5a2a4d18") + (130 << 20).to_bytes(4, "little") + bytes(130 << 20)
    for _ in range(3):
        subprocess.run(["zstd", "-q", "-f", "-1", "--long=27", archive, "-o", f"{archive}.zst"], check=True)
        archive.write_bytes((work / "archive.zst").read_bytes() + zeros)
    assert peak(fresh, archive, status=1) < 64 << 10


def test_a_file_takes_little_memory(fresh, work, user_only):
    least = peak(fresh, packed(work / "one", [("f", b"")]))
    count = 50_000
    many = packed(work / "many", [(f"folder{n // 500}/file{n}", b"") for n in range(count)])
    assert peak(fresh, many) - least < count * 170 >> 10


def word(plash, image):
    return (plash.data / "data" / image / "root/etc/word").read_bytes()


@pytest.mark.parametrize("packer", [["gzip"], ["bzip2"], ["xz"], ["zstd", "-q"], ["lz4", "-q"]], ids=lambda words: words[0])
def test_what_is_packed_is_whole(fresh, work, packer):
    """Cut, or with a bit turned, it is refused: each of them has checksums."""
    archive = packed(work / "archive", [("f", random.Random(1).randbytes(3000))], *packer, "-c")
    whole = archive.read_bytes()
    cut = [whole[:-count] for count in (1, 2, 5, 9, 500)]
    damaged = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:] for at in range(20, len(whole) - 1, len(whole) // 12)]
    for content in cut + damaged:
        assert fresh.error("import-tar", input=content).startswith(("cannot unpack " + packer[0], "the archive is cut off", "not a tar"))
    empty = subprocess.run([*packer, "-c"], input=b"", capture_output=True, check=True).stdout
    assert fresh.error("import-tar", input=empty) == "not a tar archive: it is empty"


SKIPPABLE = bytes.fromhex("5a2a4d18 03000000") + b"xyz"


@pytest.mark.parametrize("packer", ["zstd", "lz4"])
def test_frames_to_be_skipped(fresh, work, packer):
    """Of no content, before what is packed: RFC 8878, 3.1.2."""
    archive = packed(work / "archive", [("etc/word", b"here\n")], packer, "-q", "-c")
    archive.write_bytes(SKIPPABLE * 2 + archive.read_bytes())
    assert word(fresh, fresh("import-tar", str(archive))) == b"here\n"
    with open(archive, "rb") as file:
        assert word(fresh, fresh("import-tar", input=file.read())) == b"here\n"
    archive.write_bytes(SKIPPABLE[:-1])
    assert fresh.error("import-tar", str(archive)) == f"{archive}: not a tar archive: it is empty"


def test_an_archive_packed_in_pieces(fresh, work):
    archive = packed(work / "archive", [("etc/word", os.urandom(3 << 20).hex().encode() + b"\n")])
    subprocess.run(["pzstd", "-q", "-p", "2", "-1", archive], check=True)
    assert len(word(fresh, fresh("import-tar", f"{archive}.zst"))) == (6 << 20) + 1


def test_a_window_that_takes_too_much_memory(fresh, work):
    archive = packed(work / "archive", [("f", b"")], "zstd", "-q", "-c", "--ultra", "--long=28")
    assert fresh.error("import-tar", str(archive)) == (
        f"{archive}: unpacking takes more than 134217728 bytes of memory, the limit of an import")
