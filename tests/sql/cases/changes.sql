=== a swap of two keys
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
INSERT INTO t VALUES(1,'one'),(2,'two');
BEGIN;
UPDATE t SET id=3 WHERE id=1; UPDATE t SET id=1 WHERE id=2; UPDATE t SET id=2 WHERE id=3;
COMMIT;
SELECT * FROM t;
=== a row moves from one table to another
CREATE TABLE a(id INTEGER PRIMARY KEY, v); CREATE TABLE b(id INTEGER PRIMARY KEY, v);
INSERT INTO a VALUES(1,'x'),(2,'y');
BEGIN; INSERT INTO b SELECT * FROM a WHERE id=1; DELETE FROM a WHERE id=1; COMMIT;
SELECT * FROM a; SELECT * FROM b;
=== type changes of equal looking values
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(1,1),(2,'2'),(3,x'33');
UPDATE t SET v=1.0 WHERE id=1;
UPDATE t SET v=2 WHERE id=2;
UPDATE t SET v='3' WHERE id=3;
SELECT id, typeof(v) FROM t;
=== an update to what was there
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(1,'x');
UPDATE t SET v='x';
REPLACE INTO t VALUES(1,'x');
SELECT * FROM t;
=== null to empty and back
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(1,NULL);
UPDATE t SET v='';
UPDATE t SET v=x'';
UPDATE t SET v=NULL;
SELECT quote(v) FROM t;
=== keys without rowid move
CREATE TABLE t(k TEXT PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO t VALUES('a',1),('b',2),('c',3);
UPDATE t SET k='z'||k;
DELETE FROM t WHERE v=2;
UPDATE t SET k='a' WHERE v=3;
SELECT * FROM t;
=== one insert into a full leaf
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<200) INSERT INTO t SELECT i*2, 'some text that fills '||i FROM q;
INSERT INTO t VALUES(101,'between');
INSERT INTO t VALUES(203,'between');
DELETE FROM t WHERE id=200;
SELECT count(*), sum(id) FROM t;
=== an index alone changes
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(1,'b'),(2,'a');
CREATE INDEX i ON t(v);
REINDEX i;
DROP INDEX i;
SELECT * FROM t;
=== overflow pages alone change
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(1,zeroblob(30000));
UPDATE t SET v=zeroblob(29999)||x'01';
UPDATE t SET v=zeroblob(15000)||x'02'||zeroblob(14999);
SELECT length(v), hex(substr(v,15001,1)) FROM t;
=== rows of a dropped table do not come back in a new one
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(1,'old'),(2,'old');
DROP TABLE t;
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(2,'new');
SELECT * FROM t;
=== drop, create and fill in one transaction
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(1,'old');
BEGIN; DROP TABLE t; CREATE TABLE t(id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES(1,'new'); COMMIT;
UPDATE t SET v=v||'er';
SELECT * FROM t;
=== a cascade is many changes in one commit
PRAGMA foreign_keys=ON;
CREATE TABLE p(id INTEGER PRIMARY KEY);
CREATE TABLE c(id INTEGER PRIMARY KEY, p REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE);
INSERT INTO p VALUES(1),(2);
INSERT INTO c(p) VALUES(1),(2),(1);
UPDATE p SET id=id+10;
DELETE FROM p WHERE id=11;
SELECT * FROM c;
=== triggers change other tables in the same commit
CREATE TABLE t(a); CREATE TABLE u(a); CREATE TABLE n(c);
INSERT INTO n VALUES(0);
CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO u VALUES(new.a*2); UPDATE n SET c=c+1; END;
INSERT INTO t VALUES(1),(2);
SELECT * FROM u; SELECT * FROM n;
=== a rolled back savepoint is no change
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(1,'x');
BEGIN; SAVEPOINT s; UPDATE t SET v='y'; INSERT INTO t VALUES(2,'z'); ROLLBACK TO s; INSERT INTO t VALUES(3,'w'); COMMIT;
SELECT * FROM t;
=== changes of two connections in turn
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(1,0);
@b UPDATE t SET v=v+1;
UPDATE t SET v=v+1;
@c INSERT INTO t VALUES(2,v_);
@c INSERT INTO t VALUES(2,0);
@b DELETE FROM t WHERE id=1;
SELECT * FROM t;
=== stored generated columns follow their row
CREATE TABLE t(id INTEGER PRIMARY KEY, a, s AS (a||'!') STORED, v AS (a||'?'));
INSERT INTO t(a) VALUES('x'),('y');
UPDATE t SET a='z' WHERE id=1;
DELETE FROM t WHERE id=2;
SELECT * FROM t;
=== an added column changes no row by itself
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
INSERT INTO t VALUES(1,'x'),(2,'y');
ALTER TABLE t ADD b DEFAULT 7;
UPDATE t SET a='z' WHERE id=2;
UPDATE t SET b=8 WHERE id=1;
SELECT * FROM t;
=== names that differ in case
CREATE TABLE "Mixed Case"(Id INTEGER PRIMARY KEY, V);
INSERT INTO "mixed case" VALUES(1,'x');
UPDATE "MIXED CASE" SET v='y';
SELECT id, v FROM "Mixed Case";
=== a schema of many pages
CREATE TABLE base(a);
CREATE VIEW v1 AS SELECT a AS aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa FROM base;
CREATE VIEW v2 AS SELECT a AS bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb FROM base;
CREATE VIEW v3 AS SELECT a AS cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc FROM base;
CREATE TABLE last(a);
INSERT INTO last VALUES(1); INSERT INTO base VALUES(2);
DROP VIEW v2;
UPDATE last SET a=3;
SELECT * FROM last; SELECT * FROM v3;
=== deleting every second row of many
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<1000) INSERT INTO t SELECT i, 'v'||i FROM q;
DELETE FROM t WHERE id%2;
UPDATE t SET v='w'||id WHERE id%4=0;
INSERT INTO t SELECT id+1, 'odd' FROM t WHERE id%10=0;
SELECT count(*), sum(id), sum(length(v)) FROM t;
=== a table whose only column is its key
CREATE TABLE t(id INTEGER PRIMARY KEY);
INSERT INTO t VALUES(1),(5);
UPDATE t SET id=6 WHERE id=5;
DELETE FROM t WHERE id=1;
SELECT * FROM t;
=== a table without a key
CREATE TABLE t(a,b);
INSERT INTO t VALUES(1,1),(1,1),(1,1);
DELETE FROM t WHERE rowid=2;
UPDATE t SET b=2 WHERE rowid=3;
SELECT rowid,* FROM t;
=== fts content and rows of the same commit
CREATE TABLE t(a);
CREATE VIRTUAL TABLE f USING fts5(x);
BEGIN; INSERT INTO t VALUES('x'); INSERT INTO f VALUES('one'); COMMIT;
UPDATE f SET x='two';
DELETE FROM f;
SELECT count(*) FROM f;
=== rtree rows are not a user's tables
CREATE VIRTUAL TABLE r USING rtree(id,a,b);
CREATE TABLE t(a);
BEGIN; INSERT INTO r VALUES(1,2,3); INSERT INTO t VALUES(1); COMMIT;
DELETE FROM r;
SELECT * FROM t;
=== sequences are not a user's rows
CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a);
INSERT INTO t(a) VALUES('x');
UPDATE sqlite_sequence SET seq=10;
INSERT INTO t(a) VALUES('y');
SELECT * FROM t;
=== double keys in a composite order
CREATE TABLE t(a, b, c, PRIMARY KEY(b DESC, a)) WITHOUT ROWID;
INSERT INTO t VALUES(1,1,'x'),(2,1,'y'),(1,2,'z');
UPDATE t SET c=c||'!' WHERE b=1;
UPDATE t SET b=3 WHERE a=2;
DELETE FROM t WHERE b=2;
SELECT * FROM t;
=== real keys
CREATE TABLE t(k REAL PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO t VALUES(1,'one'),(1.5,'half'),(-0.0,'zero'),(1e300,'big');
UPDATE t SET v=v||'!' WHERE k=1;
UPDATE t SET k=k*2 WHERE k<2;
SELECT * FROM t;
