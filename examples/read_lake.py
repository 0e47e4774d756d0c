#!/usr/bin/env python3
"""Reads DoSQL's Iceberg tables with DuckDB and with PyIceberg, straight from their metadata.json.

    dosql lake tables --json > tables.json
    python3 examples/read_lake.py tables.json

prints each table's rows as both engines count them. With --expect FOLDER it compares every row with
FOLDER/<table>.rows (a line of column names, then sorted rows), and exits with 1 where one differs.

Needs: pip install 'pyiceberg[pyarrow]' duckdb duckdb-extension-iceberg duckdb-extension-avro
"""
import argparse
import datetime
import importlib.util
import json
import pathlib
import signal
import sys

import duckdb
from pyiceberg.table import StaticTable


def connect_duckdb():
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    for name in ("avro", "iceberg"):
        package = pathlib.Path(importlib.util.find_spec(f"duckdb_extension_{name}").origin).parent
        (extension,) = package.rglob(f"{name}.duckdb_extension")
        connection.execute(f"LOAD '{extension}'")
    return connection


def read_by_duckdb(metadata):
    return connect_duckdb().sql(f"SELECT * FROM iceberg_scan('{metadata}')").to_arrow_table()


def read_by_pyiceberg(metadata):
    return StaticTable.from_metadata(metadata).scan().to_arrow()


ENGINES = {"DuckDB": read_by_duckdb, "PyIceberg": read_by_pyiceberg}
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def cell(value):
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return "%.17g" % value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") + (f".{value.microsecond:06d}" if value.microsecond else "")
    return str(value).translate(ESCAPES)


def lines_of(table, columns):
    columns = [[cell(value) for value in table.column(name).to_pylist()] for name in columns]
    return sorted(("\t".join(row) for row in zip(*columns)), key=str.encode)


def first_difference(expected, found):
    for wanted, got in zip(expected, found):
        if wanted != got:
            return f'"{got}" where it should be "{wanted}"'
    return f"{len(found)} rows where there should be {len(expected)}"


def main():
    parser = argparse.ArgumentParser(description="Reads DoSQL's Iceberg tables with DuckDB and PyIceberg.")
    parser.add_argument("tables", help="what `dosql lake tables --json` printed")
    parser.add_argument("--expect", metavar="FOLDER", help="compare with FOLDER/<table>.rows")
    arguments = parser.parse_args()
    wrong = 0
    for entry in json.loads(pathlib.Path(arguments.tables).read_text(encoding="utf-8")):
        name = entry["table"]
        expected = None
        if arguments.expect:
            file = pathlib.Path(arguments.expect) / (name.split(".", 1)[1] + ".rows")
            columns, *expected = file.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        for engine, read in ENGINES.items():
            table = read(entry["metadata_location"])
            verdict = ""
            if expected is not None:
                found = lines_of(table, columns.split("\t"))
                same = found == expected
                wrong += not same
                verdict = "  the same rows" if same else "  DIFFERS: " + first_difference(expected, found)
            print(f"{name:18} {engine:10} {table.num_rows:>8,} rows{verdict}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a traceback
    sys.exit(main())
