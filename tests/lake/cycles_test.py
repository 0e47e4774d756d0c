"""Many cycles of changes, each read by other engines."""
import json
import random
import time
import unittest

import lake_store
import metadata_check


class Cycles(lake_store.LakeTest):
    def snapshots(self, table):
        with open(self.store.metadata_path(table), encoding="utf-8") as file:
            return json.load(file).get("snapshots", [])

    def test_inserts_updates_deletes_and_all_of_them(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, v INT);
            WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM q WHERE i < 500)
            INSERT INTO t SELECT i, 'k' || i, i % 7 FROM q;""")
        self.check_tables("acme.t")
        steps = ["INSERT INTO t VALUES(1000, 'new', 1), (1001, NULL, NULL)",
                 "UPDATE t SET v = v + 1 WHERE id % 10 = 3",
                 "DELETE FROM t WHERE id % 5 = 0",
                 "UPDATE t SET v = -1; DELETE FROM t WHERE id < 50; "
                 "INSERT INTO t VALUES(1, 'a', 2)",
                 "UPDATE t SET id = id + 5000 WHERE id % 3 = 0",
                 "DELETE FROM t WHERE id = 1; INSERT INTO t VALUES(1, 'again', 3)",
                 "DELETE FROM t",
                 "INSERT INTO t VALUES(7, 'seven', 7), (8, 'eight', 8)"]
        for number, step in enumerate(steps, 2):
            self.sql(step)
            self.check_unflushed("acme.t")
            self.check_tables("acme.t")
            self.assertEqual(len(self.snapshots("acme.t")), number, step)

    def test_no_change_makes_no_snapshot(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES(1, 1)")
        self.check_tables("acme.t")
        before = self.store.tables()
        self.assertEqual(self.store.flush()["databases"], 0)
        self.sql("UPDATE t SET v = 1; BEGIN; INSERT INTO t VALUES(2, 2); "
                 "DELETE FROM t WHERE id = 2; COMMIT; CREATE INDEX i ON t(v); DROP INDEX i")
        self.store.flush()
        after = self.store.tables()
        self.assertEqual(after["acme.t"]["metadata_location"],
                         before["acme.t"]["metadata_location"])
        self.assertGreater(after["acme.t"]["bookmark"], before["acme.t"]["bookmark"])

    def test_a_table_is_emptied_and_filled_again_and_again(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)")
        self.check_tables("acme.t")
        for cycle in range(4):
            self.sql(f"INSERT INTO t VALUES(1, 'a{cycle}'), (2, 'b'), ({cycle + 10}, 'c')")
            self.check_tables("acme.t")
            self.sql("DELETE FROM t")
            self.check_unflushed("acme.t")
            self.check_tables("acme.t")
        self.assertEqual(len(self.snapshots("acme.t")), 8)

    def test_a_table_without_rows(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); CREATE TABLE u(a, b)")
        self.check_tables("acme.t", "acme.u")
        self.assertEqual(self.store.tables()["acme.t"]["snapshot_id"], None)

    def test_random_cycles_of_several_tables(self):
        rng = random.Random(4)
        self.sql("""CREATE TABLE a(id INTEGER PRIMARY KEY, s TEXT, n INT);
            CREATE TABLE b(k TEXT, n INT, s TEXT, PRIMARY KEY(k, n)) WITHOUT ROWID;
            CREATE TABLE c(n INT, s TEXT);""")
        tables = ["acme.a", "acme.b", "acme.c"]
        for _ in range(14):
            statements = ["BEGIN"]
            for _ in range(rng.randrange(1, 40)):
                number, key = rng.randrange(40), f"k{rng.randrange(6)}"
                statements.append(rng.choice([
                    f"INSERT OR REPLACE INTO a VALUES({number}, 's{rng.random()}', {number})",
                    f"INSERT OR REPLACE INTO b VALUES('{key}', {number}, 's')",
                    f"INSERT INTO c VALUES({number}, '{key}')",
                    f"UPDATE a SET n = n + 1 WHERE id % 5 = {number % 5}",
                    f"UPDATE OR REPLACE b SET n = n + 1 WHERE k = '{key}'",
                    f"UPDATE c SET s = '{key}' WHERE n = {number}",
                    f"DELETE FROM a WHERE id = {number}",
                    f"DELETE FROM b WHERE n = {number}",
                    f"DELETE FROM c WHERE n > {number + 20}"]))
            self.sql(";".join(statements + ["COMMIT"]))
            if rng.random() < 0.3:
                continue
            self.check_unflushed(*tables)
            self.check_tables(*tables)

    def test_more_cycles_than_manifests_and_metadata_files_are_kept(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, v INT)")
        for cycle in range(26):
            self.sql(f"INSERT INTO t VALUES({cycle}, 0); UPDATE t SET v = v + 1 WHERE id % 4 = 1")
            self.store.flush()
        self.check_tables("acme.t")

    def test_snapshots_are_visible_at_once_and_never_ahead_of_the_clock(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY)")
        for cycle in range(5):
            self.sql(f"INSERT INTO t VALUES({cycle})")
            self.store.flush()
            newest = self.snapshots("acme.t")[-1]
            self.assertLessEqual(newest["timestamp-ms"], time.time() * 1000)
            self.check_tables("acme.t")

    def test_several_databases(self):
        self.store.create("b-2", "c.d")
        for database in ("acme", "b-2", "c.d"):
            self.sql(f"CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); "
                     f"INSERT INTO t VALUES(1, '{database}')", database)
        self.store.flush()
        self.assertEqual(sorted(self.store.tables()), ["acme.t", "b-2.t", "c.d.t"])
        self.assertEqual(
            self.store.query('SELECT a.v AS a, b.v AS b, c.v AS c '
                             'FROM acme.t a, "b-2".t b, "c.d".t c'),
            [{"a": "acme", "b": "b-2", "c": "c.d"}])
        self.store.run("db", "rename", "b-2", "other")
        self.store.run("db", "drop", "acme")
        self.sql("UPDATE t SET v = 'changed'", "other")
        self.check_tables("other.t")
        self.assertEqual(sorted(self.store.tables()), ["c.d.t", "other.t"])

    def test_tables_of_one_flush_are_of_one_version(self):
        self.sql("""CREATE TABLE a(id INTEGER PRIMARY KEY, v INT);
            CREATE TABLE b(id INTEGER PRIMARY KEY, v INT);
            INSERT INTO a VALUES(1, 5); INSERT INTO b VALUES(1, 5);""")
        self.check_tables("acme.a", "acme.b")
        known = self.store.tables()
        self.assertEqual(known["acme.a"]["bookmark"], known["acme.b"]["bookmark"])
        (first,) = self.snapshots("acme.a")
        self.assertEqual(first["summary"]["dosql.bookmark"], known["acme.a"]["bookmark"])

    def test_older_snapshots_stay_readable(self):
        from pyiceberg.table import StaticTable
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES(1, 0)")
        for cycle in range(1, 6):
            self.store.flush()
            self.sql(f"UPDATE t SET v = {cycle}")
        self.store.flush()
        table = StaticTable.from_metadata(self.store.tables()["acme.t"]["metadata_location"])
        seen = [table.scan(snapshot_id=snapshot.snapshot_id).to_arrow()["v"].to_pylist()
                for snapshot in table.snapshots()]
        self.assertEqual(seen, [[0], [1], [2], [3], [4], [5]])


if __name__ == "__main__":
    unittest.main()
