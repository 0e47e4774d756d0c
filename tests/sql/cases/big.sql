=== a row of several megabytes
CREATE TABLE t(id INTEGER PRIMARY KEY, a, b);
INSERT INTO t VALUES(1, zeroblob(3000000)||x'01', 'after');
SELECT length(a), hex(substr(a,-2)), b FROM t;
UPDATE t SET b='changed';
SELECT length(a), b FROM t;
UPDATE t SET a=hex(zeroblob(1000000));
SELECT length(a), typeof(a) FROM t;
DELETE FROM t;
=== rows at the edges of pages
CREATE TABLE t(n INTEGER PRIMARY KEY, a);
WITH RECURSIVE q(i) AS (SELECT 380 UNION ALL SELECT i+1 FROM q WHERE i<520) INSERT INTO t SELECT i, zeroblob(i)||x'02' FROM q;
WITH RECURSIVE q(i) AS (SELECT 900 UNION ALL SELECT i+1 FROM q WHERE i<1030) INSERT INTO t SELECT i, zeroblob(i) FROM q;
WITH RECURSIVE q(i) AS (SELECT 4000 UNION ALL SELECT i+1 FROM q WHERE i<4110) INSERT INTO t SELECT i, zeroblob(i) FROM q;
SELECT count(*), sum(length(a)) FROM t;
UPDATE t SET a=a||x'03' WHERE n%2;
SELECT count(*), sum(length(a)) FROM t;
DELETE FROM t WHERE n%5=0;
SELECT count(*), sum(length(a)) FROM t;
=== without rowid rows at the edges of pages
CREATE TABLE t(k TEXT PRIMARY KEY, v) WITHOUT ROWID;
WITH RECURSIVE q(i) AS (SELECT 60 UNION ALL SELECT i+1 FROM q WHERE i<200) INSERT INTO t SELECT hex(zeroblob(i)), i FROM q;
WITH RECURSIVE q(i) AS (SELECT 900 UNION ALL SELECT i+1 FROM q WHERE i<1060) INSERT INTO t SELECT 'k'||hex(zeroblob(i/2))||i, i FROM q;
SELECT count(*), sum(v) FROM t;
UPDATE t SET v=v||'x' WHERE v%3=0;
DELETE FROM t WHERE length(k)%2;
SELECT count(*) FROM t;
=== a tree grows and shrinks
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<3000) INSERT INTO t SELECT i, 'row '||i FROM q;
DELETE FROM t WHERE id BETWEEN 500 AND 2500;
INSERT INTO t SELECT id+10000, a FROM t;
DELETE FROM t WHERE id<10000;
SELECT count(*), min(id), max(id), sum(id) FROM t;
DELETE FROM t;
SELECT count(*) FROM t;
=== insertion in descending and mixed order
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
WITH RECURSIVE q(i) AS (SELECT 500 UNION ALL SELECT i-1 FROM q WHERE i>1) INSERT INTO t SELECT i*2, hex(zeroblob(20)) FROM q;
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<500) INSERT INTO t SELECT ((i*7919)%997)*2+1, 'odd' FROM q;
SELECT count(*), sum(id) FROM t;
UPDATE t SET a=hex(zeroblob(200)) WHERE id%7=0;
SELECT count(*), sum(length(a)) FROM t;
=== a value grows over the overflow limit and back
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
INSERT INTO t VALUES(1,'small'),(2,'other');
UPDATE t SET a=zeroblob(20000) WHERE id=1;
UPDATE t SET a='small again' WHERE id=1;
UPDATE t SET a=zeroblob(100000)||x'ff' WHERE id=1;
SELECT id, length(a) FROM t;
=== too big is an error
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(2000000000));
SELECT length(zeroblob(1100000000));
SELECT length(hex(zeroblob(600000000)));
=== many tables
CREATE TABLE a1(x); CREATE TABLE a2(x); CREATE TABLE a3(x); CREATE TABLE a4(x); CREATE TABLE a5(x); CREATE TABLE a6(x); CREATE TABLE a7(x); CREATE TABLE a8(x); CREATE TABLE a9(x); CREATE TABLE a10(x); CREATE TABLE a11(x); CREATE TABLE a12(x);
INSERT INTO a1 VALUES(1); INSERT INTO a12 SELECT x FROM a1;
DROP TABLE a5; DROP TABLE a1; CREATE TABLE a5(y);
INSERT INTO a5 VALUES('again');
SELECT * FROM a5; SELECT * FROM a12;
=== drop everything
CREATE TABLE t(a UNIQUE, b);
CREATE INDEX i ON t(b);
CREATE VIEW v AS SELECT * FROM t;
CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE VIRTUAL TABLE f USING fts5(x);
CREATE VIRTUAL TABLE r USING rtree(id,a,b);
INSERT INTO t VALUES(1,2); INSERT INTO f VALUES('x'); INSERT INTO r VALUES(1,2,3);
DROP VIEW v; DROP TABLE t; DROP TABLE f; DROP TABLE r;
SELECT count(*) FROM sqlite_schema;
DROP TABLE t;
DROP TABLE IF EXISTS t;
DROP TABLE sqlite_schema;
=== the same row changed many times in one transaction
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
INSERT INTO t VALUES(1,'start');
BEGIN;
UPDATE t SET a='x';
DELETE FROM t;
INSERT INTO t VALUES(1,'y');
UPDATE t SET id=2;
INSERT INTO t VALUES(1,'z');
DELETE FROM t WHERE id=2;
COMMIT;
SELECT * FROM t;
=== a row deleted and inserted as it was
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
INSERT INTO t VALUES(1,'same'),(2,'other');
BEGIN;
DELETE FROM t WHERE id=1;
INSERT INTO t VALUES(1,'same');
COMMIT;
SELECT * FROM t;
=== a table emptied and filled by the same rows
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
CREATE TABLE k AS SELECT 1 AS id, 'x' AS a;
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<300) INSERT INTO t SELECT i, 'v'||i FROM q;
BEGIN;
INSERT INTO k SELECT * FROM t;
DELETE FROM t;
INSERT INTO t SELECT * FROM k;
COMMIT;
SELECT count(*), sum(id) FROM t;
