#!/usr/bin/env python3
"""Damages the archives of a directory at random: mutate.py SEED COUNT FROM TO"""

import os
import random
import sys

NUMBERS = [b"../", b"\xff" * 12, b"77777777777\0", b"\x80" + b"\xff" * 11, b"9" * 20, b"\0" * 12, b"-1 "]
BYTES = [0, 0x20, 0x2F, 0x2E, 0x30, 0x37, 0x39, 0x80, 0xFF]


def mutate(archive):
    place = random.randrange(len(archive))
    kind = random.random()
    if kind < 0.5:
        archive[place] = random.choice(BYTES + [random.randrange(256)])
    elif kind < 0.7:
        archive[place:place + random.randint(1, 12)] = random.choice(NUMBERS)
    elif kind < 0.85:
        block = place // 512 * 512
        archive[block + 156:block + 157] = random.choice([b"x", b"g", b"S", b"1", b"2", b"5", b"L", b"K", b"0"])
    else:
        del archive[place:place + random.choice([1, 12, 512])]


def repair_checksums(archive):
    """Else hardly any damage would get past the first check."""
    for start in range(0, len(archive) - 511, 512):
        block = archive[start:start + 512]
        if block[257:262] == b"ustar":
            block[148:156] = b" " * 8
            archive[start + 148:start + 156] = b"%06o\0 " % sum(block)


def main(seed, count, source, target):
    random.seed(int(seed))
    paths = sorted(os.path.join(source, name) for name in os.listdir(source))
    archives = [open(path, "rb").read() for path in paths if os.path.getsize(path) < 20000]
    for number in range(int(count)):
        archive = bytearray(random.choice(archives))
        if random.random() < 0.3:
            archive += random.choice(archives)
        for _ in range(random.randint(1, 8)):
            if archive:
                mutate(archive)
        if random.random() < 0.8:
            repair_checksums(archive)
        with open(os.path.join(target, "%06d" % number), "wb") as file:
            file.write(archive)


main(*sys.argv[1:])
