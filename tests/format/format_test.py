"""format_test.py DOSQL: stores written by dosql, read by read_store.py, compared through SQLite."""
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

DOSQL = sys.argv[1]
READER = pathlib.Path(__file__).with_name("read_store.py")
FILL = ("CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, b BLOB); CREATE INDEX i ON t(k);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<300) "
        "INSERT INTO t SELECT i, 'key-' || i, zeroblob(i * 7) FROM n;")


class Format(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.store = pathlib.Path(self.temp.name) / "store"
        self.out = pathlib.Path(self.temp.name) / "out"
        self.out.mkdir()

    def tearDown(self):
        self.temp.cleanup()

    def dosql(self, *words, stdin=None):
        done = subprocess.run([DOSQL, *words, "--store", self.store], capture_output=True, text=True, input=stdin)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def read(self):
        done = subprocess.run([sys.executable, "-B", READER, self.store, self.out], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return dict(line.split("\t")[:2] for line in done.stdout.splitlines())

    def compare(self):
        bookmarks = self.read()
        listed = json.loads(self.dosql("db", "list", "--json"))
        self.assertEqual(bookmarks, {entry["database"]: entry["bookmark"] for entry in listed})
        for name in bookmarks:
            file = sqlite3.connect(self.out / f"{name}.sqlite")
            self.assertEqual(file.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            rows = file.execute("SELECT id, k, hex(b) FROM t ORDER BY id").fetchall()
            file.close()
            expected = self.dosql("sql", name, "SELECT id, k, hex(b) AS b FROM t ORDER BY id", "--format", "jsonl")
            self.assertEqual(rows, [tuple(json.loads(line).values()) for line in expected.splitlines()])
            self.assertGreater(len(rows), 0)

    def fill(self):
        for name, size in (("small", 512), ("usual", 4096), ("large", 65536)):
            self.dosql("db", "create", name, "--page-size", str(size))
            self.dosql("sql", name, stdin=FILL)

    def change(self):
        for name in ("small", "usual", "large"):
            changes = "".join(f"UPDATE t SET k = 'changed-{i}' WHERE id % 50 = {i % 50};" for i in range(40))
            self.dosql("sql", name, stdin=changes + "DELETE FROM t WHERE id > 250;")

    def test_everything_is_in_the_log(self):
        self.fill()
        self.change()
        self.compare()

    def test_everything_is_in_packs(self):
        self.fill()
        self.change()
        self.dosql("checkpoint")
        self.compare()

    def test_packs_and_newer_records_and_other_names(self):
        self.fill()
        self.dosql("checkpoint")
        self.change()
        self.dosql("db", "rename", "small", "renamed")
        self.dosql("db", "drop", "large")
        self.compare()
        self.dosql("checkpoint")
        self.compare()

    def test_a_flipped_bit_is_noticed(self):
        self.fill()
        self.dosql("checkpoint")
        (pack,) = sorted((self.store / "pack").glob("*.dpk"))[:1]
        data = bytearray(pack.read_bytes())
        data[len(data) // 2] ^= 1
        pack.write_bytes(data)
        done = subprocess.run([sys.executable, "-B", READER, self.store, self.out], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
