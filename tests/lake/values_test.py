"""Every kind of value and of key, read by other engines."""
import unittest

import lake_store


class Values(lake_store.LakeTest):
    def test_integers_at_the_edges(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, v INT, w BIGINT);
            INSERT INTO t VALUES(-9223372036854775808, 9223372036854775807, 0),
              (-1, -1, NULL), (0, 255, 256), (1, -129, 32768), (2, 2147483648, -2147483649),
              (9223372036854775807, -9223372036854775808, 9007199254740993);""")
        self.check_tables("acme.t")

    def test_reals_with_infinities_and_tiny_ones(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, r REAL, f FLOAT, d DOUBLE PRECISION);
            INSERT INTO t VALUES(1, 0.1, 1e308, -1e-308), (2, 9e999, -9e999, 5e-324),
              (3, -0.0, 1.0, 0), (4, NULL, 123456789012345.678, 9007199254740991),
              (5, 1.7976931348623157e308, 2.2250738585072014e-308, 3);""")
        self.check_tables("acme.t")

    def test_a_file_of_infinities_only(self):
        self.sql("CREATE TABLE t(r REAL); INSERT INTO t VALUES(9e999),(9e999);")
        self.check_tables("acme.t")

    def test_texts(self):
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT);")
        texts = ["", " ", "ä", "日本語", "🦆" * 20, "a'b\"c\\d", "tab\tnewline\n", "x" * 100_000,
                 "\u007f\u0080\uffff\U0010ffff", "\U0010ffff" * 17, "e\u0301", "12 chars long",
                 "exactly 12 c", "NULL", "\u202eright to left"]
        for i, text in enumerate(texts):
            quoted = text.replace("'", "''")
            self.sql(f"INSERT INTO t VALUES({i}, '{quoted}');")
        self.sql("INSERT INTO t VALUES(100, NULL), (101, 'a' || char(0) || 'b');")
        self.check_tables("acme.t")

    def test_the_greatest_texts_have_no_upper_bound(self):
        self.sql("CREATE TABLE t(s TEXT, b BLOB);")
        self.sql("INSERT INTO t VALUES('%s', x'%s');" % ("\U0010ffff" * 17, "ff" * 17))
        self.check_tables("acme.t")

    def test_blobs(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB);
            INSERT INTO t VALUES(1, x''), (2, x'00'), (3, x'00ff00'), (4, NULL),
              (5, zeroblob(70000)), (6, x'ffffffffffffffffffffffffffffffffffffffff'),
              (7, CAST('text' AS BLOB));""")
        self.check_tables("acme.t")

    def test_dates_and_times(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, d DATE, ts TIMESTAMP, dt DATETIME);
            INSERT INTO t VALUES(1, '2026-01-22', '2026-01-22 10:00:00', '2026-01-22T10:00:00.123'),
              (2, '0001-01-01', '0001-01-01 00:00:00', '9999-12-31 23:59:59.999999'),
              (3, '9999-12-31', '1969-12-31 23:59:59.999999', '1970-01-01 00:00:00.000001'),
              (4, '1970-01-01', NULL, '2000-02-29 12:30'),
              (5, NULL, '1582-10-10 00:00:00', NULL);""")
        self.check_tables("acme.t")

    def test_booleans_and_decimals(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, b BOOLEAN, m DECIMAL(10,2),
              n DECIMAL(4,0), p DECIMAL(18,9), q DECIMAL(38,10));
            INSERT INTO t VALUES(1, 0, 12.34, 9999, 123456789.123456789, 1),
              (2, 1, -99999999.99, -9999, -0.5, -1.5), (3, NULL, NULL, NULL, NULL, NULL),
              (4, TRUE, 0, 0, 0, 0.25);""")
        self.check_tables("acme.t")

    def test_values_that_do_not_fit_go_to_extra(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, n INT, r REAL, s TEXT, b BLOB,
              y BOOLEAN, d DATE, ts TIMESTAMP, m DECIMAL(4,2));
            INSERT INTO t VALUES(1, 'twelve', 'x', x'00ff', 'text', 7, 'yesterday', 5, 1000.5),
              (2, 1.5, x'01', 'fine', 12, 'maybe', '2026-02-30', '25:00', '1.005'),
              (3, 9e999, 9007199254740993, NULL, -9e999, NULL, '', '', x'01'),
              (4, 1, 1, 'all fits', x'01', 1, '2026-02-28', '2026-02-28 01:02:03', 99.99);""")
        self.check_tables("acme.t")
        self.assertEqual(self.store.query("SELECT count(*) AS n FROM t WHERE _extra IS NULL"),
                         [{"n": 1}])
        self.sql("UPDATE t SET n = 2 WHERE id = 1; DELETE FROM t WHERE id = 2;")
        self.check_tables("acme.t")

    def test_columns_without_a_type_are_text(self):
        self.sql("""CREATE TABLE t(id INTEGER PRIMARY KEY, a, b ANY);
            INSERT INTO t VALUES(1, 1, 2.5), (2, 'x', NULL), (3, x'ff', 9223372036854775807);""")
        self.check_tables("acme.t")

    def test_unusual_names(self):
        self.sql("""CREATE TABLE "a b.c/d'e"("select" INTEGER PRIMARY KEY, "ü ö" TEXT, "_rowid" INT,
              "_extra" TEXT, "q""q" INT, "a.b" TEXT);
            INSERT INTO "a b.c/d'e" VALUES(1, 'x', 2, 'y', 3, 'z');""")
        self.store.flush()
        (location,) = [table["metadata_location"] for table in self.store.tables().values()]
        self.assertNotIn(" ", location)
        self.assertEqual(self.store.query("""SELECT * FROM acme."a b.c/d'e" """),
                         [{"select": 1, "ü ö": "x", "_rowid": 2, "_extra": "y", "q\"q": 3,
                           "a.b": "z"}])


