=== an update that changes nothing is no change
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,'x');
UPDATE t SET b = 'x';
UPDATE t SET a = a;
SELECT changes();
=== an update of the key moves the row
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,'x'),(2,'y');
UPDATE t SET a = 100 WHERE a = 1;
SELECT * FROM t;
=== a text key moves in its index
CREATE TABLE t(k TEXT PRIMARY KEY, v);
INSERT INTO t VALUES('m',1),('a',2);
UPDATE t SET k = 'z' WHERE k = 'a';
SELECT * FROM t ORDER BY k;
=== swapping keys takes a third value
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,'x'),(2,'y');
BEGIN;
UPDATE t SET a = -1 WHERE a = 1;
UPDATE t SET a = 1 WHERE a = 2;
UPDATE t SET a = 2 WHERE a = -1;
COMMIT;
SELECT * FROM t;
=== a row inserted and deleted in one transaction is no change
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,'x');
BEGIN;
INSERT INTO t VALUES(2,'y');
DELETE FROM t WHERE a = 2;
COMMIT;
SELECT * FROM t;
=== a row deleted and inserted again with the same values
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,'x'),(2,'y');
BEGIN;
DELETE FROM t WHERE a = 1;
INSERT INTO t VALUES(1,'x');
COMMIT;
SELECT * FROM t;
=== several updates of a row fold into one
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,0);
BEGIN;
UPDATE t SET b = b + 1;
UPDATE t SET b = b + 1;
UPDATE t SET b = b + 1;
COMMIT;
SELECT * FROM t;
=== values that only change their type
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1, 1),(2, '1'),(3, x'31');
UPDATE t SET b = CAST(b AS TEXT) WHERE a = 1;
UPDATE t SET b = CAST(b AS BLOB) WHERE a = 2;
UPDATE t SET b = 1.0 WHERE a = 3;
SELECT a, b, typeof(b) FROM t;
=== NULL comes and goes
CREATE TABLE t(a INTEGER PRIMARY KEY, b, c);
INSERT INTO t VALUES(1,NULL,NULL),(2,'x',NULL);
UPDATE t SET b = 'now' WHERE b IS NULL;
UPDATE t SET b = NULL, c = 1 WHERE a = 2;
SELECT * FROM t;
=== rows without a key are told apart by rowid
CREATE TABLE t(a, b);
INSERT INTO t VALUES('same', 1),('same', 1),('same', 1);
DELETE FROM t WHERE rowid = 2;
UPDATE t SET b = 2 WHERE rowid = 3;
SELECT rowid, * FROM t;
=== equal rows in a table without a key
CREATE TABLE t(a);
INSERT INTO t VALUES('x'),('x'),('x'),('x');
DELETE FROM t WHERE rowid % 2 = 0;
INSERT INTO t VALUES('x');
SELECT rowid, a FROM t;
=== a leaf that splits and merges again
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+2 FROM n WHERE i<400) INSERT INTO t SELECT i, zeroblob(100) FROM n;
WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i+2 FROM n WHERE i<400) INSERT INTO t SELECT i, zeroblob(100) FROM n;
DELETE FROM t WHERE a BETWEEN 100 AND 300;
DELETE FROM t WHERE a > 10;
SELECT count(*), sum(a) FROM t;
=== a tree that grows a level and loses it
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<5000) INSERT INTO t SELECT i, zeroblob(200) FROM n;
DELETE FROM t WHERE a > 20;
SELECT count(*) FROM t;
INSERT INTO t VALUES(6000, 'after');
SELECT max(a) FROM t;
=== rows inserted backwards
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
WITH RECURSIVE n(i) AS (SELECT 500 UNION ALL SELECT i-1 FROM n WHERE i>1) INSERT INTO t SELECT i, hex(i) FROM n;
UPDATE t SET b = 'x' WHERE a % 100 = 0;
SELECT count(*) FROM t WHERE b = 'x';
=== an overflow page changed in place
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1, zeroblob(50000)),(2, zeroblob(50000)),(3, 0);
UPDATE t SET b = substr(b, 1, 49990) || x'00010203040506070809' WHERE a = 2;
SELECT a, length(b), hex(substr(b, -3)) FROM t;
=== overflow that becomes short and long again
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1, zeroblob(30000));
UPDATE t SET b = 'short';
UPDATE t SET b = zeroblob(12345);
SELECT length(b) FROM t;
=== an index with overflowing keys
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
CREATE INDEX i ON t(b);
INSERT INTO t SELECT value, hex(zeroblob(600)) || value FROM generate_series(1, 40);
DELETE FROM t WHERE a % 3 = 0;
SELECT count(*) FROM t WHERE b > hex(zeroblob(600)) || 2;
PRAGMA integrity_check;
=== DELETE without WHERE
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t SELECT value, zeroblob(300) FROM generate_series(1, 500);
DELETE FROM t;
SELECT changes(), count(*) FROM t;
INSERT INTO t VALUES(1, 'new');
SELECT * FROM t;
=== REAL columns that hold whole numbers
CREATE TABLE t(a INTEGER PRIMARY KEY, r REAL);
INSERT INTO t VALUES(1, 5),(2, 5.5),(3, 1e15);
UPDATE t SET r = 6 WHERE a = 1;
SELECT r, typeof(r) FROM t;
=== negative and huge rowids
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(-9223372036854775808,'min'),(9223372036854775807,'max'),(0,'zero');
UPDATE t SET b = upper(b);
DELETE FROM t WHERE a = 0;
SELECT * FROM t;
=== a WITHOUT ROWID table that splits
CREATE TABLE t(k TEXT, n INT, v, PRIMARY KEY(k, n)) WITHOUT ROWID;
INSERT INTO t SELECT 'k' || (value % 7), value, zeroblob(50) FROM generate_series(1, 600);
DELETE FROM t WHERE n % 5 = 0;
UPDATE t SET v = 'x' WHERE k = 'k3';
SELECT count(*), sum(n), sum(v = 'x') FROM t;
=== two tables in one transaction
CREATE TABLE a(x INTEGER PRIMARY KEY);
CREATE TABLE b(x INTEGER PRIMARY KEY);
BEGIN;
INSERT INTO a VALUES(1),(2);
INSERT INTO b SELECT x * 10 FROM a;
DELETE FROM a WHERE x = 1;
COMMIT;
SELECT (SELECT group_concat(x) FROM a), (SELECT group_concat(x) FROM b);
=== generated columns change with their source
CREATE TABLE t(a INTEGER PRIMARY KEY, b, s AS (b * 2) STORED, v AS (b + 1));
INSERT INTO t(a, b) VALUES(1, 5),(2, 6);
UPDATE t SET b = 7 WHERE a = 2;
DELETE FROM t WHERE a = 1;
SELECT * FROM t;
=== rows written before a column was added
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,'x'),(2,'y');
ALTER TABLE t ADD COLUMN c DEFAULT 'dd';
UPDATE t SET b = 'z' WHERE a = 1;
UPDATE t SET c = 'dd' WHERE a = 2;
SELECT * FROM t;
=== a table dropped and made anew with other columns
CREATE TABLE t(a, b);
INSERT INTO t VALUES(1,2);
BEGIN;
DROP TABLE t;
CREATE TABLE t(x);
INSERT INTO t VALUES('new');
COMMIT;
SELECT * FROM t;
=== triggers and cascades change other tables in the same commit
PRAGMA foreign_keys = ON;
CREATE TABLE p(a INTEGER PRIMARY KEY);
CREATE TABLE c(a INTEGER PRIMARY KEY, p REFERENCES p ON DELETE CASCADE);
CREATE TABLE log(n INTEGER PRIMARY KEY, what);
CREATE TRIGGER tr AFTER DELETE ON c BEGIN INSERT INTO log(what) VALUES('gone ' || old.a); END;
INSERT INTO p VALUES(1),(2);
INSERT INTO c VALUES(10,1),(11,1),(12,2);
DELETE FROM p WHERE a = 1;
SELECT * FROM log;
=== many updates over a wide table
CREATE TABLE t(a INTEGER PRIMARY KEY, b, c, d, e);
INSERT INTO t SELECT value, value % 3, hex(value), zeroblob(value % 50), NULL FROM generate_series(1, 400);
UPDATE t SET c = c || '!', e = a WHERE b = 1;
UPDATE t SET d = zeroblob(length(d) + 20) WHERE b = 2;
DELETE FROM t WHERE b = 0 AND a > 200;
SELECT count(*), count(e), sum(length(d)) FROM t;
=== a random update pattern
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t SELECT value, value * 7919 % 1000 FROM generate_series(1, 1000);
UPDATE t SET b = b + 1 WHERE b % 13 = 5;
DELETE FROM t WHERE b % 17 = 3;
INSERT INTO t SELECT value, value FROM generate_series(2000, 2100);
SELECT count(*), sum(a), sum(b) FROM t;
=== a commit of another connection between two of ours
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,'a');
@b INSERT INTO t VALUES(2,'b');
UPDATE t SET b = b || 'c';
@b DELETE FROM t WHERE a = 1;
SELECT * FROM t;
=== schema changes by another connection are seen
CREATE TABLE t(a);
SELECT * FROM t;
@b ALTER TABLE t ADD COLUMN b DEFAULT 5;
INSERT INTO t(a) VALUES(1);
SELECT * FROM t;
@b DROP TABLE t;
SELECT * FROM t;
=== temp tables make no version
CREATE TEMP TABLE x(a);
INSERT INTO x VALUES(1);
CREATE TABLE t(a);
INSERT INTO t SELECT a FROM x;
SELECT * FROM t;
=== user tables named like shadow tables
CREATE TABLE my_data(a INTEGER PRIMARY KEY, b);
CREATE TABLE x_content(a INTEGER PRIMARY KEY);
INSERT INTO my_data VALUES(1,'x');
INSERT INTO x_content VALUES(1);
UPDATE my_data SET b = 'y';
SELECT * FROM my_data;
=== column names that differ in case only from keywords
CREATE TABLE "Order"("Group" INTEGER PRIMARY KEY, "select" TEXT, "FROM" BLOB);
INSERT INTO "Order" VALUES(1,'a',x'00');
UPDATE "Order" SET "select" = 'b', "FROM" = x'01';
SELECT * FROM "Order";
=== a table with one column of a million bytes and small neighbours
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,'s'),(2,zeroblob(1000000)),(3,'s');
UPDATE t SET b = 't' WHERE a <> 2;
UPDATE t SET b = b || x'ff' WHERE a = 2;
SELECT a, length(b) FROM t;
=== text in UTF-16 databases
PRAGMA encoding = 'UTF-16be';
CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c BLOB);
INSERT INTO t VALUES(1,'zwölf',x'00ff'),(2,'日本','x');
UPDATE t SET b = b || '🦆' WHERE a = 2;
DELETE FROM t WHERE a = 1;
SELECT a, b, typeof(c) FROM t;
=== auto_vacuum moves pages under rows
PRAGMA auto_vacuum = FULL;
CREATE TABLE a(x INTEGER PRIMARY KEY, y);
CREATE TABLE b(x INTEGER PRIMARY KEY, y);
INSERT INTO a SELECT value, zeroblob(2000) FROM generate_series(1, 60);
INSERT INTO b SELECT value, zeroblob(2000) FROM generate_series(1, 60);
DELETE FROM a WHERE x < 50;
UPDATE b SET y = 'small' WHERE x % 2;
SELECT count(*) FROM a;
SELECT count(*), sum(length(y)) FROM b;
=== a vacuum renumbers rowids without a key and says so
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(3);
DELETE FROM t WHERE a = 2;
VACUUM;
SELECT rowid, a FROM t;
=== WAL frames and journals are nothing that one sees
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(1);
SAVEPOINT s;
DELETE FROM t;
ROLLBACK TO s;
COMMIT;
SELECT * FROM t;
=== blobs compare by bytes, text by code points
CREATE TABLE t(a PRIMARY KEY);
INSERT INTO t VALUES('a'),(x'61'),('é'),('z'),(x'ff'),(1),(1.5),(NULL),(NULL);
SELECT typeof(a), a FROM t ORDER BY a;
=== a join of a table with itself over many rows
CREATE TABLE t(a INTEGER PRIMARY KEY, g INT);
INSERT INTO t SELECT value, value % 10 FROM generate_series(1, 300);
SELECT count(*) FROM t x JOIN t y ON x.g = y.g AND x.a < y.a;
DELETE FROM t WHERE a IN (SELECT y.a FROM t x JOIN t y ON x.g = y.g AND x.a < y.a);
SELECT a FROM t ORDER BY a;
