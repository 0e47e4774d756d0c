=== vacuum keeps everything
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
CREATE INDEX i ON t(a);
CREATE TABLE w(k PRIMARY KEY, v) WITHOUT ROWID;
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<200) INSERT INTO t(a) SELECT hex(zeroblob(i)) FROM q;
INSERT INTO w SELECT id, a FROM t;
DELETE FROM t WHERE id%3=0;
VACUUM;
PRAGMA freelist_count;
SELECT count(*), sum(id), sum(length(a)) FROM t;
SELECT count(*) FROM w;
INSERT INTO t(a) VALUES('after');
SELECT max(id) FROM t;
=== vacuum inside a transaction is an error
BEGIN;
VACUUM;
COMMIT;
=== vacuum with fts, views and triggers
CREATE VIRTUAL TABLE f USING fts5(x);
INSERT INTO f VALUES('one two'),('two three');
CREATE TABLE t(a);
CREATE VIEW v AS SELECT * FROM t;
CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO f VALUES(new.a); END;
INSERT INTO t VALUES('four');
VACUUM;
SELECT x FROM f('two OR four') ORDER BY rowid;
=== vacuum of an empty database
VACUUM;
CREATE TABLE t(a);
DROP TABLE t;
VACUUM;
=== vacuum renumbers plain rowids only
CREATE TABLE t(a);
INSERT INTO t(rowid,a) VALUES(10,'x'),(20,'y');
VACUUM;
SELECT a FROM t ORDER BY a;
=== vacuum while another connection reads
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2);
@b BEGIN;
@b SELECT * FROM t;
DELETE FROM t WHERE a=1;
VACUUM;
@b SELECT * FROM t;
@b COMMIT;
@b SELECT * FROM t;
=== vacuum of an attached database that does not exist
VACUUM nope;
=== vacuum changes auto_vacuum
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(5000));
PRAGMA auto_vacuum=FULL;
PRAGMA auto_vacuum;
VACUUM;
PRAGMA auto_vacuum;
DELETE FROM t;
PRAGMA freelist_count;
