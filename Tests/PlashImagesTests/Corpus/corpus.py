#!/usr/bin/env python3
"""Writes the archives that an import is tried with into the directory DIR: corpus.py DIR [OUTSIDE]

What comes of each is in expected.txt, what then lies in the image in contents.txt. The archives want to get into the folder
`victim` beside DIR: by its absolute path, and by OUTSIDE, the path from the image's root directory to it.
Every header is made byte by byte, so that it can say what no honest program writes.
"""

import bz2
import gzip
import io
import lzma
import os
import struct
import sys
import zlib

BLOCK = 512
END = bytes(2 * BLOCK)


def octal(value, width):
    return b"%0*o\0" % (width - 1, value)


def base256(value, width):
    return (value & ((1 << (8 * width)) - 1) | (1 << (8 * width - 1) if value >= 0 else 0)).to_bytes(width, "big")


def number12(value):
    return octal(value, 12) if value < 8 << 30 else base256(value, 12)


def pad(data):
    return data + bytes(-len(data) % BLOCK)


def header(name, type=b"0", size=0, mode=0o644, uid=0, gid=0, mtime=1700000000, link=b"", magic=b"ustar\00000",
           uname=b"", device=(0, 0), prefix=b"", tail=None, checksum=None):
    field = lambda value, width: value if isinstance(value, bytes) else octal(value, width)
    start = b"".join([
        name[:100].ljust(100, b"\0"), field(mode, 8), field(uid, 8), field(gid, 8), field(size, 12), field(mtime, 12)])
    end = b"".join([
        type, link[:100].ljust(100, b"\0"), magic, uname.ljust(32, b"\0"), bytes(32),
        octal(device[0], 8), octal(device[1], 8)])
    end += tail if tail is not None else prefix.ljust(155, b"\0") + bytes(12)
    total = sum(start) + sum(end) + 8 * 32 if checksum is None else checksum
    block = start + b"%06o\0 " % total + end
    assert len(block) == BLOCK, len(block)
    return block


def entry(name, data=b"", **fields):
    return header(name, size=fields.pop("size", len(data)), **fields) + pad(data)


def record(key, value):
    body = b" " + key + b"=" + value + b"\n"
    length = len(body) + 1
    while len(str(length)) + len(body) != length:
        length = len(str(length)) + len(body)
    return str(length).encode() + body


def pax(records, type=b"x"):
    return entry(b"PaxHeaders/0", b"".join(record(key, value) for key, value in records), type=type)


def long_name(name, type=b"L"):
    return entry(b"././@LongLink", name + b"\0", type=type, magic=b"ustar  \0")


def directory(name, mode=0o755, **fields):
    return entry(name, type=b"5", mode=mode, **fields)


def symlink(name, target, **fields):
    return entry(name, type=b"2", link=target, mode=0o777, **fields)


def hardlink(name, target):
    return entry(name, type=b"1", link=target)


def file(name, data=b"evil", **fields):
    return entry(name, data, **fields)


def capability(version):
    if version == 2:
        return struct.pack("<IIIII", 0x02000001, 1 << 13, 0, 0, 0)
    return struct.pack("<IIIIII", 0x03000001, 1 << 13, 0, 0, 0, 0)


def gnu_sparse(name, size, segments, data):
    maps = b"".join(number12(offset) + number12(length) for offset, length in segments).ljust(96, b"\0")
    tail = bytes(41) + maps + b"\0" + number12(size) + bytes(17)
    return header(name, type=b"S", size=len(data), magic=b"ustar  \0", tail=tail) + pad(data)


def bomb():
    out = io.BytesIO()
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    size = 512 << 20
    out.write(packer.compress(header(b"bomb", size=size)))
    chunk = bytes(1 << 20)
    for _ in range(size >> 20):
        out.write(packer.compress(chunk))
    out.write(packer.compress(END))
    out.write(packer.flush())
    return out.getvalue()


def xz_dictionary(size):
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    packed = bytearray(lzma.compress(file(b"f") + END, lzma.FORMAT_XZ, filters=filters))
    # The block header follows the 12 bytes of the stream header; its dictionary size is one byte: 2^(n/2+12) for even n.
    at = 12
    length = (packed[at] + 1) * 4
    place = packed.index(bytes([0x21, 0x01]), at, at + length) + 2
    packed[place] = 2 * (size.bit_length() - 1 - 12)
    packed[at + length - 4:at + length] = struct.pack("<I", zlib.crc32(bytes(packed[at:at + length - 4])))
    return bytes(packed)


