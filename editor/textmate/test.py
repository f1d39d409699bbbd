#!/usr/bin/env python3
"""Runs the grammar over a sample with babi's engine (PyPI: babi) and compares the scopes. Needs no other grammar:
the scripts' own are stood in for by ones that only name themselves."""
import json, os, shutil, sys, tempfile

from babi.highlight import Grammars, highlight_line

SAMPLE = [
    ("#!/usr/bin/env plash-exec", "comment.line.shebang.plashfile"),
    ("--# comment", "comment.line.plashfile"),
    ("--from alpine", "keyword.other.macro.plashfile"),
    ("-A curl", "keyword.other.macro.plashfile"),
    ("--run", "keyword.other.macro.plashfile"),
    ("for i in 1; do echo hi; done", "source.shell"),
    ("--\\ -x", "constant.character.escape.plashfile"),
    ("--entrypoint-script", "keyword.other.macro.plashfile"),
    ("#!/usr/bin/env python3", "comment.line.shebang.plashfile"),
    ("import os", "source.python"),
    ("--layer", "keyword.other.macro.plashfile"),
    ("--write-file /a", "keyword.other.macro.plashfile"),
    ("--<<END", "punctuation.definition.block.plashfile"),
]

with tempfile.TemporaryDirectory() as folder:
    here = os.path.dirname(os.path.abspath(__file__))
    shutil.copy(os.path.join(here, "plashfile.tmLanguage.json"), os.path.join(folder, "source.plashfile.json"))
    for scope in ("source.shell", "source.python"):
        with open(os.path.join(folder, scope + ".json"), "w") as file:
            json.dump({"scopeName": scope, "patterns": [{"name": scope, "match": ".+"}]}, file)
    compiler = Grammars(folder).compiler_for_scope("source.plashfile")
    state, failures = compiler.root_state, []
    for number, (line, expected) in enumerate(SAMPLE):
        state, regions = highlight_line(compiler, state, line + "\n", first_line=number == 0)
        found = regions[0].scope
        if expected not in found:
            failures.append(f"{line!r} is {found}, not {expected}")

print("\n".join(failures) or "the grammar gives every line its scope")
sys.exit(bool(failures))
