=== STRICT tables refuse other types
CREATE TABLE t(a INTEGER PRIMARY KEY, i INT, r REAL, x TEXT, b BLOB, y ANY) STRICT;
INSERT INTO t VALUES(1, 1, 1, 'a', x'00', 1.5);
INSERT INTO t(i) VALUES('x');
INSERT INTO t(x) VALUES(x'00');
INSERT INTO t(i) VALUES('12');
INSERT INTO t(i) VALUES(1.5);
SELECT *, typeof(i), typeof(r), typeof(y) FROM t;
=== STRICT with an unknown type is an error
CREATE TABLE t(a DATETIME) STRICT;
CREATE TABLE t(a) STRICT;
=== generated columns, virtual and stored
CREATE TABLE t(a INTEGER PRIMARY KEY, b, v AS (b * 2), s AS (b || '!') STORED);
INSERT INTO t(b) VALUES(1),(2);
SELECT * FROM t;
UPDATE t SET b = 10 WHERE a = 1;
SELECT * FROM t;
INSERT INTO t(v) VALUES(1);
=== an index on a generated column
CREATE TABLE t(a, d AS (a % 3));
CREATE INDEX i ON t(d);
INSERT INTO t VALUES(1),(2),(3),(4),(5);
SELECT a FROM t WHERE d = 1 ORDER BY a;
=== generated columns check and default
CREATE TABLE t(a CHECK(a > 0), b DEFAULT (1 + 1), c AS (a + b) CHECK(c < 10));
INSERT INTO t(a) VALUES(1);
INSERT INTO t(a) VALUES(9);
INSERT INTO t(a) VALUES(-1);
SELECT * FROM t;
=== WITHOUT ROWID keeps rows by key
CREATE TABLE t(a TEXT, b INT, c, PRIMARY KEY(b, a)) WITHOUT ROWID;
INSERT INTO t VALUES('x',2,1),('a',2,2),('z',1,3);
SELECT * FROM t;
UPDATE t SET b = 9 WHERE a = 'z';
DELETE FROM t WHERE a = 'x';
SELECT * FROM t;
SELECT rowid FROM t;
=== WITHOUT ROWID needs a primary key
CREATE TABLE t(a) WITHOUT ROWID;
=== a WITHOUT ROWID table with large rows
CREATE TABLE t(k TEXT PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO t VALUES('a', zeroblob(20000)),('b', zeroblob(3)),('c' || hex(zeroblob(900)), 1);
UPDATE t SET v = zeroblob(30000) WHERE k = 'b';
SELECT length(k), length(v) FROM t ORDER BY k;
=== collations
CREATE TABLE t(a COLLATE NOCASE, b COLLATE RTRIM, c);
INSERT INTO t VALUES('x','y  ','z'),('X','y','Z');
SELECT count(*) FROM t WHERE a = 'x';
SELECT count(*) FROM t WHERE b = 'y';
SELECT c FROM t ORDER BY c COLLATE NOCASE, rowid DESC;
SELECT DISTINCT a FROM t;
=== a key that changes its case under NOCASE
CREATE TABLE t(k TEXT COLLATE NOCASE PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO t VALUES('A',1);
UPDATE t SET k = 'a';
INSERT INTO t VALUES('A',2);
SELECT * FROM t;
=== an unknown collation is an error
CREATE TABLE t(a COLLATE klingon);
SELECT 'a' < 'b' COLLATE klingon;
=== ADD COLUMN gives old rows the default
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2);
ALTER TABLE t ADD COLUMN b DEFAULT 'd';
ALTER TABLE t ADD c INTEGER NOT NULL DEFAULT 7;
INSERT INTO t(a) VALUES(3);
SELECT * FROM t;
ALTER TABLE t ADD d NOT NULL;
=== RENAME COLUMN follows into indexes, views and triggers
CREATE TABLE t(a, b);
CREATE INDEX i ON t(b);
CREATE VIEW v AS SELECT b FROM t;
CREATE TRIGGER tr AFTER UPDATE OF b ON t BEGIN SELECT new.b; END;
ALTER TABLE t RENAME COLUMN b TO z;
SELECT sql FROM sqlite_schema ORDER BY name;
INSERT INTO t VALUES(1,2);
SELECT * FROM v;
=== RENAME TO renames the table everywhere
CREATE TABLE t(a REFERENCES t(a));
CREATE INDEX i ON t(a);
ALTER TABLE t RENAME TO u;
SELECT name, tbl_name, sql FROM sqlite_schema ORDER BY name;
SELECT * FROM t;
=== two tables swap their names
CREATE TABLE t(a);
CREATE TABLE u(a);
INSERT INTO t VALUES('t');
INSERT INTO u VALUES('u');
BEGIN;
ALTER TABLE t RENAME TO x;
ALTER TABLE u RENAME TO t;
ALTER TABLE x RENAME TO u;
COMMIT;
SELECT (SELECT a FROM t), (SELECT a FROM u);
=== DROP COLUMN rewrites the table
CREATE TABLE t(a, b, c);
INSERT INTO t VALUES(1,2,3),(4,5,6);
ALTER TABLE t DROP COLUMN b;
SELECT * FROM t;
ALTER TABLE t DROP COLUMN nothing;
=== DROP COLUMN of a key or an indexed column is refused
CREATE TABLE t(a PRIMARY KEY, b, c);
CREATE INDEX i ON t(b);
ALTER TABLE t DROP COLUMN a;
ALTER TABLE t DROP COLUMN b;
=== VACUUM keeps what is there
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<300) INSERT INTO t SELECT i, zeroblob(500) FROM n;
DELETE FROM t WHERE a % 2;
VACUUM;
SELECT count(*), sum(a) FROM t;
PRAGMA freelist_count;
=== VACUUM inside a transaction is an error
BEGIN;
VACUUM;
COMMIT;
=== temp tables are the connection's own
CREATE TEMP TABLE t(a);
INSERT INTO t VALUES(1);
SELECT * FROM t;
@b SELECT * FROM t;
SELECT name FROM sqlite_temp_schema;
=== a temp table hides a main table
CREATE TABLE t(a);
INSERT INTO t VALUES('main');
CREATE TEMP TABLE t(a);
INSERT INTO t VALUES('temp');
SELECT * FROM t;
SELECT * FROM main.t;
DROP TABLE t;
SELECT * FROM t;
=== a temp table with a large sort
CREATE TEMP TABLE t(a, b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<20000) INSERT INTO t SELECT i * 7919 % 20011, hex(i) FROM n;
SELECT a FROM t ORDER BY b, a LIMIT 3;
SELECT count(DISTINCT a) FROM t;
=== CREATE TABLE AS SELECT
CREATE TABLE t AS SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y';
SELECT * FROM t;
SELECT sql FROM sqlite_schema;
=== IF EXISTS and IF NOT EXISTS
CREATE TABLE IF NOT EXISTS t(a);
CREATE TABLE IF NOT EXISTS t(b);
CREATE TABLE t(b);
DROP TABLE IF EXISTS nothing;
DROP TABLE nothing;
=== constraints have names and messages
CREATE TABLE t(a NOT NULL, b UNIQUE, c CHECK(c <> 3), CONSTRAINT pair CHECK(a < b));
INSERT INTO t VALUES(NULL, 1, 1);
INSERT INTO t VALUES(1, 2, 3);
INSERT INTO t VALUES(5, 2, 1);
INSERT INTO t VALUES(1, 2, 1);
INSERT INTO t VALUES(1, 2, 1);
=== defaults of every kind
CREATE TABLE t(a DEFAULT 1, b DEFAULT 'x', c DEFAULT NULL, d DEFAULT (2 * 3), e DEFAULT x'0102', f DEFAULT -1.5, g);
INSERT INTO t(g) VALUES('g');
INSERT INTO t DEFAULT VALUES;
SELECT * FROM t;
=== partial and expression indexes
CREATE TABLE t(a, b);
CREATE INDEX p ON t(a) WHERE b IS NOT NULL;
CREATE UNIQUE INDEX e ON t(lower(a)) WHERE b = 1;
INSERT INTO t VALUES('X', 1),('y', NULL),('x', 2);
INSERT INTO t VALUES('x', 1);
SELECT a FROM t WHERE lower(a) = 'x' ORDER BY b;
SELECT count(*) FROM t INDEXED BY p WHERE b IS NOT NULL;
=== descending and covering indexes
CREATE TABLE t(a, b, c);
CREATE INDEX i ON t(a DESC, b);
INSERT INTO t VALUES(1,'x',0),(2,'y',0),(2,'a',0);
SELECT a, b FROM t ORDER BY a DESC, b;
=== REINDEX and ANALYZE
CREATE TABLE t(a, b);
CREATE INDEX i ON t(a);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100) INSERT INTO t SELECT i % 10, i FROM n;
ANALYZE;
SELECT tbl, idx, stat FROM sqlite_stat1;
REINDEX;
REINDEX i;
SELECT count(*) FROM t WHERE a = 3;
=== AUTOINCREMENT never reuses
CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT);
INSERT INTO t DEFAULT VALUES;
INSERT INTO t DEFAULT VALUES;
DELETE FROM t WHERE a = 2;
INSERT INTO t DEFAULT VALUES;
SELECT a FROM t;
INSERT INTO t VALUES(9223372036854775807);
INSERT INTO t DEFAULT VALUES;
=== plain rowids are reused
CREATE TABLE t(a INTEGER PRIMARY KEY);
INSERT INTO t VALUES(1),(2);
DELETE FROM t WHERE a = 2;
INSERT INTO t DEFAULT VALUES;
SELECT a FROM t;
INSERT INTO t VALUES(-5);
SELECT rowid, oid, _rowid_ FROM t;
=== INTEGER PRIMARY KEY refuses text
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES('x', 1);
INSERT INTO t VALUES('5', 1);
UPDATE t SET a = 'y';
SELECT * FROM t;
=== a table with 200 columns
CREATE TABLE t(c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,c13,c14,c15,c16,c17,c18,c19,c20,c21,c22,c23,c24,c25,c26,c27,c28,c29,c30,c31,c32,c33,c34,c35,c36,c37,c38,c39,c40,c41,c42,c43,c44,c45,c46,c47,c48,c49,c50,c51,c52,c53,c54,c55,c56,c57,c58,c59,c60,c61,c62,c63,c64,c65,c66,c67,c68,c69,c70);
INSERT INTO t(c1,c70) VALUES(1,70);
SELECT c1, c2, c70 FROM t;
=== quoted names of every kind
CREATE TABLE "a ""quoted"" name"([in brackets] TEXT, `in ticks`, "select" INT);
INSERT INTO "a ""quoted"" name" VALUES('x','y',1);
SELECT [in brackets], `in ticks`, "select" FROM "a ""quoted"" name";
SELECT name FROM pragma_table_info('a "quoted" name');
=== schema tables are readable
CREATE TABLE t(a);
CREATE VIEW v AS SELECT 1;
SELECT type, name, tbl_name, rootpage > 0 FROM sqlite_master ORDER BY name;
SELECT count(*) FROM sqlite_schema;
INSERT INTO sqlite_schema VALUES('table','x','x',0,'');
DROP TABLE sqlite_schema;
=== dropping everything leaves an empty database
CREATE TABLE a(x PRIMARY KEY);
CREATE TABLE b(x);
CREATE INDEX i ON b(x);
CREATE VIEW v AS SELECT * FROM a;
INSERT INTO a VALUES(1);
DROP VIEW v;
DROP INDEX i;
DROP TABLE a;
DROP TABLE b;
SELECT count(*) FROM sqlite_schema;
=== a table of one row of many pages
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1, zeroblob(3000000));
UPDATE t SET b = zeroblob(2999999) || x'07';
SELECT length(b), hex(substr(b, -2)) FROM t;
DELETE FROM t;
SELECT count(*) FROM t;
=== rows at the edge of a page
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1, zeroblob(470)),(2, zeroblob(471)),(3, zeroblob(472)),(4, zeroblob(473)),(5, zeroblob(4050)),(6, zeroblob(4055)),(7, zeroblob(4056)),(8, zeroblob(4061)),(9, zeroblob(4062)),(10, zeroblob(4096)),(11, zeroblob(65500)),(12, zeroblob(65536));
SELECT a, length(b) FROM t;
UPDATE t SET b = zeroblob(length(b) + 1);
SELECT sum(length(b)) FROM t;
=== deletes and inserts reuse free pages
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200) INSERT INTO t SELECT i, zeroblob(2000) FROM n;
DELETE FROM t;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200) INSERT INTO t SELECT i, zeroblob(1500) FROM n;
SELECT count(*), sum(length(b)) FROM t;