def archives(victim, outside):
    """`victim`: the absolute path, without its slash, of a directory that no archive may touch; `outside`: another way there."""
    above = os.path.dirname(outside)
    yield "01-dotdot", file(outside + b"/x")
    yield "02-dotdot-inside", directory(b"a") + file(b"a/../" + outside + b"/x")
    yield "03-absolute", file(b"/" + victim + b"/x")
    yield "04-absolute-dotdot", file(b"/" + outside + b"/x")
    yield "05-symlink-absolute", symlink(b"a", b"/" + victim) + file(b"a/x")
    yield "06-symlink-relative", symlink(b"a", outside) + file(b"a/x")
    yield "07-symlink-chain", (directory(b"d") + symlink(b"d/c", b"../" + above) + symlink(b"d/b", b"c") + symlink(b"d/a", b"b")
                               + file(b"d/a/victim/x"))
    yield "08-symlink-then-file", symlink(b"f", b"/" + victim + b"/canary") + file(b"f")
    yield "09-hardlink-absolute", hardlink(b"f", b"/" + victim + b"/canary") + file(b"g")
    yield "10-hardlink-dotdot", hardlink(b"f", outside + b"/canary") + file(b"g")
    yield "11-hardlink-to-symlink", symlink(b"a", outside + b"/canary") + hardlink(b"b", b"a") + file(b"b")
    yield "12-hardlink-through-symlink", symlink(b"a", outside) + hardlink(b"b", b"a/canary") + file(b"b")
    yield "13-symlink-then-directory", symlink(b"a", outside) + directory(b"a", 0o777) + file(b"f")
    yield "14-directory-symlink-write", directory(b"a") + symlink(b"a", outside) + file(b"a/x")
    yield "15-root-symlink", symlink(b".", outside) + file(b"x")
    yield "16-root-mode-0", directory(b"./", 0) + file(b"f")
    yield "17-devices", (entry(b"b", type=b"4", device=(7, 0)) + entry(b"c", type=b"3", device=(1, 3))
                         + entry(b"p", type=b"6", mode=0o640) + file(b"f"))
    yield "18-whiteout-device", file(b"passwd") + entry(b"w", type=b"3", device=(0, 0))
    yield "19-whiteout-names", file(b"etc/.wh.passwd") + file(b"etc/.wh..wh..opq")
    yield "20-whiteout-names-odd", file(b".wh.") + file(b".wh..") + file(b".wh...")
    yield "21-setuid", file(b"f", mode=0o6755) + directory(b"d", 0o3777)
    yield "22-capability", pax([(b"SCHILY.xattr.security.capability", capability(2))]) + file(b"f", mode=0o755)
    yield "22b-capability-v3", pax([(b"SCHILY.xattr.security.capability", capability(3))]) + file(b"f", mode=0o755)
    yield "23-overlay-attributes", b"".join(
        pax([(b"SCHILY.xattr.user.overlay." + name, b"y")]) + (directory if name == b"opaque" else file)(name)
        for name in [b"opaque", b"redirect", b"whiteout", b"metacopy"]) + file(b"f")
    yield "24-trusted-overlay", pax([
        (b"SCHILY.xattr.trusted.overlay.opaque", b"y"), (b"SCHILY.xattr.user.overlay.overlay.opaque", b"y"),
        (b"SCHILY.xattr.trusted.overlay.overlay.opaque", b"y")]) + directory(b"d") + file(b"f")
    yield "25-security-attributes", pax([
        (b"SCHILY.xattr.security.selinux", b"system_u:object_r:bin_t:s0\0"), (b"SCHILY.xattr.security.ima", b"\3"),
        (b"RHT.security.selinux", b"x"), (b"SCHILY.xattr.system.posix_acl_access", b"x"),
        (b"SCHILY.acl.access", b"user::rwx,user:1:r--"), (b"SCHILY.xattr.user.kept", b"a\0b")]) + file(b"f")
    yield "26-duplicates", file(b"f", b"1") + file(b"F", b"2") + file(b"f", b"3")
    yield "27-type-change", file(b"a") + directory(b"a") + file(b"a/b") + file(b"a", b"last")
    yield "28-not-utf8", file(b"\xff\xfe") + pax([(b"path", b"caf\xe9")]) + file(b"x")
    yield "29-odd-names", b"".join(
        file(name) for name in
        [b"a\nb", b"\x1b]0;x\x07", b"-rf", b"--checkpoint-action=exec=sh", b" ", "\u202egpj".encode(), b"a\\b"])
    yield "30-name-255", pax([(b"path", b"n" * 255)]) + file(b"x")
    yield "30b-name-256", pax([(b"path", b"n" * 256)]) + file(b"x")
    yield "32-large-ids", pax([(b"uid", b"4294967294"), (b"gid", b"70000")]) + file(b"x")
    yield "33-uname-root", file(b"f", uid=1234, gid=1234, uname=b"root")
    yield "34-times", (pax([(b"mtime", b"-60000000000.5")]) + file(b"old") + file(b"new", mtime=base256(1 << 40, 12))
                       + pax([(b"mtime", b"1700000000.123456789")]) + file(b"exact"))
    yield "35-pax-path", pax([(b"path", outside + b"/x")]) + file(b"x")
    yield "35b-pax-linkpath", pax([(b"linkpath", outside + b"/canary")]) + hardlink(b"x", b"y")
    yield "36-global-path", pax([(b"path", outside + b"/x")], b"g") + file(b"x")
    yield "36b-global-size", pax([(b"size", b"1024")], b"g") + file(b"x")
    yield "36c-global-comment", pax([(b"comment", b"0123")], b"g") + file(b"x")
    yield "36d-global-attribute", pax([(b"SCHILY.xattr.user.a", b"x")], b"g") + file(b"x")
    yield "37-long-name", long_name(b"d/" * 60 + b"../" * 61 + outside + b"/x") + file(b"x", magic=b"ustar  \0")
    yield "38-sparse-1T", gnu_sparse(b"s", 1 << 40, [(0, 512), ((1 << 40) - 512, 512)], b"a" * 512 + b"z" * 512)
    yield "39-truncated", file(b"x", b"a" * 5000)[:3000]
    yield "40-checksum", file(b"a") + entry(b"x", b"data", checksum=1)
    yield "41-no-trailer", file(b"x")
    yield "42-garbage-after", file(b"x") + END + b"garbage" * 1000
    yield "43-second-archive", file(b"x") + END + file(outside + b"/x") + END
    yield "44-empty", b""
    yield "44b-empty-bzip2", bz2.compress(b"")
    yield "45-zeros", bytes(10240)
    yield "46-html", b"<!DOCTYPE html><html><body>404 Not Found</body></html>\n" * 40
    yield "47-size-max", header(b"x", size=base256((1 << 63) - 1, 12)) + bytes(512)
    yield "48-size-negative", header(b"x", size=base256(-1, 12)) + bytes(512)
    yield "49-gzip-bomb", bomb()
    yield "50-xz-dictionary", xz_dictionary(1 << 30)
    yield "51-entries", b"".join(file(b"%d/%d" % (n // 1000, n), b"") for n in range(5000))
    yield "52-symlink-loop", symlink(b"a", b"b") + symlink(b"b", b"a") + file(b"a/x")
    yield "53-mount-points", (symlink(b"etc", b"/" + victim) + file(b"proc") + symlink(b"dev", b"/dev")
                              + symlink(b"tmp", outside) + file(b"home"))
    yield "54-nul-in-path", pax([(b"path", b"a\0b")]) + file(b"x")
    yield "55-empty-name", entry(b"", b"x") + file(b"f")
    yield "55b-slash", directory(b"/") + file(b"f")
    yield "55c-dots", directory(b"./.././") + file(b"f")
    yield "56-hardlink-before", hardlink(b"b", b"a") + file(b"a")
    yield "57-hardlink-to-directory", directory(b"d") + hardlink(b"b", b"d") + file(b"a")
    yield "58-contiguous", file(b"f", type=b"7")
    yield "58b-type-Z", file(b"f") + file(b"z", type=b"Z")
    yield "58c-type-V", entry(b"label", type=b"V") + file(b"f")
    yield "59-store-link", symlink(b"_data/root", b"../../index/999") + file(b"../../index/999")
    # Beyond the table.
    yield "60-cpio", b"070701" + b"0" * 600
    yield "61-zip", b"PK\3\4" + bytes(600)
    yield "61b-squashfs", b"hsqs" + bytes(600)
    yield "62-nested-gzip", gzip.compress(gzip.compress(file(b"f") + END, mtime=0), mtime=0)
    yield "62b-nested-gzip-thrice", gzip.compress(gzip.compress(gzip.compress(file(b"f") + END, mtime=0), mtime=0), mtime=0)
    yield "62c-nested-bzip2", bz2.compress(bz2.compress(file(b"f") + END))
    yield "63-gzip-members", gzip.compress(file(b"f"), mtime=0) + gzip.compress(END, mtime=0)
    yield "64-gzip-garbage", gzip.compress(file(b"f") + END, mtime=0) + b"garbage"
    yield "65-gzip-cut", gzip.compress(file(b"f", os.urandom(9000)) + END, mtime=0)[:-200]
    # A byte of what is stored as it is: only the checksum tells.
    stored = gzip.compress(file(b"f", b"hello" * 1000) + END, compresslevel=0, mtime=0)
    yield "65b-gzip-damaged", stored.replace(b"hello", b"jello", 1)
    yield "65c-gzip-cut-checksum", stored[:-8]
    yield "66-xz-cut", lzma.compress(file(b"f", os.urandom(9000)) + END)[:-200]
    yield "67-bzip2-damaged", bytes(byte ^ (index == 4000) for index, byte in
                                    enumerate(bz2.compress(file(b"f", os.urandom(9000)) + END)))
    yield "68-pax-100MB", header(b"x", type=b"x", size=100 << 20) + bytes(4096)
    yield "69-hardlinks", file(b"f", b"shared") + b"".join(hardlink(b"l%d" % n, b"f") for n in range(2000))
    yield "70-sparse-overlap", gnu_sparse(b"s", 2000, [(0, 1000), (500, 1000)], b"a" * 2000)
    yield "71-prefix-dotdot", file(b"./victim/x", prefix=above)
    yield "72-hardlink-self", file(b"a", b"same") + hardlink(b"a", b"a")
    yield "73-parent-is-file", file(b"a") + file(b"a/b")
    yield "74-stale-link-walk", (directory(b"d") + file(b"d/f", b"1") + hardlink(b"x", b"d/f") + symlink(b"d", outside)
                                 + hardlink(b"y", b"d/canary"))
    yield "75-flags", pax([(b"SCHILY.fflags", b"immutable,append")]) + file(b"f")
    yield "76-solaris-acl", entry(b"acl", b"1000000", type=b"A") + file(b"f")
    yield "77-pax-cut-record", entry(b"x", b"99 path=a\n", type=b"x") + file(b"f")
    yield "78-sparse-1.0", pax([
        (b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"), (b"GNU.sparse.name", b"s"),
        (b"GNU.sparse.realsize", b"1000000")]) + entry(
            b"GNUSparseFile.0/s", pad(b"2\n0\n3\n999997\n3\n") + b"abcxyz")
    yield "79-sparse-0.1", pax([
        (b"GNU.sparse.size", b"1000000"), (b"GNU.sparse.numblocks", b"2"), (b"GNU.sparse.name", b"s"),
        (b"GNU.sparse.map", b"0,3,999997,3")]) + entry(b"GNUSparseFile.0/s", b"abcxyz")
    yield "80-deep", pax([(b"path", b"/".join([b"d"] * 300))]) + file(b"x")
    yield "81-attribute-twice", (pax([(b"SCHILY.xattr.user.a", b"first"), (b"SCHILY.xattr.user.a", b"last")]) + file(b"f"))
    yield "82-attributes-of-links", (file(b"f") + pax([(b"SCHILY.xattr.user.a", b"x")]) + symlink(b"l", b"f")
                                     + pax([(b"SCHILY.xattr.user.a", b"x")]) + entry(b"p", type=b"6"))
    yield "83-mode-of-link", file(b"f") + entry(b"l", type=b"2", link=b"f", mode=0o644)
    yield "84-link-to-device", (entry(b"dev/null", type=b"3", device=(1, 3)) + hardlink(b"dev/zero", b"dev/null") + file(b"f"))
    yield "85-one-attribute", pax([(b"SCHILY.xattr.security.ima", b"x")]) + file(b"f")
    yield "86-headers-without-end", b"".join(
        pax([(b"SCHILY.xattr.user.a%d" % n, b"v" * 60_000)]) for n in range(20)) + file(b"f")
    yield "87-folder-with-data", file(b"d/", b"data") + file(b"d/f")
    # Behind star's shorter prefix are two more times.
    yield "88-star", file(b"f", tail=b"folder/" + b"p" * 124 + number12(1700000000) * 2 + bytes(8) + b"tar\0")
    yield "89-named-as-bzip2", file(b"BZh91AY&SY")
    yield "89b-named-as-lzma", file(b"]")


WHOLE = {"39-truncated", "41-no-trailer", "44-empty", "44b-empty-bzip2", "45-zeros", "46-html", "47-size-max", "48-size-negative",
         "49-gzip-bomb", "50-xz-dictionary", "42-garbage-after", "43-second-archive", "60-cpio", "61-zip",
         "61b-squashfs", "62-nested-gzip", "62b-nested-gzip-thrice", "62c-nested-bzip2", "63-gzip-members",
         "64-gzip-garbage", "65-gzip-cut",
         "65b-gzip-damaged", "65c-gzip-cut-checksum", "66-xz-cut", "67-bzip2-damaged"}


def main(directory, outside="../victim"):
    os.makedirs(directory, exist_ok=True)
    victim = os.path.join(os.path.dirname(os.path.abspath(directory)), "victim").lstrip("/").encode()
    for name, content in archives(victim, os.fsencode(outside)):
        with open(os.path.join(directory, name), "wb") as out:
            out.write(content if name in WHOLE else content + END)


main(*sys.argv[1:])
