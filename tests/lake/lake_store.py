"""A store in a temporary folder, driven through the dosql binary as a user drives it."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import expected
import metadata_check
import readers

DOSQL = os.environ["DOSQL_BINARY"]


class Store:
    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="dosql-lake-"))
        self.path = self.directory / "store"

    def remove(self):
        shutil.rmtree(self.directory)

    def call(self, *arguments, stdin=None):
        """The finished process, whatever its exit code."""
        return subprocess.run(
            [DOSQL, *arguments, "--store", str(self.path)],
            input=stdin, capture_output=True, text=True, timeout=120, check=False)

    def run(self, *arguments, stdin=None):
        done = self.call(*arguments, stdin=stdin)
        if done.returncode != 0:
            raise AssertionError(f"dosql {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def create(self, *databases):
        for database in databases:
            self.run("db", "create", database)

    def sql(self, database, text):
        return self.run("sql", database, stdin=text)

    def rows(self, database, text):
        return [list(json.loads(line).values())
                for line in self.run("sql", database, text, "--format", "jsonl").splitlines()]

    def flush(self):
        return json.loads(self.run("lake", "flush", "--json"))

    def tables(self):
        return {table["table"]: table for table in json.loads(self.run("lake", "tables", "--json"))}

    def metadata_path(self, table):
        return self.tables()[table]["metadata_location"].removeprefix("file://")

    def query(self, text):
        return [json.loads(line)
                for line in self.run("lake", "query", text, "--format", "jsonl").splitlines()]


class LakeTest(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.store = Store()
        self.addCleanup(self.store.remove)
        self.store.create("acme")

    def sql(self, text, database="acme"):
        return self.store.sql(database, text)

    def check_unflushed(self, *tables):
        """Our own query has the source's rows, flushed or not."""
        for table in tables:
            want, fields = self.source_rows(table)
            self.assert_same(f"{table}, dosql lake query", want,
                             readers.own_rows(self.store, table, fields))

    def check_tables(self, *tables):
        """Flushes; every reader has the source's rows and the tables keep the format's rules."""
        self.store.flush()
        known = self.store.tables()
        self.check_unflushed(*tables)
        for table in tables:
            want, fields = self.source_rows(table)
            location = known[table]["metadata_location"]
            self.assertEqual(known[table]["rows"], len(want), f"rows of {table}")
            for reader in (readers.duckdb_rows, readers.pyiceberg_rows):
                names, rows = reader(location, fields)
                self.assertEqual(names, [field.name for field in fields], reader.__name__)
                self.assert_same(f"{table}, {reader.__name__}", want, rows)
            metadata_check.check_table(location)
        verified = json.loads(self.store.run("lake", "verify", "--json"))
        self.assertEqual(verified["findings"], 0)

    def source_rows(self, table):
        database, name = table.split(".", 1)
        return expected.lake_rows(self.store, database, name, self.lake_columns(table))

    def lake_columns(self, table):
        known = self.store.tables()
        if table not in known:
            return None
        with open(known[table]["metadata_location"].removeprefix("file://"), encoding="utf-8") as f:
            metadata = json.load(f)
        schema = next(s for s in metadata["schemas"]
                      if s["schema-id"] == metadata["current-schema-id"])
        return [field["name"] for field in schema["fields"]]

    def assert_same(self, what, want, got):
        if expected.digest(want) == expected.digest(got):
            return
        lost = [row for row in want if row not in got]
        extra = [row for row in got if row not in want]
        self.fail(f"{what}: {len(want)} rows in the source, {len(got)} read;\n"
                  f"missing {lost[:3]}\nunexpected {extra[:3]}")
