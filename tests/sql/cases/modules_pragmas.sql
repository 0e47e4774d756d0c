=== FTS5 finds words
CREATE VIRTUAL TABLE d USING fts5(title, body);
INSERT INTO d VALUES('one','the quick brown fox'),('two','the lazy dog'),('three','quick dogs run');
SELECT title FROM d WHERE d MATCH 'quick' ORDER BY rowid;
SELECT title FROM d('lazy OR brown') ORDER BY rowid;
SELECT title FROM d WHERE d MATCH 'title:three';
=== FTS5 phrases, prefixes, NEAR and NOT
CREATE VIRTUAL TABLE d USING fts5(body);
INSERT INTO d VALUES('the quick brown fox'),('quick and brown'),('a brownish quick thing');
SELECT rowid FROM d WHERE d MATCH '"quick brown"';
SELECT rowid FROM d WHERE d MATCH 'brown*' ORDER BY rowid;
SELECT rowid FROM d WHERE d MATCH 'NEAR(quick brown, 2)' ORDER BY rowid;
SELECT rowid FROM d WHERE d MATCH 'quick NOT fox' ORDER BY rowid;
=== FTS5 snippet, highlight and bm25
CREATE VIRTUAL TABLE d USING fts5(body);
INSERT INTO d VALUES('alpha beta gamma delta'),('beta beta');
SELECT highlight(d, 0, '<', '>'), snippet(d, 0, '[', ']', '..', 2) FROM d WHERE d MATCH 'beta' ORDER BY rank;
=== FTS5 updates and deletes
CREATE VIRTUAL TABLE d USING fts5(body);
INSERT INTO d(rowid, body) VALUES(1,'one'),(2,'two');
UPDATE d SET body = 'uno' WHERE rowid = 1;
DELETE FROM d WHERE rowid = 2;
SELECT rowid, body FROM d;
SELECT count(*) FROM d WHERE d MATCH 'one OR two';
INSERT INTO d(d) VALUES('integrity-check');
INSERT INTO d(d) VALUES('optimize');
=== FTS5 in a transaction that is rolled back
CREATE VIRTUAL TABLE d USING fts5(body);
INSERT INTO d VALUES('kept');
BEGIN;
INSERT INTO d VALUES('lost');
SELECT count(*) FROM d WHERE d MATCH 'lost';
ROLLBACK;
SELECT count(*) FROM d WHERE d MATCH 'lost';
SELECT count(*) FROM d WHERE d MATCH 'kept';
=== FTS5 with external content and triggers
CREATE TABLE t(id INTEGER PRIMARY KEY, body);
CREATE VIRTUAL TABLE d USING fts5(body, content='t', content_rowid='id');
CREATE TRIGGER ti AFTER INSERT ON t BEGIN INSERT INTO d(rowid, body) VALUES(new.id, new.body); END;
CREATE TRIGGER td AFTER DELETE ON t BEGIN INSERT INTO d(d, rowid, body) VALUES('delete', old.id, old.body); END;
INSERT INTO t(body) VALUES('red'),('green');
DELETE FROM t WHERE id = 1;
SELECT rowid, body FROM d WHERE d MATCH 'green OR red';
=== FTS5 trigram and porter tokenizers
CREATE VIRTUAL TABLE tri USING fts5(b, tokenize='trigram');
CREATE VIRTUAL TABLE por USING fts5(b, tokenize='porter');
INSERT INTO tri VALUES('abcdefg');
INSERT INTO por VALUES('running runs');
SELECT count(*) FROM tri WHERE b LIKE '%cde%';
SELECT count(*) FROM por WHERE por MATCH 'run';
=== FTS3 and FTS4 are there
CREATE VIRTUAL TABLE f USING fts4(body);
INSERT INTO f VALUES('hello world');
SELECT * FROM f WHERE f MATCH 'world';
=== an FTS5 syntax error is an error
CREATE VIRTUAL TABLE d USING fts5(b);
SELECT * FROM d WHERE d MATCH '"open';
SELECT * FROM d WHERE d MATCH 'x AND';
=== R-Tree finds boxes
CREATE VIRTUAL TABLE r USING rtree(id, x0, x1, y0, y1);
INSERT INTO r VALUES(1, 0, 10, 0, 10),(2, 5, 15, 5, 15),(3, 20, 30, 20, 30);
SELECT id FROM r WHERE x1 >= 6 AND x0 <= 8 AND y1 >= 6 AND y0 <= 8 ORDER BY id;
DELETE FROM r WHERE id = 1;
UPDATE r SET x0 = 21 WHERE id = 3;
SELECT * FROM r;
SELECT rtreecheck('r');
=== R-Tree with many boxes
CREATE VIRTUAL TABLE r USING rtree_i32(id, x0, x1);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<1000) INSERT INTO r SELECT i, i, i + 5 FROM n;
SELECT count(*), min(id), max(id) FROM r WHERE x0 >= 100 AND x1 <= 200;
DELETE FROM r WHERE id % 2;
SELECT count(*) FROM r;
=== R-Tree with a box turned inside out is an error
CREATE VIRTUAL TABLE r USING rtree(id, x0, x1);
INSERT INTO r VALUES(1, 10, 5);
=== geopoly
CREATE VIRTUAL TABLE g USING geopoly(name);
INSERT INTO g(_shape, name) VALUES('[[0,0],[10,0],[10,10],[0,10],[0,0]]', 'square');
SELECT name, geopoly_area(_shape) FROM g WHERE geopoly_contains_point(_shape, 5, 5);
=== dbstat and other tables of the library
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
SELECT count(*) > 0 FROM dbstat WHERE name = 't';
SELECT value FROM generate_series(1, 3);
SELECT name FROM pragma_table_info('t');
=== user_version and application_id
PRAGMA user_version;
PRAGMA user_version = 42;
PRAGMA application_id = 7;
PRAGMA user_version;
PRAGMA application_id;
=== user_version in a transaction that is rolled back
PRAGMA user_version = 1;
BEGIN;
PRAGMA user_version = 2;
ROLLBACK;
PRAGMA user_version;
=== journal_mode answers wal
CREATE TABLE t(a);
@ours wal PRAGMA journal_mode;
@ours wal PRAGMA journal_mode = DELETE;
@ours wal PRAGMA journal_mode = WAL;
INSERT INTO t VALUES(1);
SELECT * FROM t;
=== synchronous may be set and changes nothing we promise
PRAGMA synchronous = OFF;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
PRAGMA synchronous = FULL;
SELECT * FROM t;
=== table_info, index_list and index_info
CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT 'x', c AS (b));
CREATE UNIQUE INDEX i ON t(b);
PRAGMA table_info(t);
PRAGMA table_xinfo(t);
PRAGMA index_list(t);
PRAGMA index_info(i);
PRAGMA index_xinfo(i);
=== encoding UTF-16
PRAGMA encoding = 'UTF-16le';
CREATE TABLE t(a);
INSERT INTO t VALUES('äöü'),('🦆');
SELECT a, length(a) FROM t;
PRAGMA encoding;
=== auto_vacuum full
PRAGMA auto_vacuum = FULL;
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100) INSERT INTO t SELECT i, zeroblob(3000) FROM n;
DELETE FROM t WHERE a < 90;
PRAGMA freelist_count;
SELECT count(*) FROM t;
DROP TABLE t;
=== incremental vacuum
PRAGMA auto_vacuum = INCREMENTAL;
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100) INSERT INTO t SELECT i, zeroblob(3000) FROM n;
DELETE FROM t WHERE a < 90;
PRAGMA incremental_vacuum(5);
PRAGMA incremental_vacuum;
PRAGMA freelist_count;
SELECT count(*) FROM t;
=== secure_delete
PRAGMA secure_delete = ON;
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(9000)),('x');
DELETE FROM t WHERE typeof(a) = 'blob';
SELECT * FROM t;
=== integrity_check and quick_check
CREATE TABLE t(a PRIMARY KEY, b);
INSERT INTO t VALUES(1,2);
PRAGMA integrity_check;
PRAGMA quick_check;
PRAGMA integrity_check(t);
=== database_list, collation_list and compile options answer
PRAGMA collation_list;
SELECT count(*) > 0 FROM pragma_compile_options;
SELECT count(*) > 0 FROM pragma_function_list WHERE name = 'json';
=== query_only refuses writes
CREATE TABLE t(a);
PRAGMA query_only = ON;
INSERT INTO t VALUES(1);
PRAGMA query_only = OFF;
INSERT INTO t VALUES(1);
SELECT * FROM t;
=== cache_spill and cache_size may be changed
PRAGMA cache_size = 10;
CREATE TABLE t(a, b);
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<1000) INSERT INTO t SELECT i, zeroblob(400) FROM n;
PRAGMA cache_spill = OFF;
UPDATE t SET b = 1 WHERE a % 5 = 0;
COMMIT;
SELECT count(*), sum(b = 1) FROM t;
=== an unknown pragma does nothing
PRAGMA no_such_pragma;
PRAGMA no_such_pragma = 1;
=== max_page_count limits the database
CREATE TABLE t(a);
PRAGMA max_page_count = 10;
INSERT INTO t VALUES(zeroblob(1000000));
SELECT count(*) FROM t;
=== EXPLAIN QUERY PLAN
CREATE TABLE t(a, b);
CREATE INDEX i ON t(a);
EXPLAIN QUERY PLAN SELECT * FROM t WHERE a = 1;
EXPLAIN QUERY PLAN SELECT * FROM t ORDER BY b;
=== foreign databases by ATTACH in memory
ATTACH ':memory:' AS m;
CREATE TABLE m.t(a);
=== a trigger may not write to another database's table
CREATE TABLE t(a);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO temp.x VALUES(1); END;
=== reverse_unordered_selects
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(3);
PRAGMA reverse_unordered_selects = ON;
SELECT a FROM t;
PRAGMA reverse_unordered_selects = OFF;
SELECT a FROM t;
=== PRAGMA optimize and wal_checkpoint answer without harm
CREATE TABLE t(a);
PRAGMA optimize;
INSERT INTO t VALUES(1);
SELECT * FROM t;
=== count_changes and case of keywords
create table T(A);
Insert Into t Values(1);
sElEcT a FrOm T;
