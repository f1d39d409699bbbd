#!/usr/bin/env python3
"""Python's own tar: packs the current directory to standard output (pack.py USTAR, GNU or PAX), or unpacks standard input
there (pack.py unpack)."""

import sys
import tarfile

if sys.argv[1] == "unpack":
    with tarfile.open(fileobj=sys.stdin.buffer, mode="r|", errors="surrogateescape") as tar:
        tar.extractall(".", numeric_owner=True)
else:
    format = getattr(tarfile, sys.argv[1] + "_FORMAT")
    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=format, errors="surrogateescape") as tar:
        tar.add(".")
