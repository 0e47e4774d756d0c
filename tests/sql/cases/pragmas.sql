=== table_info, table_list and the pragma functions
CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT 'x', c AS (a+1));
PRAGMA table_info(t);
PRAGMA table_xinfo(t);
PRAGMA table_info(nope);
SELECT name,type,pk FROM pragma_table_info('t');
SELECT schema,name,type,ncol,wr,strict FROM pragma_table_list WHERE name='t';
=== user_version and application_id
PRAGMA user_version;
PRAGMA user_version=42;
PRAGMA user_version;
PRAGMA application_id=305419896;
PRAGMA application_id;
BEGIN;
PRAGMA user_version=7;
ROLLBACK;
PRAGMA user_version;
PRAGMA user_version=-5;
@b PRAGMA user_version;
=== utf-16 little endian
PRAGMA encoding='UTF-16le';
CREATE TABLE t(a TEXT PRIMARY KEY, b);
INSERT INTO t VALUES('häß','日本'),('z','😀'),('a',x'00ff');
PRAGMA encoding;
SELECT * FROM t ORDER BY a;
UPDATE t SET b='new' WHERE a='z';
SELECT hex(a), length(b) FROM t ORDER BY a;
=== utf-16 big endian
PRAGMA encoding='UTF-16be';
CREATE TABLE t(a TEXT COLLATE NOCASE UNIQUE, b) ;
INSERT INTO t VALUES('Key','1'),('other','2');
INSERT INTO t VALUES('KEY','3');
PRAGMA encoding;
SELECT * FROM t;
PRAGMA encoding='UTF-8';
PRAGMA encoding;
=== auto_vacuum full
PRAGMA auto_vacuum=FULL;
CREATE TABLE t(a);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<300) INSERT INTO t SELECT zeroblob(500) FROM q;
PRAGMA auto_vacuum;
DELETE FROM t WHERE rowid%3;
PRAGMA freelist_count;
SELECT count(*), sum(length(a)) FROM t;
DROP TABLE t;
=== incremental_vacuum
PRAGMA auto_vacuum=INCREMENTAL;
CREATE TABLE t(a);
CREATE TABLE u(a);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<200) INSERT INTO t SELECT zeroblob(900) FROM q;
INSERT INTO u SELECT zeroblob(100) FROM t;
DELETE FROM t WHERE rowid>20;
PRAGMA auto_vacuum;
PRAGMA incremental_vacuum(10);
PRAGMA incremental_vacuum;
PRAGMA freelist_count;
SELECT count(*) FROM t; SELECT count(*) FROM u;
=== secure_delete
PRAGMA secure_delete=ON;
CREATE TABLE t(a);
INSERT INTO t VALUES('secret'),(zeroblob(9000)),('kept');
DELETE FROM t WHERE a<>'kept';
PRAGMA secure_delete;
PRAGMA secure_delete=FAST;
INSERT INTO t VALUES(hex(zeroblob(9000)));
DELETE FROM t WHERE length(a)>100;
SELECT * FROM t;
=== the journal mode is what it is
@ours wal PRAGMA journal_mode;
@ours wal PRAGMA journal_mode=DELETE;
@ours wal PRAGMA journal_mode=OFF;
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
SELECT * FROM t;
=== the page size cannot change
CREATE TABLE t(a);
PRAGMA page_size=2048;
INSERT INTO t VALUES(1);
SELECT * FROM t;
=== integrity and quick check
CREATE TABLE t(a UNIQUE, b NOT NULL);
INSERT INTO t VALUES(1,2);
PRAGMA integrity_check;
PRAGMA quick_check;
PRAGMA integrity_check(t);
=== synchronous, cache and others leave data alone
CREATE TABLE t(a);
PRAGMA cache_size=3;
PRAGMA temp_store=MEMORY;
PRAGMA synchronous=OFF;
INSERT INTO t VALUES(1);
@ours 0 PRAGMA wal_checkpoint;
INSERT INTO t VALUES(2);
SELECT * FROM t;
=== query_only
CREATE TABLE t(a);
PRAGMA query_only=ON;
INSERT INTO t VALUES(1);
CREATE TABLE u(a);
PRAGMA query_only=OFF;
INSERT INTO t VALUES(2);
SELECT * FROM t;
=== schema_version moves with the schema
CREATE TABLE t(a);
PRAGMA schema_version;
CREATE INDEX i ON t(a);
PRAGMA schema_version;
INSERT INTO t VALUES(1);
PRAGMA schema_version;
=== function, collation and module lists
SELECT count(*)>100 FROM pragma_function_list;
SELECT name FROM pragma_collation_list ORDER BY name;
SELECT count(*) FROM pragma_module_list WHERE name IN ('fts5','rtree','json_each');
SELECT count(*)>5 FROM pragma_compile_options;
=== unknown pragmas say nothing
PRAGMA nope;
PRAGMA nope=1;
PRAGMA nope(1);
=== legacy and safety switches
PRAGMA trusted_schema;
PRAGMA cell_size_check=ON;
PRAGMA legacy_alter_table=ON;
CREATE TABLE t(a);
ALTER TABLE t RENAME TO u;
PRAGMA writable_schema;
PRAGMA max_page_count;
PRAGMA analysis_limit=100;
ANALYZE;
PRAGMA optimize;
=== short and long reads of the freelist
CREATE TABLE t(a);
INSERT INTO t VALUES(zeroblob(40000));
DROP TABLE t;
PRAGMA freelist_count;
PRAGMA page_count;
CREATE TABLE u(a);
INSERT INTO u VALUES(zeroblob(20000));
PRAGMA freelist_count;
=== pragma count_changes and column names
PRAGMA full_column_names;
PRAGMA short_column_names;
PRAGMA reverse_unordered_selects=ON;
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(3);
SELECT a FROM t;
PRAGMA reverse_unordered_selects=OFF;
