#!/usr/bin/env python3
"""Copies a public key from standard input to standard output without what its signing subkeys sign their primary key
with (the embedded signature, subpacket 32, of their bindings). No other signature depends on that part."""

import sys


def length(data, at):
    """The length at an offset of subpackets, and where what it counts begins."""
    if data[at] < 192:
        return data[at], at + 1
    if data[at] < 255:
        return (data[at] - 192 << 8) + data[at + 1] + 192, at + 2
    return int.from_bytes(data[at + 1:at + 5], "big"), at + 5


def without_embedded(area):
    kept, at = b"", 0
    while at < len(area):
        size, start = length(area, at)
        kept += area[at:start + size] if area[start] & 0x7F != 32 else b""
        at = start + size
    return kept


def uncertified(body):
    hashed = 6 + int.from_bytes(body[4:6], "big")
    area = hashed + 2 + int.from_bytes(body[hashed:hashed + 2], "big")
    kept = without_embedded(body[hashed + 2:area])
    return body[:hashed] + len(kept).to_bytes(2, "big") + kept + body[area:]


key, at = sys.stdin.buffer.read(), 0
while at < len(key):
    tag, width = key[at] >> 2 & 15, 1 << (key[at] & 3)
    start = at + 1 + width
    at = start + int.from_bytes(key[at + 1:start], "big")
    body = uncertified(key[start:at]) if tag == 2 else key[start:at]
    sys.stdout.buffer.write(bytes([0x82 | tag << 2]) + len(body).to_bytes(4, "big") + body)
