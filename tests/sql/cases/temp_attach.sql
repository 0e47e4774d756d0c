=== temp tables are the connection's own
CREATE TEMP TABLE t(a);
INSERT INTO t VALUES(1),(2);
SELECT * FROM t;
@b SELECT * FROM t;
SELECT name FROM sqlite_temp_schema;
DROP TABLE t;
=== a temp table hides one of main
CREATE TABLE t(a);
INSERT INTO t VALUES('main');
CREATE TEMP TABLE t(a);
INSERT INTO t VALUES('temp');
SELECT * FROM t;
SELECT * FROM main.t;
SELECT * FROM temp.t;
DROP TABLE t;
SELECT * FROM t;
=== temp tables roll back
CREATE TEMP TABLE t(a);
BEGIN;
INSERT INTO t VALUES(1);
SAVEPOINT s;
INSERT INTO t VALUES(2);
ROLLBACK TO s;
COMMIT;
BEGIN;
DELETE FROM t;
ROLLBACK;
SELECT * FROM t;
=== a temp trigger on a table of main
CREATE TABLE t(a);
CREATE TEMP TABLE log(x);
CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log VALUES(new.a*2); END;
INSERT INTO t VALUES(1),(2);
@b INSERT INTO t VALUES(3);
SELECT * FROM log;
SELECT * FROM t;
=== a trigger of main may not reach temp
CREATE TABLE t(a);
CREATE TEMP TABLE log(x);
CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO temp.log VALUES(1); END;
CREATE TRIGGER temp.g AFTER INSERT ON t BEGIN INSERT INTO main.t VALUES(1); END;
=== temp views and indexes
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2);
CREATE TEMP VIEW v AS SELECT a*10 AS b FROM t;
SELECT * FROM v;
CREATE TEMP TABLE u(a UNIQUE, b);
CREATE INDEX temp.i ON u(b);
INSERT INTO u VALUES(1,2);
INSERT INTO u VALUES(1,3);
SELECT * FROM u;
=== from main to temp and back
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
INSERT INTO t(a) VALUES('x'),('y'),('z');
CREATE TEMP TABLE keep AS SELECT * FROM t WHERE a<>'y';
DELETE FROM t;
INSERT INTO t SELECT * FROM keep;
SELECT * FROM t;
=== a big temp table
CREATE TEMP TABLE t(a, b);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<3000) INSERT INTO t SELECT i, hex(zeroblob(200)) FROM q;
CREATE INDEX temp.i ON t(b, a);
SELECT count(*), sum(a), sum(length(b)) FROM t;
DELETE FROM t WHERE a%2;
SELECT count(*) FROM t;
=== a database that is not there
SELECT * FROM nope.t;
CREATE TABLE nope.t(a);
DETACH nope;
DETACH main;
DETACH temp;
=== temp autoincrement
CREATE TEMP TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a);
INSERT INTO t(a) VALUES('x');
DELETE FROM t;
INSERT INTO t(a) VALUES('y');
SELECT * FROM t;
SELECT * FROM temp.sqlite_sequence;
=== a sorter larger than memory
CREATE TABLE t(a, b);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<2000) INSERT INTO t SELECT (i*7919)%2003, hex(zeroblob(300)) FROM q;
PRAGMA cache_size=5;
SELECT a FROM t ORDER BY b, a LIMIT 3 OFFSET 1500;
CREATE INDEX i ON t(b, a);
SELECT sum(a) FROM (SELECT DISTINCT a FROM t);
=== temp tables are written while another connection writes main
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
@b BEGIN IMMEDIATE;
@b INSERT INTO t VALUES(2);
CREATE TEMP TABLE u AS SELECT * FROM t;
INSERT INTO u VALUES(9);
CREATE TEMP TRIGGER g AFTER INSERT ON u BEGIN DELETE FROM u WHERE a=1; END;
INSERT INTO u SELECT a+20 FROM t;
UPDATE u SET a=a+1;
SELECT * FROM u;
DROP TABLE u;
@b COMMIT;
SELECT * FROM t;
