=== a committed transaction is kept
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(1),(2);
COMMIT;
SELECT * FROM t;
=== a rolled back transaction leaves nothing
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
BEGIN;
INSERT INTO t VALUES(2);
UPDATE t SET a = a + 10;
SELECT * FROM t;
ROLLBACK;
SELECT * FROM t;
=== DDL is transactional
CREATE TABLE t(a);
BEGIN;
CREATE TABLE u(b);
CREATE INDEX i ON t(a);
DROP TABLE t;
ROLLBACK;
SELECT name FROM sqlite_schema;
=== BEGIN inside a transaction is an error
BEGIN;
BEGIN;
COMMIT;
=== COMMIT and ROLLBACK outside a transaction are errors
COMMIT;
ROLLBACK;
END;
=== BEGIN IMMEDIATE and EXCLUSIVE write
CREATE TABLE t(a);
BEGIN IMMEDIATE;
INSERT INTO t VALUES(1);
COMMIT;
BEGIN EXCLUSIVE;
INSERT INTO t VALUES(2);
END TRANSACTION;
SELECT * FROM t;
=== a transaction without changes commits
CREATE TABLE t(a);
BEGIN;
SELECT count(*) FROM t;
COMMIT;
BEGIN IMMEDIATE;
COMMIT;
=== another connection sees only what was committed
CREATE TABLE t(a);
BEGIN;
INSERT INTO t VALUES(1);
@b SELECT count(*) FROM t;
COMMIT;
@b SELECT count(*) FROM t;
=== a reader keeps its snapshot while another commits
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
@b BEGIN;
@b SELECT count(*) FROM t;
INSERT INTO t VALUES(2);
@b SELECT count(*) FROM t;
@b COMMIT;
@b SELECT count(*) FROM t;
=== dropping a table leaves an older snapshot alone
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
@b BEGIN;
@b SELECT * FROM t;
DROP TABLE t;
@b SELECT * FROM t;
@b COMMIT;
@b SELECT name FROM sqlite_schema;
=== rows deleted by another stay in the snapshot
CREATE TABLE t(a, b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<500) INSERT INTO t SELECT i, hex(i) FROM n;
@b BEGIN;
@b SELECT count(*), sum(a) FROM t;
DELETE FROM t WHERE a % 2;
VACUUM;
@b SELECT count(*), sum(a) FROM t;
@b COMMIT;
@b SELECT count(*), sum(a) FROM t;
=== a failing statement does not end the transaction
CREATE TABLE t(a PRIMARY KEY);
BEGIN;
INSERT INTO t VALUES(1);
INSERT INTO t VALUES(1);
INSERT INTO t VALUES(2);
COMMIT;
SELECT * FROM t;
=== a statement that fails half way is undone alone
CREATE TABLE t(a PRIMARY KEY);
BEGIN;
INSERT INTO t VALUES(5);
INSERT INTO t VALUES(1),(2),(5),(3);
SELECT * FROM t ORDER BY a;
COMMIT;
=== a failing statement in autocommit changes nothing
CREATE TABLE t(a PRIMARY KEY);
INSERT INTO t VALUES(1),(2),(1);
SELECT count(*) FROM t;
=== OR ROLLBACK ends the transaction
CREATE TABLE t(a PRIMARY KEY);
INSERT INTO t VALUES(1);
BEGIN;
INSERT INTO t VALUES(2);
INSERT OR ROLLBACK INTO t VALUES(1);
COMMIT;
SELECT * FROM t;
=== OR FAIL keeps what came before it in the statement
CREATE TABLE t(a PRIMARY KEY);
INSERT INTO t VALUES(3);
INSERT OR FAIL INTO t VALUES(1),(2),(3),(4);
SELECT * FROM t ORDER BY a;
=== OR ABORT undoes the statement
CREATE TABLE t(a PRIMARY KEY);
INSERT INTO t VALUES(3);
INSERT OR ABORT INTO t VALUES(1),(2),(3),(4);
SELECT * FROM t;
=== OR IGNORE skips the row
CREATE TABLE t(a PRIMARY KEY, b);
INSERT INTO t VALUES(3, 'old');
INSERT OR IGNORE INTO t VALUES(1,'n'),(3,'n'),(4,'n');
SELECT * FROM t ORDER BY a;
=== OR REPLACE replaces the row
CREATE TABLE t(a PRIMARY KEY, b UNIQUE);
INSERT INTO t VALUES(1,'x'),(2,'y'),(3,'z');
INSERT OR REPLACE INTO t VALUES(1,'y');
SELECT * FROM t ORDER BY a;
=== UPDATE OR REPLACE removes what is in the way
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,'x'),(2,'y'),(3,'z');
UPDATE OR REPLACE t SET a = a + 1 WHERE a < 3;
SELECT * FROM t;
=== many small commits
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t(b) VALUES('a');
INSERT INTO t(b) VALUES('b');
UPDATE t SET b = 'c' WHERE a = 1;
DELETE FROM t WHERE a = 2;
INSERT INTO t(b) VALUES('d');
SELECT * FROM t;
=== a large transaction spills and commits
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000) INSERT INTO t SELECT i, zeroblob(5000) FROM n;
UPDATE t SET b = zeroblob(4000) || x'01' WHERE a % 3 = 0;
SELECT count(*), sum(length(b)) FROM t;
COMMIT;
SELECT count(*), sum(length(b)) FROM t;
=== a large transaction spills and rolls back
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1, 'kept');
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i+1 FROM n WHERE i<3000) INSERT INTO t SELECT i, zeroblob(5000) FROM n;
DELETE FROM t WHERE a = 1;
ROLLBACK;
SELECT * FROM t;
=== the write lock goes from one to the other
CREATE TABLE t(a);
BEGIN IMMEDIATE;
INSERT INTO t VALUES(1);
COMMIT;
@b BEGIN IMMEDIATE;
@b INSERT INTO t VALUES(2);
@b COMMIT;
INSERT INTO t VALUES(3);
SELECT * FROM t;
=== a deferred transaction may write first
CREATE TABLE t(a);
BEGIN DEFERRED;
INSERT INTO t VALUES(1);
SELECT * FROM t;
COMMIT;
=== a committed transaction stays
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
BEGIN;
INSERT INTO t VALUES(1,'x'),(2,'y');
SELECT * FROM t;
COMMIT;
SELECT * FROM t;
=== a rolled back transaction leaves nothing
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
BEGIN;
DELETE FROM t;
CREATE TABLE u(a);
ROLLBACK;
SELECT * FROM t;
SELECT * FROM u;
=== begin inside a transaction is an error
BEGIN;
BEGIN;
COMMIT;
=== commit and rollback outside a transaction are errors
COMMIT;
ROLLBACK;
END;
=== immediate and exclusive transactions write
CREATE TABLE t(a);
BEGIN IMMEDIATE;
INSERT INTO t VALUES(1);
END TRANSACTION;
BEGIN EXCLUSIVE TRANSACTION;
INSERT INTO t VALUES(2);
COMMIT TRANSACTION;
SELECT * FROM t;
=== a reader does not see what is not committed
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
BEGIN;
INSERT INTO t VALUES(2);
@b SELECT * FROM t;
COMMIT;
@b SELECT * FROM t;
=== a reader keeps its snapshot until its transaction ends
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
@b BEGIN;
@b SELECT * FROM t;
INSERT INTO t VALUES(2);
CREATE TABLE u(x);
@b SELECT * FROM t;
@b SELECT * FROM u;
@b COMMIT;
@b SELECT * FROM t;
@b SELECT * FROM u;
=== a deferred transaction takes its snapshot with the first read
CREATE TABLE t(a);
@b BEGIN;
INSERT INTO t VALUES(1);
@b SELECT * FROM t;
INSERT INTO t VALUES(2);
@b SELECT * FROM t;
@b ROLLBACK;
=== a deferred transaction that did not read may write after others
CREATE TABLE t(a);
@b BEGIN;
INSERT INTO t VALUES(1);
@b INSERT INTO t VALUES(2);
@b COMMIT;
SELECT * FROM t ORDER BY a;
=== three connections take turns
CREATE TABLE t(a INTEGER PRIMARY KEY, who);
INSERT INTO t(who) VALUES('a');
@b INSERT INTO t(who) VALUES('b');
@c INSERT INTO t(who) VALUES('c');
INSERT INTO t(who) VALUES('a');
@b DELETE FROM t WHERE who='a';
@c SELECT * FROM t;
=== the schema of others is noticed
CREATE TABLE t(a);
@b SELECT * FROM t;
ALTER TABLE t ADD b DEFAULT 5;
@b INSERT INTO t VALUES(1,2);
@b SELECT * FROM t;
DROP TABLE t;
@b SELECT * FROM t;
=== a failed statement in a transaction takes back only itself
CREATE TABLE t(a UNIQUE);
BEGIN;
INSERT INTO t VALUES(1);
INSERT INTO t VALUES(2),(3),(1);
SELECT * FROM t;
COMMIT;
SELECT * FROM t;
=== or fail keeps the rows before the failing one
CREATE TABLE t(a UNIQUE);
INSERT INTO t VALUES(3);
INSERT OR FAIL INTO t VALUES(1),(2),(3),(4);
SELECT * FROM t ORDER BY a;
UPDATE OR FAIL t SET a=a+1;
SELECT * FROM t ORDER BY a;
=== or rollback ends the transaction
CREATE TABLE t(a UNIQUE);
BEGIN;
INSERT INTO t VALUES(1);
INSERT OR ROLLBACK INTO t VALUES(1);
COMMIT;
SELECT * FROM t;
=== or abort, ignore and replace
CREATE TABLE t(a UNIQUE, b);
INSERT INTO t VALUES(1,'first'),(2,'second');
INSERT OR ABORT INTO t VALUES(9,'no'),(1,'no');
INSERT OR IGNORE INTO t VALUES(9,'yes'),(1,'no');
INSERT OR REPLACE INTO t VALUES(2,'replaced');
REPLACE INTO t VALUES(1,'replaced too');
SELECT rowid,* FROM t ORDER BY rowid;
=== conflict clauses of constraints
CREATE TABLE t(a UNIQUE ON CONFLICT REPLACE, b NOT NULL ON CONFLICT IGNORE, c UNIQUE ON CONFLICT ROLLBACK);
INSERT INTO t VALUES(1,1,1);
INSERT INTO t VALUES(1,2,2);
INSERT INTO t VALUES(5,NULL,5);
BEGIN;
INSERT INTO t VALUES(6,6,6);
INSERT INTO t VALUES(7,7,2);
SELECT * FROM t;
=== a ddl transaction is one commit
BEGIN;
CREATE TABLE t(a);
CREATE INDEX i ON t(a);
INSERT INTO t VALUES(1);
CREATE VIEW v AS SELECT a+1 AS b FROM t;
COMMIT;
SELECT * FROM v;
=== an empty transaction
BEGIN;
COMMIT;
BEGIN IMMEDIATE;
ROLLBACK;
=== a statement that changes nothing
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
UPDATE t SET a=1;
DELETE FROM t WHERE a=2;
SELECT changes();
=== changes and last_insert_rowid
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t(b) VALUES('x'),('y'),('z');
SELECT changes(), last_insert_rowid(), total_changes();
UPDATE t SET b='w' WHERE a>1;
SELECT changes(), last_insert_rowid(), total_changes();
DELETE FROM t;
SELECT changes(), last_insert_rowid(), total_changes();
INSERT INTO t VALUES(77,'q');
SELECT changes(), last_insert_rowid(), total_changes();
=== writing queues behind an open writer
CREATE TABLE t(a);
BEGIN IMMEDIATE;
INSERT INTO t VALUES(1);
@b SELECT count(*) FROM t;
ROLLBACK;
@b INSERT INTO t VALUES(2);
SELECT * FROM t;
