#!/usr/bin/env python3
"""House style as a test: prints file:line of each violation, exits 1 when there is one."""
import pathlib
import re
import subprocess
import sys

CORE = {"base", "fsx", "wal", "pack", "btree", "pages", "store", "sqlite"}
# Core rules bind what is compiled for wasm32; these are the native halves of ports.
NATIVE = {"src/fsx/posix_disk.cc", "src/fsx/local_ownership.cc", "src/base/sync.h"}
FORBIDDEN = re.compile(r"#include <(iostream|regex|format|thread|mutex|condition_variable|future)>")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
TEST = re.compile(r"\bTEST(?:_F|_P)?\((\w+), (\w+)\)")
LINES_MAX = 400
# Files that are one thing and longer; the number may only go down.
LONGER = {"src/pages/page_tree_test.cc": 406}


def files():
    out = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True).stdout
    return [name for name in out.splitlines() if pathlib.Path(name).is_file()]


def check_source(name, report):
    text = pathlib.Path(name).read_text(encoding="utf-8")
    lines = text.splitlines()
    limit = LONGER.get(name, LINES_MAX)
    if len(lines) > limit:
        report(name, len(lines), f"{len(lines)} lines, more than {limit}")
    module = name.split("/")[1] if name.startswith("src/") else ""
    is_test = re.search(r"_(test|bench|fuzz)\.cc$", name) or not name.startswith("src/")
    for number, line in enumerate(lines, 1):
        if len(line) > 100:
            report(name, number, f"{len(line)} columns, more than 100")
        if "\t" in line:
            report(name, number, "a tab")
        if UNFINISHED.search(line):
            report(name, number, "unfinished work")
        if module in CORE and not is_test and name not in NATIVE:
            if FORBIDDEN.search(line):
                report(name, number, "an include that core modules must not have")
            if re.search(r"\b(throw|try|dynamic_cast|typeid)\b *[({]", line) or " throw " in line:
                report(name, number, "exceptions and run-time types are not for core modules")
        found = TEST.search(line)
        if found and found.group(2).count("_") < 2:
            report(name, number, f"test name {found.group(2)} is not a sentence")


def main():
    violations = []
    report = lambda name, number, what: violations.append(f"{name}:{number}: {what}")
    names = files()
    for name in names:
        if re.match(r"(src|include|apps|tests|bench|fuzz|examples)/.*\.(h|cc)$", name):
            check_source(name, report)
    for module in sorted({name.split("/")[1] for name in names if name.startswith("src/")}):
        readme = pathlib.Path("src", module, "README.md")
        if not readme.is_file():
            report(str(readme), 1, "is missing")
        elif len(readme.read_text().splitlines()) > 40:
            report(str(readme), 41, "more than 40 lines")
    print("\n".join(violations) if violations else f"tidy: {len(names)} files, no violation")
    return 1 if violations else 0


sys.exit(main())
