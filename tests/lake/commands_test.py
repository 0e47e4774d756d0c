"""`dosql lake ...` as a new user uses it, rightly and wrongly."""
import json
import unittest

import lake_store


class Commands(unittest.TestCase):
    def setUp(self):
        self.store = lake_store.Store()
        self.addCleanup(self.store.remove)

    def fails(self, *arguments, code=1):
        """The one sentence on stderr; nothing on stdout."""
        done = self.store.call(*arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertTrue(done.stderr.startswith("dosql: "), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    def test_no_store(self):
        for command in (["status"], ["flush"], ["tables"], ["verify"], ["query", "SELECT 1"]):
            self.assertIn("does not exist", self.fails("lake", *command))
        self.assertFalse(self.store.path.exists())

    def test_no_table_yet(self):
        self.store.create("acme")
        self.assertEqual(self.store.tables(), {})
        status = json.loads(self.store.run("lake", "status", "--json"))
        self.assertEqual((status["unflushed_rows"], status["last_flush"]), (0, None))
        self.assertEqual(json.loads(self.store.run("lake", "verify", "--json"))["tables"], 0)
        self.assertEqual(self.store.query("SELECT 1 AS one"), [{"one": 1}])
        self.assertEqual(self.store.flush()["tables"], 0)
        self.assertEqual(self.store.tables(), {})

    def test_status_follows_changes_and_flushes(self):
        self.store.create("acme")
        self.store.sql("acme", "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); "
                               "INSERT INTO t VALUES(1, 'a'), (2, 'b')")
        status = json.loads(self.store.run("lake", "status", "--json"))
        self.assertEqual(status["unflushed_rows"], 2)
        self.assertGreater(status["lag_seconds"], 0)
        flushed = self.store.flush()
        self.assertEqual((flushed["rows_added"], flushed["rows_removed"], flushed["files"]),
                         (2, 0, 1))
        status = json.loads(self.store.run("lake", "status", "--json"))
        self.assertEqual((status["unflushed_rows"], status["lag_seconds"]), (0, 0))
        self.assertRegex(status["last_flush"], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")
        self.store.sql("acme", "UPDATE t SET v = 'c' WHERE id = 1; DELETE FROM t WHERE id = 2; "
                               "INSERT INTO t VALUES(3, 'c')")
        status = json.loads(self.store.run("lake", "status", "--json"))
        self.assertEqual(status["unflushed_rows"], 3)
        flushed = self.store.flush()
        self.assertEqual((flushed["rows_added"], flushed["rows_removed"]), (2, 2))
        (table,) = self.store.tables().values()
        self.assertEqual(list(table), ["table", "format_version", "metadata_location",
                                       "snapshot_id", "rows", "data_files", "delete_files",
                                       "bookmark"])
        self.assertEqual((table["rows"], table["data_files"], table["delete_files"]), (2, 2, 1))

    def test_wrong_queries(self):
        self.store.create("acme", "other")
        for database in ("acme", "other"):
            self.store.sql(database, "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)")
        self.store.sql("acme", "CREATE TABLE orders(id INTEGER PRIMARY KEY)")
        self.assertIn("syntax error", self.fails("lake", "query", "SELEC 1"))
        self.assertIn('did you mean "acme.orders"', self.fails("lake", "query", "FROM acme.order"))
        self.assertIn("acme.t, other.t", self.fails("lake", "query", "SELECT * FROM t"))
        self.assertIn('"x" not found', self.fails("lake", "query", "SELECT x FROM acme.t"))
        self.assertIn("empty", self.fails("lake", "query", ""))
        for change in ("DELETE FROM acme.t", "SELECT 1; SELECT 2", "CREATE TABLE x(a INT)"):
            self.assertIn("one SELECT", self.fails("lake", "query", change))
        self.assertIn("too many arguments", self.fails("lake", "query", "SELECT 1", "x", code=2))
        self.assertIn('did you mean "lake query"', self.fails("lake", "quer", code=2))
        self.assertIn("/etc/passwd", self.fails("lake", "query", "FROM read_csv('/etc/passwd')"))

    def test_query_from_standard_input_and_formats(self):
        self.store.create("acme")
        self.store.sql("acme", "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); "
                               "INSERT INTO t VALUES(1, 'a')")
        out = self.store.run("lake", "query", "--format", "csv", stdin="SELECT *\nFROM t\n")
        self.assertEqual(out.splitlines(), ["id,v", "1,a"])
        self.assertEqual(json.loads(self.store.run("lake", "query", "FROM t", "--json")),
                         [{"id": 1, "v": "a"}])

    def test_help_has_an_example_that_works(self):
        self.store.create("acme")
        self.store.sql("acme", "CREATE TABLE user(id INTEGER PRIMARY KEY)")
        for command in ("status", "flush", "tables", "query", "verify"):
            text = self.store.run("lake", command, "--help")
            example = text.split("Example:\n")[1].strip().removeprefix("dosql ")
            first, _, sql = example.partition(' "')
            self.store.run(*first.split(), *([sql.rstrip('"')] if sql else []))

    def test_damage_is_named(self):
        self.store.create("acme")
        self.store.sql("acme", "CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1); "
                               "CREATE TABLE u(id INTEGER PRIMARY KEY); INSERT INTO u VALUES(1)")
        self.store.flush()
        (parquet,) = (self.store.path / "lake" / "acme" / "t" / "data").iterdir()
        parquet.unlink()
        done = self.store.call("lake", "verify", "--json")
        self.assertEqual(done.returncode, 1)
        self.assertIn(parquet.name, done.stderr)
        self.assertEqual(json.loads(done.stdout)["findings"], 1)
        (self.store.path / "lake").rename(self.store.path / "aside")
        done = self.store.call("lake", "verify", "--json")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout)["findings"], 2)
        for command in (["query", "SELECT * FROM acme.u"],):
            self.assertIn('lake table "acme.u"', self.fails("lake", *command))
        (self.store.path / "aside").rename(self.store.path / "moved")
        self.store.sql("acme", "INSERT INTO u VALUES(2)")
        other = str(self.store.path / "moved")
        self.assertIn("another folder", self.fails("lake", "flush", "--lake", other))


if __name__ == "__main__":
    unittest.main()
