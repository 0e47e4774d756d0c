=== strict tables refuse other types
CREATE TABLE t(i INT, n INTEGER, r REAL, s TEXT, b BLOB, a ANY) STRICT;
INSERT INTO t VALUES(1,2,3.5,'x',x'00','any');
INSERT INTO t VALUES('12','13',7,5,x'01',x'02');
INSERT INTO t(i) VALUES('x');
INSERT INTO t(i) VALUES(1.5);
INSERT INTO t(r) VALUES('x');
INSERT INTO t(s) VALUES(x'00');
INSERT INTO t(b) VALUES('text');
SELECT typeof(i),typeof(n),typeof(r),typeof(s),typeof(b),typeof(a),* FROM t;
=== strict tables need known types
CREATE TABLE t(a VARCHAR(10)) STRICT;
CREATE TABLE t(a) STRICT;
CREATE TABLE t(a INTEGER PRIMARY KEY, b ANY) STRICT, WITHOUT ROWID;
INSERT INTO t VALUES('x',1);
=== generated columns, virtual and stored
CREATE TABLE t(a INT, b INT, sum AS (a+b), prod INT GENERATED ALWAYS AS (a*b) STORED);
INSERT INTO t VALUES(2,3),(4,5);
SELECT * FROM t;
UPDATE t SET a=10 WHERE b=3;
SELECT sum, prod FROM t;
INSERT INTO t(a,b,sum) VALUES(1,2,3);
UPDATE t SET prod=1;
=== generated columns with indexes and constraints
CREATE TABLE t(a, u AS (lower(a)) UNIQUE, n AS (length(a)) STORED NOT NULL CHECK(n<5));
INSERT INTO t VALUES('Abc');
INSERT INTO t VALUES('ABC');
INSERT INTO t VALUES('too long');
INSERT INTO t VALUES(NULL);
CREATE INDEX i ON t(n);
SELECT u FROM t WHERE n=3;
PRAGMA table_xinfo(t);
=== generated columns that depend on each other
CREATE TABLE t(a, b AS (c+1), c AS (a+1));
INSERT INTO t VALUES(1);
SELECT * FROM t;
CREATE TABLE loop(a AS (b), b AS (a));
CREATE TABLE bad(a AS (random()));
CREATE TABLE bad(a AS (1) PRIMARY KEY);
=== without rowid
CREATE TABLE t(k TEXT, n INT, v, PRIMARY KEY(k, n DESC)) WITHOUT ROWID;
INSERT INTO t VALUES('b',1,'x'),('a',1,'y'),('a',2,'z');
SELECT * FROM t;
INSERT INTO t VALUES('a',1,'again');
INSERT INTO t VALUES(NULL,1,'null');
SELECT rowid FROM t;
UPDATE t SET n=3 WHERE k='b';
DELETE FROM t WHERE k='a' AND n=2;
SELECT * FROM t;
CREATE TABLE none(a) WITHOUT ROWID;
=== without rowid with secondary indexes
CREATE TABLE t(k PRIMARY KEY, a, b) WITHOUT ROWID;
CREATE INDEX i ON t(b, a);
INSERT INTO t VALUES(1,'p','q'),(2,'r','q'),(3,'p','s');
SELECT k FROM t WHERE b='q' ORDER BY a DESC;
DELETE FROM t WHERE b='q';
SELECT * FROM t;
=== collations in comparison and order
CREATE TABLE t(a TEXT COLLATE NOCASE, b TEXT COLLATE RTRIM, c);
INSERT INTO t VALUES('abc','x','Z'),('ABD','x  ','a'),('abC','y','B');
SELECT a FROM t WHERE a='ABC' ORDER BY c;
SELECT count(DISTINCT a), count(DISTINCT b) FROM t;
SELECT c FROM t ORDER BY c;
SELECT c FROM t ORDER BY c COLLATE NOCASE;
SELECT b='x   ' FROM t ORDER BY c;
SELECT 'a' COLLATE nope;
CREATE TABLE u(a COLLATE nope);
=== a unique key with a collation
CREATE TABLE t(a TEXT COLLATE NOCASE UNIQUE);
INSERT INTO t VALUES('key');
INSERT INTO t VALUES('KEY');
INSERT OR REPLACE INTO t VALUES('Key');
SELECT * FROM t;
=== a without rowid key changes its case
CREATE TABLE t(a TEXT COLLATE NOCASE PRIMARY KEY, n) WITHOUT ROWID;
INSERT INTO t VALUES('a',1),('b',2);
UPDATE t SET a='A' WHERE a='a';
UPDATE OR REPLACE t SET a='B' WHERE a='A';
SELECT * FROM t;
=== autoincrement never gives a rowid again
CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a);
INSERT INTO t(a) VALUES('x'),('y');
DELETE FROM t;
INSERT INTO t(a) VALUES('z');
SELECT * FROM t;
SELECT * FROM sqlite_sequence;
UPDATE sqlite_sequence SET seq=100;
INSERT INTO t(a) VALUES('w');
SELECT * FROM t;
DROP TABLE t;
SELECT * FROM sqlite_sequence;
=== rowids at the end
CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT);
INSERT INTO t VALUES(9223372036854775807);
INSERT INTO t DEFAULT VALUES;
CREATE TABLE u(id INTEGER PRIMARY KEY);
INSERT INTO u VALUES(-9223372036854775808),(0);
INSERT INTO u DEFAULT VALUES;
SELECT * FROM u;
=== rowid names
CREATE TABLE t(a);
INSERT INTO t(rowid,a) VALUES(5,'x');
INSERT INTO t(_rowid_,a) VALUES(7,'y');
SELECT rowid, oid, _rowid_, a FROM t;
CREATE TABLE u(rowid, oid);
INSERT INTO u VALUES('a','b');
SELECT rowid, _rowid_ FROM u;
=== affinity of each kind
CREATE TABLE t(i INT, s TEXT, n NUMERIC, r REAL, b BLOB, none);
INSERT INTO t VALUES('12','34','56','78','90','11'),(1.5,1.5,1.5,1.5,1.5,1.5),('1e2',1e2,'1e2','1e2','1e2','1e2'),(x'31',x'31',x'31',x'31',x'31',x'31'),('x',2,'0x1A',9007199254740993,NULL,3.0);
SELECT typeof(i)||i, typeof(s)||s, typeof(n)||n, typeof(r)||r, typeof(b), typeof(none) FROM t;
=== check and not null constraints
CREATE TABLE t(a CHECK(a>0), b NOT NULL, CONSTRAINT named CHECK(b<>a));
INSERT INTO t VALUES(1,2);
INSERT INTO t VALUES(0,2);
INSERT INTO t VALUES(1,NULL);
INSERT INTO t VALUES(3,3);
INSERT INTO t VALUES(NULL,1);
UPDATE t SET a=-1;
INSERT OR IGNORE INTO t VALUES(4,NULL);
PRAGMA ignore_check_constraints=ON;
INSERT INTO t VALUES(-5,1);
SELECT * FROM t;
=== defaults
CREATE TABLE t(x, a DEFAULT 1, b DEFAULT 'text', c DEFAULT NULL, d DEFAULT -2.5, e DEFAULT x'0102', f DEFAULT (length('abc')), g DEFAULT TRUE);
INSERT INTO t(x) VALUES(0);
SELECT * FROM t;
=== create table as select
CREATE TABLE t(a INT, b TEXT);
INSERT INTO t VALUES(1,'x'),(2,'y');
CREATE TABLE u AS SELECT a*2 AS d, b, a||b FROM t;
SELECT * FROM u;
SELECT sql FROM sqlite_schema WHERE name='u';
CREATE TABLE t AS SELECT 1;
CREATE TABLE IF NOT EXISTS t AS SELECT 1;
=== odd names
CREATE TABLE "a table; -- with 'odd' ""name"""("select" INT, [from] TEXT, `x y` REAL);
INSERT INTO "a table; -- with 'odd' ""name""" VALUES(1,'a',2.5);
UPDATE "a table; -- with 'odd' ""name""" SET "x y"=3;
SELECT * FROM "a table; -- with 'odd' ""name""";
CREATE TABLE "größe"("ключ" INTEGER PRIMARY KEY, "値");
INSERT INTO "größe" VALUES(1,'ü');
SELECT "値" FROM "größe";
=== reserved and double names
CREATE TABLE sqlite_mine(a);
CREATE TABLE t(a, A);
CREATE TABLE t(a);
CREATE TABLE T(a);
CREATE VIEW t AS SELECT 1;
CREATE INDEX t ON t(a);
=== many columns
CREATE TABLE t(c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,c13,c14,c15,c16,c17,c18,c19,c20,c21,c22,c23,c24,c25,c26,c27,c28,c29,c30,c31,c32,c33,c34,c35,c36,c37,c38,c39,c40,c41,c42,c43,c44,c45,c46,c47,c48,c49,c50,c51,c52,c53,c54,c55,c56,c57,c58,c59,c60,c61,c62,c63,c64,c65,c66,c67,c68,c69,c70);
INSERT INTO t(c1,c64,c65,c70) VALUES(1,64,65,70);
UPDATE t SET c63='x', c64=c64+1, c66=c65;
SELECT c1,c63,c64,c65,c66,c70 FROM t;
=== values of every size class
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t(v) VALUES(0),(1),(-1),(127),(128),(-128),(-129),(32767),(32768),(8388607),(8388608),(2147483647),(2147483648),(140737488355327),(140737488355328),(9223372036854775807),(-9223372036854775808),(0.0),(-0.0),(1.5),(1e308),(5e-324),(9e999),(-9e999),(NULL),(''),(x''),('a'),(x'00'),(9007199254740993);
SELECT id, typeof(v), v FROM t;
UPDATE t SET v=v+1 WHERE typeof(v)='integer';
SELECT v FROM t;
=== integers that overflow become real
SELECT 9223372036854775807+1, -9223372036854775808-1, 9223372036854775807*2, -(-9223372036854775808), abs(-9223372036854775807);
SELECT abs(-9223372036854775808);
SELECT 9223372036854775808, -9223372036854775808, 0x7fffffffffffffff, 0xffffffffffffffff;
SELECT 0x1ffffffffffffffff;
=== nan is null and infinities stay
CREATE TABLE t(a REAL NOT NULL);
INSERT INTO t VALUES(9e999),(-9e999);
INSERT INTO t VALUES(9e999-9e999);
SELECT a, a-a, a*0, a/a, -a FROM t;
SELECT 1/0, 1.0/0, 5%0, sqrt(-1), 0.0/0.0;
=== blobs with nuls and text with nuls
CREATE TABLE t(a, b TEXT);
INSERT INTO t VALUES(x'000100ff00',char(65,0,66)),(zeroblob(5),'x'||x'00'||'y');
SELECT hex(a), length(a), hex(b), length(b), instr(b,'B'), quote(a), substr(a,2,2) FROM t;
UPDATE t SET a=a||x'00';
SELECT hex(a), typeof(a) FROM t;
=== unicode text
CREATE TABLE t(a TEXT);
INSERT INTO t VALUES('äöü'),('日本語'),('😀'),('é'),('e'||char(769)),(char(0x10ffff)),(char(0xfeff)||'bom');
SELECT a, length(a), hex(a), unicode(a), upper(a) FROM t ORDER BY a;
SELECT a FROM t WHERE a LIKE '_' ORDER BY a;
SELECT substr('日本語',2,1), instr('日本語','語'), char(26085,26412);
=== a view over views
CREATE TABLE t(a,b);
INSERT INTO t VALUES(1,2),(3,4);
CREATE VIEW v(x) AS SELECT a+b FROM t;
CREATE VIEW w AS SELECT x*2 AS y FROM v WHERE x>3;
SELECT * FROM w;
DROP VIEW v;
SELECT * FROM w;
CREATE VIEW IF NOT EXISTS w AS SELECT 1;
DROP VIEW t;
DROP TABLE w;
CREATE VIEW loop AS SELECT * FROM loop;
SELECT * FROM loop;
