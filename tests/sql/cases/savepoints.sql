=== a savepoint outside a transaction begins one
CREATE TABLE t(a);
SAVEPOINT s;
INSERT INTO t VALUES(1);
RELEASE s;
SELECT * FROM t;
=== ROLLBACK TO keeps the savepoint
CREATE TABLE t(a);
BEGIN;
SAVEPOINT s;
INSERT INTO t VALUES(1);
ROLLBACK TO s;
INSERT INTO t VALUES(2);
ROLLBACK TO s;
INSERT INTO t VALUES(3);
RELEASE s;
COMMIT;
SELECT * FROM t;
=== nested savepoints are undone from inside out
CREATE TABLE t(a);
SAVEPOINT one;
INSERT INTO t VALUES(1);
SAVEPOINT two;
INSERT INTO t VALUES(2);
SAVEPOINT three;
INSERT INTO t VALUES(3);
ROLLBACK TO two;
INSERT INTO t VALUES(4);
RELEASE one;
SELECT * FROM t;
=== releasing an outer savepoint releases the inner ones
CREATE TABLE t(a);
SAVEPOINT a;
SAVEPOINT b;
INSERT INTO t VALUES(1);
RELEASE a;
RELEASE b;
SELECT * FROM t;
=== savepoint names may repeat and ignore case
CREATE TABLE t(a);
SAVEPOINT s;
INSERT INTO t VALUES(1);
SAVEPOINT S;
INSERT INTO t VALUES(2);
ROLLBACK TO s;
RELEASE s;
RELEASE s;
SELECT * FROM t;
=== an unknown savepoint is an error
BEGIN;
ROLLBACK TO nothing;
RELEASE nothing;
COMMIT;
=== ROLLBACK ends all savepoints
CREATE TABLE t(a);
SAVEPOINT s;
INSERT INTO t VALUES(1);
SAVEPOINT u;
ROLLBACK;
RELEASE s;
SELECT * FROM t;
=== DDL inside a savepoint is undone
CREATE TABLE t(a);
SAVEPOINT s;
CREATE TABLE u(a);
INSERT INTO u VALUES(1);
CREATE INDEX i ON t(a);
ROLLBACK TO s;
SELECT name FROM sqlite_schema;
CREATE TABLE u(b);
RELEASE s;
SELECT name FROM sqlite_schema;
=== a savepoint over spilled pages
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2500) INSERT INTO t SELECT i, zeroblob(4500) FROM n;
BEGIN;
UPDATE t SET b = zeroblob(10) WHERE a <= 10;
SAVEPOINT s;
UPDATE t SET b = zeroblob(4600);
DELETE FROM t WHERE a > 2000;
ROLLBACK TO s;
SELECT count(*), sum(length(b)) FROM t;
COMMIT;
SELECT count(*), sum(length(b)) FROM t;
=== a constraint failure inside a savepoint keeps it
CREATE TABLE t(a PRIMARY KEY);
SAVEPOINT s;
INSERT INTO t VALUES(1);
INSERT INTO t VALUES(1);
INSERT INTO t VALUES(2);
RELEASE s;
SELECT * FROM t;
=== a hundred savepoints
CREATE TABLE t(a);
SAVEPOINT a1;
INSERT INTO t VALUES(1);
SAVEPOINT a2;
INSERT INTO t VALUES(2);
SAVEPOINT a3;
INSERT INTO t VALUES(3);
SAVEPOINT a4;
INSERT INTO t VALUES(4);
SAVEPOINT a5;
INSERT INTO t VALUES(5);
ROLLBACK TO a3;
SAVEPOINT a6;
INSERT INTO t VALUES(6);
RELEASE a2;
SELECT * FROM t;
COMMIT;
SELECT * FROM t;
=== RELEASE of the outermost savepoint commits
CREATE TABLE t(a);
SAVEPOINT s;
INSERT INTO t VALUES(1);
@b SELECT count(*) FROM t;
RELEASE s;
@b SELECT count(*) FROM t;
=== an autoincrement value taken back by a savepoint is given again
CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b);
BEGIN;
INSERT INTO t(b) VALUES('x');
SAVEPOINT s;
INSERT INTO t(b) VALUES('y');
ROLLBACK TO s;
INSERT INTO t(b) VALUES('z');
COMMIT;
SELECT * FROM t;
SELECT * FROM sqlite_sequence;
=== release outside a transaction commits
CREATE TABLE t(a);
SAVEPOINT one;
INSERT INTO t VALUES(1);
RELEASE one;
@b SELECT * FROM t;
=== rollback to takes back and keeps the savepoint
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(1);
SAVEPOINT s;
INSERT INTO t VALUES(2);
ROLLBACK TO s;
INSERT INTO t VALUES(3);
ROLLBACK TO SAVEPOINT s;
INSERT INTO t VALUES(4);
RELEASE SAVEPOINT s;
COMMIT;
SELECT * FROM t;
=== nested savepoints
CREATE TABLE t(a);
SAVEPOINT a;
INSERT INTO t VALUES('a');
SAVEPOINT b;
INSERT INTO t VALUES('b');
SAVEPOINT c;
INSERT INTO t VALUES('c');
ROLLBACK TO b;
SELECT * FROM t;
INSERT INTO t VALUES('d');
RELEASE a;
SELECT * FROM t;
=== savepoints of one name: the innermost counts
CREATE TABLE t(a);
BEGIN;
SAVEPOINT s;
INSERT INTO t VALUES(1);
SAVEPOINT s;
INSERT INTO t VALUES(2);
ROLLBACK TO s;
SELECT * FROM t;
RELEASE s;
ROLLBACK TO s;
SELECT * FROM t;
COMMIT;
=== a savepoint that does not exist
SAVEPOINT x;
ROLLBACK TO y;
RELEASE y;
RELEASE x;
ROLLBACK TO x;
=== savepoints over schema changes
CREATE TABLE t(a);
BEGIN;
SAVEPOINT s;
ALTER TABLE t ADD b;
CREATE TABLE u(x);
INSERT INTO t VALUES(1,2);
ROLLBACK TO s;
SELECT * FROM t;
SELECT * FROM u;
CREATE TABLE u(y);
COMMIT;
INSERT INTO u VALUES(1);
=== rollback with savepoints open
CREATE TABLE t(a);
SAVEPOINT s;
INSERT INTO t VALUES(1);
SAVEPOINT s2;
ROLLBACK;
SELECT * FROM t;
RELEASE s;
=== a savepoint takes back many pages
CREATE TABLE t(a, b);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<500) INSERT INTO t SELECT i, hex(zeroblob(100)) FROM q;
BEGIN;
DELETE FROM t WHERE a%2;
SAVEPOINT s;
UPDATE t SET b=b||b;
DELETE FROM t WHERE a<400;
ROLLBACK TO s;
SELECT count(*), sum(a), sum(length(b)) FROM t;
COMMIT;
SELECT count(*), sum(a), sum(length(b)) FROM t;
=== a failed statement inside a savepoint
CREATE TABLE t(a CHECK(a<10));
SAVEPOINT s;
INSERT INTO t VALUES(1);
INSERT INTO t VALUES(2),(20);
RELEASE s;
SELECT * FROM t;
=== or rollback ends savepoints too
CREATE TABLE t(a UNIQUE);
SAVEPOINT s;
INSERT INTO t VALUES(1);
INSERT OR ROLLBACK INTO t VALUES(1);
RELEASE s;
SELECT * FROM t;
