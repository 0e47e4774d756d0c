"""A table of 200,000 rows over several files: deletion vectors, statistics that prune, memory."""
import json
import os
import subprocess
import unittest

import pyarrow.compute
from pyiceberg.expressions import And, GreaterThanOrEqual, LessThan
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.table import StaticTable

import lake_store
import metadata_check
import readers

ROWS = 200_000


class Large(lake_store.LakeTest):
    def insert(self, begin, count):
        self.sql(f"""WITH RECURSIVE q(i) AS (SELECT {begin} UNION ALL SELECT i + 1 FROM q
            WHERE i < {begin + count - 1})
            INSERT INTO t SELECT i, 'key-' || (i * 7919 % 1000003), i % 1000, i * 0.5 FROM q""")

    def sums(self):
        columns = "count(*), sum(id), sum(v), sum(length(k)), sum(r)"
        (source,) = self.store.rows("acme", f"SELECT {columns} FROM t")
        (own,) = self.store.query(f"SELECT {columns} FROM acme.t")
        self.assertEqual(list(own.values()), source)
        return source

    def check_readers(self):
        source = self.sums()
        location = self.store.tables()["acme.t"]["metadata_location"]
        with readers.duckdb_connection() as connection:
            found = connection.execute(
                "SELECT count(*), sum(id)::BIGINT, sum(v)::BIGINT, sum(length(k))::BIGINT, sum(r) "
                f"FROM iceberg_scan('{location.removeprefix('file://')}')").fetchone()
        self.assertEqual(list(found), source)
        arrow = StaticTable.from_metadata(location).scan().to_arrow()
        lengths = pyarrow.compute.utf8_length(arrow["k"])
        sums = [pyarrow.compute.sum(column).as_py()
                for column in (arrow["id"], arrow["v"], lengths, arrow["r"])]
        self.assertEqual([arrow.num_rows, *sums], source)
        metadata_check.check_table(location)

    def test_vectors_over_several_files_and_bounds_that_prune(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, v INT, r REAL)")
        for begin in range(0, ROWS, ROWS // 4):
            self.insert(begin, ROWS // 4)
            self.store.flush()
        self.check_readers()
        self.sql("DELETE FROM t WHERE id % 10 = 7; UPDATE t SET v = v + 1 WHERE id % 100 = 5")
        self.sums()
        self.store.flush()
        self.check_readers()
        self.sql(f"DELETE FROM t WHERE id < {ROWS // 4}; UPDATE t SET r = -1 WHERE id % 1000 = 1")
        self.store.flush()
        self.check_readers()
        self.assertEqual(json.loads(self.store.run("lake", "verify", "--json"))["findings"], 0)
        self.check_pruning()

    def check_pruning(self):
        location = self.store.tables()["acme.t"]["metadata_location"]
        table = StaticTable.from_metadata(location)
        self.assertIsInstance(table.io, PyArrowFileIO)
        everything = len(list(table.scan().plan_files()))
        for low, high in ((60_000, 60_010), (199_990, 300_000), (-5, 3), (250_000, 260_000)):
            scan = table.scan(row_filter=And(GreaterThanOrEqual("id", low), LessThan("id", high)))
            self.assertLess(len(list(scan.plan_files())), everything)
            where = f"WHERE id >= {low} AND id < {high}"
            (source,) = self.store.rows("acme", f"SELECT count(*) FROM t {where}")
            self.assertEqual([scan.to_arrow().num_rows], source)
            with readers.duckdb_connection() as connection:
                found = connection.execute(f"SELECT count(*) FROM iceberg_scan("
                                           f"'{location.removeprefix('file://')}') {where}")
                self.assertEqual(list(found.fetchone()), source)

    def test_filters_on_every_type_find_what_the_source_finds(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT, r REAL, d DATE, ts TIMESTAMP,
            b BLOB, m DECIMAL(12,3), y BOOLEAN)""")
        for part in range(4):
            self.sql(f"""WITH RECURSIVE q(i) AS (SELECT {part * 100} UNION ALL SELECT i + 1 FROM q
                WHERE i < {part * 100 + 99})
                INSERT INTO t SELECT i, char(97 + {part}) || printf('%020d', i), (i - 200) / 8.0,
                  date('2026-01-01', i || ' days'), datetime('2026-01-01', (i - 200) || ' hours'),
                  CAST(char(65 + {part}) || i AS BLOB), i - 200.125, i >= 200 FROM q""")
            self.store.flush()
        self.sql("UPDATE t SET r = -r WHERE id % 50 = 0")
        self.store.flush()
        location = self.store.tables()["acme.t"]["metadata_location"]
        path = location.removeprefix("file://")
        metadata_check.check_table(location)
        filters = ["s >= 'c' AND s < 'd'", "s = 'b00000000000000000150'", "r < -20", "r > 10",
                   "d >= '2026-05-01' AND d < '2026-05-05'", "ts < '2025-12-25 00:00:00'",
                   "m > 100.500", "m BETWEEN -3.125 AND 2.875", "y = true", "id = 250"]
        with readers.duckdb_connection() as connection:
            for where in filters:
                (source,) = self.store.rows("acme", f"SELECT count(*) FROM t WHERE {where}")
                found = connection.execute(
                    f"SELECT count(*) FROM iceberg_scan('{path}') WHERE {where}").fetchone()
                self.assertEqual(list(found), source, where)
                self.assertGreater(source[0], 0, where)
                if "BETWEEN" in where:
                    continue
                iso = where.replace(" 00:00:00", "T00:00:00")
                scan = StaticTable.from_metadata(location).scan(row_filter=iso)
                self.assertEqual([scan.to_arrow().num_rows], source, where)

    def test_memory_of_a_first_snapshot_does_not_grow_with_the_table(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, v INT, r REAL)")
        for begin in range(0, 16):
            self.insert(begin * 250_000, 250_000)
        process = subprocess.Popen([lake_store.DOSQL, "lake", "flush", "--store",
                                    str(self.store.path)], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(self.store.tables()["acme.t"]["rows"], 4_000_000)
        self.assertLess(usage.ru_maxrss, 500 * 1024, "KiB")
        self.check_readers()


if __name__ == "__main__":
    unittest.main()
