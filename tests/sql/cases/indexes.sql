=== a partial index
CREATE TABLE t(id INTEGER PRIMARY KEY, state, v);
CREATE INDEX i ON t(v) WHERE state='open';
INSERT INTO t(state,v) VALUES('open',3),('done',1),('open',1),('open',2);
SELECT id FROM t WHERE state='open' AND v>1 ORDER BY v;
EXPLAIN QUERY PLAN SELECT id FROM t WHERE state='open' AND v>1;
UPDATE t SET state='done' WHERE v=3;
SELECT id FROM t WHERE state='open' ORDER BY v;
=== a partial unique index
CREATE TABLE t(a, live);
CREATE UNIQUE INDEX i ON t(a) WHERE live;
INSERT INTO t VALUES(1,0),(1,0),(1,1);
INSERT INTO t VALUES(1,1);
UPDATE t SET live=1;
SELECT * FROM t;
=== an expression index
CREATE TABLE t(a,b);
CREATE INDEX i ON t(abs(a), lower(b));
INSERT INTO t VALUES(-5,'X'),(5,'y'),(2,'Z');
SELECT * FROM t WHERE abs(a)=5 ORDER BY lower(b);
EXPLAIN QUERY PLAN SELECT * FROM t WHERE abs(a)=5;
CREATE INDEX bad ON t(random());
CREATE INDEX bad ON t((SELECT 1));
=== a unique index over existing doubles
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(1);
CREATE UNIQUE INDEX i ON t(a);
DELETE FROM t WHERE rowid=2;
CREATE UNIQUE INDEX i ON t(a);
INSERT INTO t VALUES(1);
=== descending and collated indexes
CREATE TABLE t(a,b);
INSERT INTO t VALUES('b',1),('A',2),('a',3),('B',4);
CREATE INDEX i ON t(a COLLATE NOCASE DESC, b);
SELECT a,b FROM t ORDER BY a COLLATE NOCASE DESC, b;
EXPLAIN QUERY PLAN SELECT a,b FROM t ORDER BY a COLLATE NOCASE DESC, b;
=== indexed by and not indexed
CREATE TABLE t(a);
CREATE INDEX i ON t(a);
SELECT * FROM t INDEXED BY i WHERE a=1;
SELECT * FROM t INDEXED BY nope WHERE a=1;
SELECT * FROM t NOT INDEXED WHERE a=1;
=== reindex
CREATE TABLE t(a TEXT);
CREATE INDEX i ON t(a);
INSERT INTO t VALUES('x'),('y');
REINDEX;
REINDEX t;
REINDEX i;
REINDEX NOCASE;
REINDEX nope;
SELECT a FROM t WHERE a='x';
=== nulls in unique indexes
CREATE TABLE t(a UNIQUE);
INSERT INTO t VALUES(NULL),(NULL),(1);
INSERT INTO t VALUES(1);
SELECT count(*) FROM t WHERE a IS NULL;
SELECT * FROM t ORDER BY a DESC NULLS FIRST;
SELECT * FROM t ORDER BY a NULLS LAST;
=== drop and list indexes
CREATE TABLE t(a UNIQUE, b);
CREATE INDEX i ON t(b);
PRAGMA index_list(t);
PRAGMA index_info(i);
PRAGMA index_xinfo(i);
DROP INDEX i;
DROP INDEX i;
DROP INDEX IF EXISTS i;
DROP INDEX sqlite_autoindex_t_1;
=== analyze and its plans
CREATE TABLE t(a,b);
CREATE INDEX ia ON t(a);
CREATE INDEX ib ON t(b);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<300) INSERT INTO t SELECT i%2, i FROM q;
ANALYZE;
SELECT tbl,idx,stat FROM sqlite_stat1 ORDER BY idx;
EXPLAIN QUERY PLAN SELECT * FROM t WHERE a=1 AND b=7;
SELECT tbl,idx,neq,nlt,ndlt FROM sqlite_stat4 ORDER BY 1,2,4 LIMIT 10;
ANALYZE t;
DELETE FROM sqlite_stat1;
ANALYZE nope;
=== a covering index
CREATE TABLE t(a,b,c);
CREATE INDEX i ON t(a,b);
INSERT INTO t VALUES(1,2,3),(1,1,1);
EXPLAIN QUERY PLAN SELECT b FROM t WHERE a=1;
SELECT b FROM t WHERE a=1;
SELECT c FROM t WHERE a=1 AND b IN (1,2);
=== plans of joins and sorts
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
CREATE TABLE u(c, d);
EXPLAIN QUERY PLAN SELECT * FROM t JOIN u ON t.a=u.c ORDER BY d;
EXPLAIN QUERY PLAN SELECT b, count(*) FROM t GROUP BY b;
EXPLAIN QUERY PLAN SELECT * FROM t WHERE a=1 UNION SELECT * FROM u;
EXPLAIN QUERY PLAN DELETE FROM t WHERE b IN (SELECT c FROM u);
=== like and glob with an index
CREATE TABLE t(a TEXT COLLATE NOCASE);
CREATE INDEX i ON t(a);
INSERT INTO t VALUES('apple'),('Apricot'),('banana');
SELECT a FROM t WHERE a LIKE 'ap%' ORDER BY a;
SELECT a FROM t WHERE a GLOB 'A*';
SELECT 'a%b' LIKE 'a\%b' ESCAPE '\', 'abc' LIKE 'A_C', 'abc' GLOB 'a[b-d]c';
PRAGMA case_sensitive_like=ON;
SELECT a FROM t WHERE a LIKE 'ap%';
=== an index on many equal keys
CREATE TABLE t(a,b);
CREATE INDEX i ON t(a);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<600) INSERT INTO t SELECT i%3, i FROM q;
DELETE FROM t WHERE a=1 AND b>100;
SELECT a, count(*), sum(b) FROM t GROUP BY a;
UPDATE t SET a=a+1;
SELECT a, count(*), sum(b) FROM t GROUP BY a;
=== long keys overflow in an index
CREATE TABLE t(a TEXT UNIQUE);
INSERT INTO t VALUES(hex(zeroblob(3000))||'a'),(hex(zeroblob(3000))||'b'),(hex(zeroblob(6000)));
INSERT INTO t VALUES(hex(zeroblob(3000))||'a');
SELECT length(a), substr(a,-1) FROM t ORDER BY a;
DELETE FROM t WHERE a=hex(zeroblob(3000))||'b';
SELECT count(*) FROM t;
