"""The three readers of a lake table: each gives its rows as texts."""
import importlib.util
import datetime
import pathlib

import duckdb
from pyiceberg.table import StaticTable

import expected


def duckdb_connection():
    """DuckDB with the extensions from their packages; it may fetch nothing."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false",
                                        "autoload_known_extensions": "false"})
    for name in ("avro", "iceberg"):
        package = pathlib.Path(importlib.util.find_spec(f"duckdb_extension_{name}").origin).parent
        (extension,) = package.rglob(f"{name}.duckdb_extension")
        connection.execute(f"LOAD '{extension}'")
    return connection


def duckdb_rows(location, fields, where=""):
    path = location.removeprefix("file://").replace("'", "''")
    with duckdb_connection() as connection:
        found = connection.execute(f"SELECT * FROM iceberg_scan('{path}') {where}")
        names = [column[0] for column in found.description]
        return names, [expected.normal_row(row, fields) for row in found.fetchall()]


def pyiceberg_rows(location, fields, where=None):
    table = StaticTable.from_metadata(location)
    scan = table.scan(row_filter=where) if where else table.scan()
    arrow = scan.to_arrow()
    columns = [column.to_pylist() for column in arrow.columns]
    rows = [expected.normal_row(row, fields) for row in zip(*columns)]
    return arrow.column_names, rows


def own_rows(store, table, fields):
    """`dosql lake query`, each value cast to a text that JSON carries unharmed."""
    parts = ".".join('"' + part.replace('"', '""') + '"' for part in table.split(".", 1))
    cells = []
    for i, field in enumerate(fields):
        name = '"' + field.name.replace('"', '""') + '"'
        is_bytes = field.type in ("string", "binary")
        value = f"hex({name})" if is_bytes else f"CAST({name} AS VARCHAR)"
        cells.append(f"{value} AS c{i}")
    rows = store.query(f"SELECT {', '.join(cells)} FROM {parts}")
    return [expected.normal_row([parse(value, field.type)
                                 for value, field in zip(row.values(), fields)], fields)
            for row in rows]


def parse(text, kind):
    if text is None:
        return None
    if kind == "string":
        return bytes.fromhex(text).decode("utf-8")
    if kind == "binary":
        return bytes.fromhex(text)
    if kind == "boolean":
        return text == "true"
    if kind == "date":
        return datetime.date.fromisoformat(text)
    if kind == "timestamp":
        return datetime.datetime.fromisoformat(expected.pad_fraction(text))
    return text
