=== a syntax error names the place
SELEC 1;
SELECT 1 FROM;
CREATE TABLE t(a,);
=== an unterminated string
SELECT 'abc;
=== an unknown table
SELECT * FROM nothing;
INSERT INTO nothing VALUES(1);
UPDATE nothing SET a = 1;
DELETE FROM nothing;
=== an unknown column
CREATE TABLE t(a);
SELECT b FROM t;
UPDATE t SET b = 1;
INSERT INTO t(b) VALUES(1);
SELECT * FROM t WHERE t.b = 1;
=== an ambiguous column
CREATE TABLE t(a);
CREATE TABLE u(a);
SELECT a FROM t, u;
=== an unknown function and a wrong number of arguments
SELECT nofunc(1);
SELECT substr('a');
SELECT abs(1, 2);
=== the wrong number of values
CREATE TABLE t(a, b);
INSERT INTO t VALUES(1);
INSERT INTO t(a) VALUES(1, 2);
INSERT INTO t SELECT 1;
SELECT 1 UNION SELECT 1, 2;
=== aggregates where they may not be
CREATE TABLE t(a);
SELECT * FROM t WHERE count(*) > 1;
SELECT sum(count(*)) FROM t;
=== ORDER BY and GROUP BY positions out of range
SELECT 1 ORDER BY 2;
SELECT 1 GROUP BY 5;
=== a duplicate column and a duplicate table
CREATE TABLE t(a, a);
CREATE TABLE t(a);
CREATE TABLE t(b);
CREATE VIEW t AS SELECT 1;
CREATE INDEX t ON t(a);
=== names that are reserved
CREATE TABLE sqlite_mine(a);
CREATE INDEX sqlite_i ON nothing(a);
=== an index on a missing column or table
CREATE TABLE t(a);
CREATE INDEX i ON t(b);
CREATE INDEX i ON u(a);
=== a primary key given twice
CREATE TABLE t(a PRIMARY KEY, b PRIMARY KEY);
=== dropping the wrong kind
CREATE TABLE t(a);
CREATE VIEW v AS SELECT 1;
DROP VIEW t;
DROP TABLE v;
DROP INDEX t;
=== integer overflow in sum
SELECT sum(a) FROM (SELECT 9223372036854775807 AS a UNION ALL SELECT 1);
=== a blob that is too large
SELECT length(zeroblob(2000000000));
=== LIKE patterns that are too long
SELECT 'a' LIKE hex(zeroblob(50000));
=== too deep an expression
SELECT abs(abs(abs(abs(abs(abs(abs(abs(abs(abs(-1))))))))));
=== unique failures name table and columns
CREATE TABLE t(a, b, UNIQUE(a, b));
INSERT INTO t VALUES(1, 2);
INSERT INTO t VALUES(1, 2);
CREATE UNIQUE INDEX i ON t(b);
INSERT INTO t VALUES(3, 2);
=== creating a unique index over duplicates fails and leaves none
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(1);
CREATE UNIQUE INDEX i ON t(a);
SELECT count(*) FROM sqlite_schema;
=== a check that fails on NULL passes
CREATE TABLE t(a CHECK(a > 0));
INSERT INTO t VALUES(NULL);
INSERT INTO t VALUES(0);
SELECT count(*) FROM t;
=== an error in the middle of a script's statement list
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
INSERT INTO t VALUES(;
INSERT INTO t VALUES(2);
SELECT * FROM t;
=== subqueries with too many columns
SELECT (SELECT 1, 2);
SELECT 1 IN (SELECT 1, 2);
=== RAISE outside a trigger
SELECT RAISE(ABORT, 'x');
=== a misused window or filter
SELECT abs(1) FILTER (WHERE 1);
SELECT abs(1) OVER ();
=== a view of a dropped table
CREATE TABLE t(a);
CREATE VIEW v AS SELECT a FROM t;
DROP TABLE t;
SELECT * FROM v;
=== writing a schema that is locked by defensive rules
CREATE TABLE t(a);
UPDATE sqlite_schema SET sql = 'x';
DELETE FROM sqlite_schema;
=== comments and blank statements
-- nothing but a comment
SELECT 1 /* inside */ + 1;
/* before */ SELECT 2 -- after
;
=== numbers written in many ways
SELECT 0x1F, 1e3, .5, 5., 1_000, 0xffffffffffffffff;
SELECT 0x1FFFFFFFFFFFFFFFFF;
SELECT 1__0;
=== strings written in many ways
SELECT 'it''s', x'4142', "not a column", 'a
b';
=== parameters without values are NULL
SELECT ?1 IS NULL, :name IS NULL, @at IS NULL, $dollar IS NULL;
=== INSERT into a generated column or a missing one
CREATE TABLE t(a, b AS (a));
INSERT INTO t(a, b) VALUES(1, 2);
INSERT INTO t VALUES(1, 2);
INSERT INTO t VALUES(1);
SELECT * FROM t;
=== dates that are none
SELECT date('not a date'), datetime('2024-13-01'), julianday(NULL), date('2024-02-30');
=== a division of the smallest integer
SELECT -9223372036854775808 / -1, -9223372036854775808 % -1;
=== syntax errors tell where
SELEC 1;
SELECT 1 FROM;
SELECT (1;
SELECT 'open;
CREATE TABLE (a);
INSERT t VALUES(1);
SELECT * FROM t WHERE;
SELECT 1 +;
SELECT @;
=== missing things
SELECT * FROM nope;
SELECT nope;
CREATE TABLE t(a);
SELECT b FROM t;
SELECT t.b FROM t;
SELECT x.a FROM t;
INSERT INTO nope VALUES(1);
UPDATE nope SET a=1;
DELETE FROM nope;
UPDATE t SET b=1;
DROP TABLE nope;
SELECT nofunc(1);
SELECT abs();
SELECT abs(1,2);
CREATE INDEX i ON nope(a);
CREATE INDEX i ON t(nope);
CREATE TRIGGER g AFTER INSERT ON nope BEGIN SELECT 1; END;
=== ambiguous and double names
CREATE TABLE t(a); CREATE TABLE u(a);
SELECT a FROM t, u;
SELECT a FROM t JOIN t;
SELECT t.a, t.a FROM t;
=== constraint errors name columns
CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE, b NOT NULL, c CHECK(c>0), UNIQUE(b,c));
INSERT INTO t VALUES(1,1,1,1);
INSERT INTO t VALUES(1,2,2,2);
INSERT INTO t VALUES(2,1,2,2);
INSERT INTO t VALUES(2,2,NULL,2);
INSERT INTO t VALUES(2,2,2,0);
INSERT INTO t VALUES(2,2,1,1);
INSERT INTO t VALUES('x',2,2,2);
SELECT * FROM t;
=== misused aggregates
CREATE TABLE t(a);
SELECT sum(a) FROM t WHERE sum(a)>1;
SELECT max(sum(a)) FROM t;
SELECT a FROM t GROUP BY sum(a);
SELECT count(DISTINCT a, 1) FROM t;
SELECT a FROM t HAVING a>1;
SELECT a FROM t ORDER BY 5;
SELECT a FROM t LIMIT 'x';
SELECT a FROM t GROUP BY 2;
=== the wrong number of values
CREATE TABLE t(a,b);
INSERT INTO t VALUES(1);
INSERT INTO t VALUES(1,2,3);
INSERT INTO t(a) VALUES(1,2);
INSERT INTO t SELECT 1;
INSERT INTO t VALUES(1,2),(3);
SELECT 1 UNION SELECT 1,2;
SELECT (SELECT 1,2);
SELECT 1 IN (SELECT 1,2);
=== type errors
CREATE TABLE t(id INTEGER PRIMARY KEY);
INSERT INTO t VALUES('text');
INSERT INTO t VALUES(1.5);
INSERT INTO t VALUES(x'01');
INSERT INTO t VALUES('2');
SELECT * FROM t;
=== system tables are not written
INSERT INTO sqlite_schema VALUES(1,2,3,4,5);
DELETE FROM sqlite_schema;
UPDATE sqlite_schema SET sql='';
CREATE TABLE t(a);
DROP INDEX nope;
CREATE INDEX i ON sqlite_schema(name);
=== errors in functions
SELECT like('a','b','ab');
SELECT json_extract(1);
SELECT printf();
SELECT zeroblob(-1), zeroblob('x');
SELECT char(-1), char(0x110000);
SELECT load_extension('x');
SELECT substr('abc');
SELECT load_extension();
=== an error after rows
CREATE TABLE t(a);
INSERT INTO t VALUES('{}'),('{}'),('bad');
SELECT json(a) FROM t;
SELECT abs(CASE a WHEN 'bad' THEN -9223372036854775808 ELSE 1 END) FROM t;
=== parser limits
SELECT 1 WHERE 1 IN ();
SELECT 1 LIMIT -1;
SELECT 1 LIMIT 1 OFFSET -1;
VALUES(1),(2),(3) LIMIT 2;
SELECT x'0';
SELECT 1e;
SELECT 0x;
=== rowid errors
CREATE TABLE t(a PRIMARY KEY) WITHOUT ROWID;
SELECT rowid FROM t;
INSERT INTO t(rowid) VALUES(1);
CREATE VIEW v AS SELECT 1 AS a;
SELECT rowid FROM v;
CREATE TABLE u(a PRIMARY KEY, b PRIMARY KEY);
CREATE TABLE u(a AUTOINCREMENT);
CREATE TABLE u(a TEXT PRIMARY KEY AUTOINCREMENT);
=== only one statement counts
CREATE TABLE t(a);
INSERT INTO t VALUES(1) ;
-- a comment before
SELECT /* inside */ * FROM t -- at the end
;
