"""Schemas that change between and within cycles."""
import json
import unittest

import lake_store


class Schemas(lake_store.LakeTest):
    def schema(self, table="acme.t"):
        with open(self.store.metadata_path(table), encoding="utf-8") as file:
            metadata = json.load(file)
        return next(s for s in metadata["schemas"]
                    if s["schema-id"] == metadata["current-schema-id"])

    def ids(self):
        return {field["name"]: field["id"] for field in self.schema()["fields"]}

    def test_columns_are_added_with_and_without_default(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES(1, 'a')")
        self.check_tables("acme.t")
        defaults = {"n INT": "", "i INT": "DEFAULT -5", "s TEXT": "DEFAULT 'it''s ä'",
                    "r REAL": "DEFAULT 1.5e300", "b BLOB": "DEFAULT x'00ff27'",
                    "y BOOLEAN": "DEFAULT 1", "d DATE": "DEFAULT '2020-02-29'",
                    "ts TIMESTAMP": "DEFAULT '1969-12-31 23:59:59.5'",
                    "m DECIMAL(10,3)": "DEFAULT -0.25", "e TEXT": "NOT NULL DEFAULT ''",
                    "big BIGINT": "DEFAULT 9223372036854775807"}
        for number, (column, default) in enumerate(defaults.items(), 2):
            self.sql(f"ALTER TABLE t ADD COLUMN {column} {default}")
            self.check_unflushed("acme.t")
            if number % 2:
                self.check_tables("acme.t")
            self.sql(f"INSERT INTO t(id, v) VALUES({number}, 'x'); UPDATE t SET v = v || '!' "
                     f"WHERE id = {number - 3}")
            self.check_unflushed("acme.t")
            self.check_tables("acme.t")
        old = next(f for f in self.schema()["fields"] if f["name"] == "i")
        self.assertEqual(old["initial-default"], -5)

    def test_a_default_that_does_not_fit_its_column(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1), (2)")
        self.check_tables("acme.t")
        self.sql("ALTER TABLE t ADD COLUMN n INT DEFAULT 'none'")
        self.check_unflushed("acme.t")
        self.check_tables("acme.t")

    def test_columns_are_renamed_and_dropped(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b INT, c TEXT);
            INSERT INTO t VALUES(1, 'a', 2, 'c'), (2, 'aa', 3, 'cc')""")
        self.check_tables("acme.t")
        before = self.ids()
        self.sql("ALTER TABLE t RENAME COLUMN a TO renamed")
        self.check_unflushed("acme.t")
        self.check_tables("acme.t")
        self.assertEqual(self.ids()["renamed"], before["a"])
        self.sql("ALTER TABLE t DROP COLUMN b; UPDATE t SET c = 'new' WHERE id = 1")
        self.check_unflushed("acme.t")
        self.check_tables("acme.t")
        self.sql("ALTER TABLE t ADD COLUMN b INT; UPDATE t SET b = 9 WHERE id = 2")
        self.check_unflushed("acme.t")
        self.check_tables("acme.t")
        self.assertGreater(self.ids()["b"], max(before.values()))
        self.sql("""ALTER TABLE t RENAME COLUMN c TO x; ALTER TABLE t RENAME COLUMN renamed TO c;
            ALTER TABLE t RENAME COLUMN x TO renamed; DELETE FROM t WHERE id = 2""")
        self.check_unflushed("acme.t")
        self.check_tables("acme.t")
        self.assertEqual(self.ids()["c"], before["a"])

    def test_a_table_is_dropped_and_created_again(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES(1, 'a')")
        self.check_tables("acme.t")
        self.sql("DROP TABLE t")
        self.store.flush()
        self.assertEqual(self.store.tables(), {})
        self.sql("CREATE TABLE t(k TEXT PRIMARY KEY, n REAL); INSERT INTO t VALUES('x', 1.5)")
        self.check_unflushed("acme.t")
        self.store.flush()
        self.check_unflushed("acme.t")
        # Within one cycle.
        self.sql("DROP TABLE t; CREATE TABLE t(id INT, v INT); INSERT INTO t VALUES(5, 6)")
        self.check_unflushed("acme.t")
        self.check_tables("acme.t")
        self.sql("DROP TABLE t; CREATE TABLE t(id INT, v INT); INSERT INTO t VALUES(7, 8)")
        self.check_unflushed("acme.t")
        self.check_tables("acme.t")

    def test_tables_are_renamed_and_swap_their_names(self):
        self.sql("""CREATE TABLE a(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO a VALUES(1, 'a');
            CREATE TABLE b(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO b VALUES(1, 'b');""")
        self.check_tables("acme.a", "acme.b")
        self.sql("""ALTER TABLE a RENAME TO x; ALTER TABLE b RENAME TO a; ALTER TABLE x RENAME TO b;
            INSERT INTO a VALUES(2, 'in a')""")
        self.check_unflushed("acme.a", "acme.b")
        self.check_tables("acme.a", "acme.b")
        self.sql("ALTER TABLE a RENAME TO A2")
        self.check_tables("acme.A2", "acme.b")

    def test_another_key_and_another_type(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES(1, '5')")
        self.check_tables("acme.t")
        rebuilds = ["id INT, v TEXT", "id INT, v TEXT PRIMARY KEY", "id TEXT, v INT",
                    "v INT, id TEXT", "v INT, id TEXT, PRIMARY KEY(id, v)"]
        for columns in rebuilds:
            self.sql(f"BEGIN; CREATE TABLE n({columns}); INSERT INTO n(id, v) SELECT id, v FROM t; "
                     "DROP TABLE t; ALTER TABLE n RENAME TO t; COMMIT")
            self.check_unflushed("acme.t")
            self.check_tables("acme.t")
            self.sql("INSERT INTO t(id, v) SELECT id + 1, v + 1 FROM t ORDER BY id DESC LIMIT 1")
            self.check_tables("acme.t")

    def test_misfits_follow_renamed_columns(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, n INT); INSERT INTO t VALUES(1, 'x')")
        self.check_tables("acme.t")
        self.sql("ALTER TABLE t RENAME COLUMN n TO m")
        self.check_unflushed("acme.t")
        self.check_tables("acme.t")
        self.sql("ALTER TABLE t ADD COLUMN _extra TEXT; UPDATE t SET _extra = 'mine'")
        self.store.flush()
        self.assertEqual(self.store.query("SELECT * FROM t"),
                         [{"id": 1, "m": None, "_extra": "mine", "_extra_1": '{"m":"x"}'}])

    def test_vacuum_of_a_table_without_a_key(self):
        self.sql("""CREATE TABLE t(a INT, b TEXT);
            WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM q WHERE i < 300)
            INSERT INTO t SELECT i, 'text ' || i FROM q; DELETE FROM t WHERE a % 3 = 0""")
        self.check_tables("acme.t")
        self.sql("VACUUM")
        self.check_unflushed("acme.t")
        self.check_tables("acme.t")

    def test_generated_columns(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, twice INT AS (a * 2) VIRTUAL,
              thrice INT AS (a * 3) STORED); INSERT INTO t(id, a) VALUES(1, 5)""")
        self.store.flush()
        self.assertEqual(self.store.query("SELECT * FROM t"), [{"id": 1, "a": 5, "thrice": 15}])
        self.sql("UPDATE t SET a = 6")
        self.assertEqual(self.store.query("SELECT * FROM t"), [{"id": 1, "a": 6, "thrice": 18}])
        self.store.flush()
        self.assertEqual(self.store.query("SELECT * FROM t"), [{"id": 1, "a": 6, "thrice": 18}])

    def test_views_triggers_and_virtual_tables_stay_out(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
            CREATE VIEW w AS SELECT * FROM t;
            CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET v = 'g' WHERE id = new.id; END;
            CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO f VALUES('words');
            INSERT INTO t VALUES(1, 'a'); ANALYZE;
            CREATE TABLE i(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO i DEFAULT VALUES;""")
        self.check_tables("acme.t", "acme.i")
        # Of a virtual table the one that holds its rows is there.
        self.assertEqual(sorted(self.store.tables()), ["acme.f_content", "acme.i", "acme.t"])


if __name__ == "__main__":
    unittest.main()
