=== DO NOTHING skips conflicts
CREATE TABLE t(a PRIMARY KEY, b);
INSERT INTO t VALUES(1,'x');
INSERT INTO t VALUES(1,'y'),(2,'z') ON CONFLICT DO NOTHING;
SELECT * FROM t ORDER BY a;
=== DO UPDATE sees the row that was refused
CREATE TABLE t(a PRIMARY KEY, n);
INSERT INTO t VALUES('k', 1);
INSERT INTO t VALUES('k', 5) ON CONFLICT(a) DO UPDATE SET n = n + excluded.n;
SELECT * FROM t;
=== DO UPDATE WHERE may leave the row
CREATE TABLE t(a PRIMARY KEY, n);
INSERT INTO t VALUES('k', 10);
INSERT INTO t VALUES('k', 5) ON CONFLICT(a) DO UPDATE SET n = excluded.n WHERE excluded.n > n;
INSERT INTO t VALUES('k', 50) ON CONFLICT(a) DO UPDATE SET n = excluded.n WHERE excluded.n > n;
SELECT * FROM t;
=== a partial index is a conflict target
CREATE TABLE t(a, b, live);
CREATE UNIQUE INDEX i ON t(a) WHERE live;
INSERT INTO t VALUES(1,'x',1),(1,'y',0);
INSERT INTO t VALUES(1,'z',1) ON CONFLICT(a) WHERE live DO UPDATE SET b = excluded.b;
SELECT * FROM t;
=== several conflict clauses
CREATE TABLE t(a PRIMARY KEY, b UNIQUE, c);
INSERT INTO t VALUES(1,1,'x');
INSERT INTO t VALUES(1,2,'y') ON CONFLICT(b) DO UPDATE SET c = 'by b' ON CONFLICT(a) DO UPDATE SET c = 'by a';
INSERT INTO t VALUES(2,1,'y') ON CONFLICT(b) DO UPDATE SET c = 'by b' ON CONFLICT(a) DO UPDATE SET c = 'by a';
SELECT * FROM t;
=== a conflict target that is no key is an error
CREATE TABLE t(a PRIMARY KEY, b);
INSERT INTO t VALUES(1,2) ON CONFLICT(b) DO NOTHING;
=== RETURNING gives inserted rows
CREATE TABLE t(a INTEGER PRIMARY KEY, b DEFAULT 'd');
INSERT INTO t(b) VALUES('x'),('y') RETURNING a, b, a * 10 AS ten;
INSERT INTO t DEFAULT VALUES RETURNING *;
=== RETURNING gives updated rows
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,'x'),(2,'y');
UPDATE t SET b = b || a RETURNING a, b;
UPDATE t SET b = 0 WHERE a = 9 RETURNING a;
=== RETURNING gives deleted rows
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(1,'x'),(2,'y'),(3,'z');
DELETE FROM t WHERE a > 1 RETURNING *;
SELECT * FROM t;
=== RETURNING with UPSERT
CREATE TABLE t(a PRIMARY KEY, n);
INSERT INTO t VALUES('k',1) ON CONFLICT(a) DO UPDATE SET n = n + 1 RETURNING a, n;
INSERT INTO t VALUES('k',1) ON CONFLICT(a) DO UPDATE SET n = n + 1 RETURNING a, n;
=== RETURNING an aggregate is an error
CREATE TABLE t(a);
INSERT INTO t VALUES(1) RETURNING count(*);
=== UPDATE FROM joins
CREATE TABLE t(a INTEGER PRIMARY KEY, price);
CREATE TABLE sale(a, off);
INSERT INTO t VALUES(1,100),(2,200),(3,300);
INSERT INTO sale VALUES(1,10),(3,50);
UPDATE t SET price = price - off FROM sale WHERE sale.a = t.a;
SELECT * FROM t;
=== UPDATE FROM a subquery
CREATE TABLE t(a, n);
CREATE TABLE e(a, v);
INSERT INTO t VALUES('x',0),('y',0);
INSERT INTO e VALUES('x',1),('x',2),('y',5);
UPDATE t SET n = s.v FROM (SELECT a, sum(v) AS v FROM e GROUP BY a) AS s WHERE s.a = t.a;
SELECT * FROM t;
=== DELETE and UPDATE with LIMIT
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(3),(4),(5);
DELETE FROM t ORDER BY a DESC LIMIT 2;
UPDATE t SET a = a * 10 ORDER BY a LIMIT 1 OFFSET 1;
SELECT * FROM t;
=== INSERT SELECT from itself
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2);
INSERT INTO t SELECT a + 10 FROM t;
SELECT * FROM t;
=== row values compare and assign
CREATE TABLE t(a, b, c);
INSERT INTO t VALUES(1,2,3),(1,3,4),(2,1,5);
SELECT * FROM t WHERE (a, b) > (1, 2) ORDER BY a, b;
UPDATE t SET (b, c) = (SELECT 7, 8) WHERE a = 2;
SELECT * FROM t WHERE (a, b, c) IN (VALUES(2,7,8));
=== VALUES is a query
VALUES(1,'a'),(2,'b');
SELECT column1 + 1, column2 FROM (VALUES(1,'a'),(2,'b'));
=== changes counts the last statement
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(3);
SELECT changes();
UPDATE t SET a = 1;
SELECT changes();
DELETE FROM t WHERE a = 7;
SELECT changes(), total_changes();
DELETE FROM t;
SELECT changes(), total_changes();
