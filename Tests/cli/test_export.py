"""An image as an archive on standard output."""

import io
import signal
import subprocess
import tarfile


def test_the_same_image_gives_the_same_archive(plash, busybox):
    archive = plash.host(plash.command, "export-tar", busybox).out
    assert plash.host(plash.command, "export-tar", busybox).out == archive
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        assert "bin/busybox" in {name.removeprefix("./") for name in tar.getnames()}


def test_a_reader_that_has_had_enough_is_no_error(plash, busybox):
    export = plash.start([plash.command, "export-tar", busybox], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    export.stdout.read(10)
    export.stdout.close()
    errors = export.stderr.read()
    assert (export.wait(), errors) == (-signal.SIGPIPE, b"")


def test_links_and_pipes_with_two_names_are_one_file(plash, busybox):
    id = plash("build", "--from", busybox, "--run", "ln -s nowhere /a; ln /a /b; mkfifo /p; ln /p /q")
    archive = plash.host(plash.command, "export-tar", id).out
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        kinds = {member.name.removeprefix("./"): (member.type, member.linkname) for member in tar}
    assert [kinds[name] for name in "abpq"] == [
        (tarfile.SYMTYPE, "nowhere"), (tarfile.LNKTYPE, "a"), (tarfile.FIFOTYPE, ""), (tarfile.LNKTYPE, "p")]
    again = plash("import-tar", input=archive)
    assert plash.host(plash.command, "export-tar", again).out == archive
