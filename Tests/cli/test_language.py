"""The language as it is typed: the same in every process, and back again through a printed script."""

PLASHFILE = """\
--defpm
brew
brew install {}
--brew a b
--apt git vim
--layer
--write-script /usr/bin/hi
#!/bin/sh
echo "it's me"
--import-env HOME:WHERE
--hint use-env TERM
--entrypoint /usr/bin/hi
"""


def test_expansion_is_the_same_in_every_process(plash):
    scripts = {plash.host(plash.command, "eval", input=PLASHFILE.encode()).out for _ in range(8)}
    assert len(scripts) == 1 and b"brew install a b" in scripts.pop()
    assert len({plash.host(plash.command, "help-macros").out for _ in range(8)}) == 1


def test_a_printed_script_builds_the_same_image(plash, busybox):
    macros = ["--from", busybox, "--run", "touch /a", "", "touch /b", "--layer", "--run", "cat <<END >/c", " x", "END", "--entrypoint", "/bin/ls"]
    image = plash("build", *macros)
    script = plash.host(plash.command, "eval", *macros).out
    assert plash("build", "--run-stdin", input=script) == image