class Keys(lake_store.LakeTest):
    def test_every_kind_of_key(self):
        self.sql("""
            CREATE TABLE integer_key(id INTEGER PRIMARY KEY, v TEXT);
            CREATE TABLE text_key(k TEXT PRIMARY KEY, v TEXT);
            CREATE TABLE pair_key(a INT, b TEXT, v TEXT, PRIMARY KEY(b, a));
            CREATE TABLE clustered(k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID;
            CREATE TABLE clustered_pair(v TEXT, a INT, b INT, PRIMARY KEY(b, a)) WITHOUT ROWID;
            CREATE TABLE real_key(r REAL PRIMARY KEY, v TEXT);
            CREATE TABLE blob_key(b BLOB PRIMARY KEY, v TEXT) WITHOUT ROWID;
            CREATE TABLE no_key(a INT, v TEXT);""")
        names = ["integer_key", "text_key", "pair_key", "clustered", "clustered_pair", "real_key",
                 "blob_key", "no_key"]
        inserts = {"pair_key": "(1,'x','v'),(1,'y','v'),(2,'x','v')",
                   "clustered_pair": "('v',1,2),('v',2,1),('v',1,1)",
                   "blob_key": "(x'00','v'),(x'0000','v'),(x'','v')"}
        rows = "(1,'v'),(2,null),(3,null)"
        for name in names:
            self.sql(f"INSERT INTO {name} VALUES {inserts.get(name, rows)}")
        tables = [f"acme.{name}" for name in names]
        self.check_tables(*tables)
        for name in names:
            self.sql(f"UPDATE {name} SET v = 'changed' WHERE v = 'v'")
        self.check_unflushed(*tables)
        self.check_tables(*tables)
        moves = {"integer_key": "id = id + 100", "text_key": "k = k || 'x'",
                 "pair_key": "a = a + 5", "clustered": "k = k || 'x'",
                 "clustered_pair": "b = b + 10", "real_key": "r = r * 2.5",
                 "blob_key": "b = CAST(b || x'01' AS BLOB)", "no_key": "rowid = rowid + 50"}
        for name, move in moves.items():
            self.sql(f"UPDATE {name} SET {move}")
        self.check_unflushed(*tables)
        self.check_tables(*tables)
        for name in names:
            self.sql(f"DELETE FROM {name}")
        self.check_tables(*tables)

    def test_rows_whose_keys_are_null(self):
        self.sql("""CREATE TABLE t(k TEXT PRIMARY KEY, v INT);
            INSERT INTO t VALUES(NULL, 1), (NULL, 1), (NULL, 2), ('a', 1);""")
        self.check_tables("acme.t")
        self.sql("DELETE FROM t WHERE rowid = 1")
        self.check_unflushed("acme.t")
        self.check_tables("acme.t")
        self.sql("UPDATE t SET v = v + 1 WHERE k IS NULL")
        self.check_unflushed("acme.t")
        self.check_tables("acme.t")

    def test_keys_that_the_lake_cannot_tell_apart(self):
        self.sql("""CREATE TABLE t(k PRIMARY KEY, v INT); INSERT INTO t VALUES(1, 5), ('1', 5);
            CREATE TABLE s(k TIMESTAMP PRIMARY KEY, v INT);
            INSERT INTO s VALUES('2026-01-01 00:00', 1), ('2026-01-01 00:00:00', 2);""")
        self.check_tables("acme.t", "acme.s")
        self.sql("DELETE FROM t WHERE typeof(k) = 'text'; DELETE FROM s WHERE v = 1;")
        self.check_unflushed("acme.t", "acme.s")
        self.check_tables("acme.t", "acme.s")

    def test_keys_that_do_not_fit_their_column(self):
        self.sql("""CREATE TABLE t(k INT NOT NULL PRIMARY KEY, v INT);
            INSERT INTO t VALUES(1, 1), ('one', 1), (x'01', 1), (1.5, 1);
            CREATE TABLE w(k TEXT PRIMARY KEY, v INT) WITHOUT ROWID;
            INSERT INTO w VALUES('a', 1);""")
        self.check_tables("acme.t", "acme.w")
        self.sql("""UPDATE t SET v = 2 WHERE k = 'one'; DELETE FROM t WHERE k = x'01';
            INSERT INTO w VALUES(x'00', 5);""")
        self.check_unflushed("acme.t", "acme.w")
        self.check_tables("acme.t", "acme.w")
        self.sql("DELETE FROM w WHERE v = 5; INSERT INTO w VALUES('b', 1);")
        self.check_tables("acme.t", "acme.w")


if __name__ == "__main__":
    unittest.main()
