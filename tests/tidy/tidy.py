#!/usr/bin/env python3
"""House style as a test: prints file:line of each violation, exits 1 when there is one."""
import pathlib
import re
import sys

CORE = {"base", "fsx", "wal", "pack", "btree", "pages", "store", "sqlite"}
# Core rules bind what is compiled for wasm32; these are the native halves of ports.
NATIVE = {"src/fsx/posix_disk.cc", "src/fsx/local_ownership.cc", "src/base/sync.h"}
FORBIDDEN = re.compile(r"#include <(iostream|regex|format|thread|mutex|condition_variable|future)>")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
TEST = re.compile(r"\bTEST(?:_F|_P)?\((\w+), (\w+)\)")
SOURCE = re.compile(r"(src|include|apps|tests|bench|fuzz|examples)/.*\.(h|cc)$")
# Packages come through the machine's configured clients: scripts name no hosts.
SCRIPT = re.compile(r"(dev|\.ci/run|CMakeLists\.txt|.*\.(cmake|sh)|.*/CMakeLists\.txt)$")
NO_FUNCTION = re.compile(r"(namespace|class|struct|enum|union|extern|constexpr|static const)\b|.*=")
LINES_MAX = 400
FUNCTION_LINES_MAX = 70
# Files that are one thing and longer; the number may only go down.
LONGER = {"src/pages/page_tree_test.cc": 406, "src/iceberg/manifest.cc": 429}
LONGER_FUNCTIONS = {"src/duck/handles.cc": 79}  # a switch over DuckDB's types


def check_functions(name, lines, report):
    """Bodies that begin at the left margin, as clang-format puts them."""
    begin = None
    for number, line in enumerate(lines, 1):
        if line.endswith("{") and line[0] not in " }#/" and not NO_FUNCTION.match(line):
            begin = number
        elif line.startswith("}") and begin is not None:
            limit = LONGER_FUNCTIONS.get(name, FUNCTION_LINES_MAX)
            if number - begin + 1 > limit:
                report(name, begin, f"a function of {number - begin + 1} lines, more than {limit}")
            begin = None


def check_source(name, text, report):
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
    check_functions(name, lines, report)


def check_script(name, text, report):
    for number, line in enumerate(text.splitlines(), 1):
        if "://" in line:
            report(name, number, "a script that names a host")


def check_readme(name, text, report):
    if text is None:
        report(name, 1, "is missing")
    elif len(text.splitlines()) > 40:
        report(name, 41, "more than 40 lines")


def files():
    top = pathlib.Path(".")
    for path in sorted(top.rglob("*")):
        parts = path.parts
        if parts[0] in {"build", ".deps", ".git"} or not path.is_file():
            continue
        yield path.as_posix()


def main():
    violations = []
    report = lambda name, number, what: violations.append(f"{name}:{number}: {what}")
    names = list(files())
    for name in names:
        if SOURCE.match(name):
            check_source(name, pathlib.Path(name).read_text(encoding="utf-8"), report)
        elif SCRIPT.match(name):
            check_script(name, pathlib.Path(name).read_text(encoding="utf-8"), report)
    for module in sorted({name.split("/")[1] for name in names if name.startswith("src/")}):
        readme = pathlib.Path("src", module, "README.md")
        check_readme(str(readme), readme.read_text() if readme.is_file() else None, report)
    print("\n".join(violations) if violations else f"tidy: {len(names)} files, no violation")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
