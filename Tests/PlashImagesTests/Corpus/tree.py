#!/usr/bin/env python3
"""Makes a tree of files of all kinds for exchange with other programs: tree.py DIR FEATURE...

Without features it has what every tar since 1988 can say. Features: names (long ones), encodings (names not in UTF-8), ids (large ones), times
(parts of seconds), holes, attributes (with capabilities), fifo."""

import os
import sys


def write(path, content=b"", mode=0o644):
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)


def plain():
    os.makedirs("dir/sub")
    os.mkdir("empty")
    write("dir/file", b"hello\n")
    write("dir/nothing", mode=0o001)
    write("dir/random", os.urandom(300_000), mode=0o6755)
    write("dir/block", b"b" * 512)
    write("dir/more", b"b" * 513, mode=0)
    os.link("dir/file", "dir/sub/same")
    os.symlink("../dir/file", "dir/sub/link")
    os.symlink("/nowhere", "broken")
    os.chown("dir/file", 12, 34)
    os.lchown("broken", 5, 6)
    os.chown("empty", 7, 8)
    os.chmod("empty", 0o3777)
    os.chmod("dir/sub", 0o500)


def names():
    long = "n" * 200
    os.makedirs(f"{long}/{long}")
    write(f"{long}/{long}/{long}", b"x")
    os.symlink(long + long + long, "far")
    os.link(f"{long}/{long}/{long}", f"{long}/near")
    write("grün\n neu", b"a")
    for length in (99, 100, 101):
        write("k" * length)
        os.symlink("t" * length, "l" * (length - 1))


def encodings():
    write(b"caf\xe9", b"a")
    os.symlink(b"caf\xe9", b"\xff")


def ids():
    write("large")
    os.chown("large", 60_000, 65_000)


def holes():
    for name, size, places in (("holes", 3_000_000, [1_500_000]), ("hole", 100_000, []), ("ends", 2_000_000, [0, 1_999_990]),
                               ("many", 40_000_000, range(0, 40_000_000, 400_000))):
        write(name)
        os.truncate(name, size)
        with open(name, "r+b") as file:
            for place in places:
                file.seek(place)
                file.write(b"data")


def attributes():
    write("capable", b"program", 0o755)
    os.setxattr("capable", "security.capability", bytes.fromhex("0100000200200000000000000000000000000000"))
    os.setxattr("capable", "user.kept", b"a\0b\n=")
    os.setxattr("dir", "user.kept", b"of a directory")


def main(directory, *features):
    os.mkdir(directory)
    os.chdir(directory)
    os.umask(0)
    plain()
    for feature in features:
        {"names": names, "encodings": encodings, "ids": ids, "holes": holes, "attributes": attributes, "times": lambda: None,
         "fifo": lambda: os.mkfifo("fifo", 0o640)}[feature]()
    for folder, folders, files in os.walk(".", topdown=False):
        for path in [os.path.join(folder, name) for name in files] + [folder]:
            os.utime(path, ns=(0, 1_600_000_000_123_456_789 if "times" in features else 1_600_000_000_000_000_000),
                     follow_symlinks=False)
        for name in folders:
            if os.path.islink(path := os.path.join(folder, name)):
                os.utime(path, ns=(0, 1_600_000_000_000_000_000 + 123_456_789 * ("times" in features)), follow_symlinks=False)


main(*sys.argv[1:])
