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
=== do nothing
CREATE TABLE t(a UNIQUE, b);
INSERT INTO t VALUES(1,'x') ON CONFLICT DO NOTHING;
INSERT INTO t VALUES(1,'y'),(2,'z') ON CONFLICT(a) DO NOTHING;
SELECT * FROM t;
=== do update with excluded and where
CREATE TABLE t(k PRIMARY KEY, v, n DEFAULT 1);
INSERT INTO t(k,v) VALUES('a',1),('b',2);
INSERT INTO t(k,v) VALUES('a',10),('b',1),('c',3) ON CONFLICT(k) DO UPDATE SET v=excluded.v, n=n+1 WHERE excluded.v>v;
SELECT * FROM t;
=== several conflict targets
CREATE TABLE t(a UNIQUE, b UNIQUE, c);
INSERT INTO t VALUES(1,1,'first');
INSERT INTO t VALUES(1,2,'x') ON CONFLICT(a) DO UPDATE SET c='by a' ON CONFLICT(b) DO UPDATE SET c='by b';
SELECT * FROM t;
INSERT INTO t VALUES(2,1,'x') ON CONFLICT(a) DO UPDATE SET c='by a' ON CONFLICT(b) DO UPDATE SET c='by b';
SELECT * FROM t;
INSERT INTO t VALUES(2,1,'x') ON CONFLICT(a) DO NOTHING;
=== a target that is no key
CREATE TABLE t(a, b UNIQUE);
INSERT INTO t VALUES(1,1) ON CONFLICT(a) DO NOTHING;
=== the rowid as a target
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(1,'a') ON CONFLICT(id) DO UPDATE SET v=v||excluded.v;
INSERT INTO t VALUES(1,'b') ON CONFLICT(id) DO UPDATE SET v=v||excluded.v;
SELECT * FROM t;
=== a partial unique index as a target
CREATE TABLE t(a, b, live);
CREATE UNIQUE INDEX i ON t(a) WHERE live;
INSERT INTO t VALUES(1,'x',1),(1,'y',0),(1,'z',0);
INSERT INTO t VALUES(1,'new',1) ON CONFLICT(a) WHERE live DO UPDATE SET b=excluded.b;
SELECT * FROM t;
=== upsert into a without rowid table from a select
CREATE TABLE t(k PRIMARY KEY, n) WITHOUT ROWID;
INSERT INTO t SELECT value, 1 FROM json_each('["a","b","a","c","a"]') WHERE true ON CONFLICT(k) DO UPDATE SET n=n+1;
SELECT * FROM t;
=== returning from insert, update and delete
CREATE TABLE t(id INTEGER PRIMARY KEY, a, b DEFAULT 'd');
INSERT INTO t(a) VALUES(1),(2),(3) RETURNING id, a, b;
UPDATE t SET a=a*10 WHERE id>1 RETURNING id, a AS ten, b||id;
DELETE FROM t WHERE id=1 RETURNING *;
SELECT * FROM t;
=== returning from an upsert
CREATE TABLE t(k PRIMARY KEY, n);
INSERT INTO t VALUES('a',1) ON CONFLICT DO UPDATE SET n=n+1 RETURNING *;
INSERT INTO t VALUES('a',1),('b',1) ON CONFLICT DO UPDATE SET n=n+1 RETURNING *;
INSERT INTO t VALUES('a',1) ON CONFLICT DO NOTHING RETURNING *;
=== returning with subqueries and errors
CREATE TABLE t(a UNIQUE);
CREATE TABLE u(x);
INSERT INTO u VALUES(7);
INSERT INTO t VALUES(1) RETURNING (SELECT x FROM u), typeof(a), rowid;
INSERT INTO t VALUES(1) RETURNING a;
INSERT INTO t VALUES(2) RETURNING nope;
INSERT INTO t VALUES(3) RETURNING count(*);
SELECT * FROM t;
=== update from another table
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
CREATE TABLE u(id, w);
INSERT INTO t VALUES(1,'a'),(2,'b'),(3,'c');
INSERT INTO u VALUES(1,'one'),(3,'three');
UPDATE t SET v=u.w FROM u WHERE u.id=t.id;
SELECT * FROM t;
UPDATE t SET v=x.n FROM (SELECT count(*) AS n FROM u) AS x RETURNING *;
=== update of the key moves rows
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t VALUES(1,'a'),(2,'b'),(3,'c');
UPDATE t SET id=id+10;
UPDATE t SET id=id+1;
UPDATE t SET id=id-1 WHERE id>12;
SELECT * FROM t;
=== update and delete with limit are what this build says
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(3),(4);
UPDATE t SET a=a+10 ORDER BY a DESC LIMIT 2;
DELETE FROM t ORDER BY a LIMIT 1;
SELECT * FROM t;
=== row values
CREATE TABLE t(a,b,c);
INSERT INTO t VALUES(1,2,3),(1,3,4),(2,1,5);
SELECT * FROM t WHERE (a,b)=(1,3);
SELECT * FROM t WHERE (a,b)>(1,2) ORDER BY a,b;
SELECT * FROM t WHERE (a,b) IN (SELECT 2,1);
UPDATE t SET (a,b)=(SELECT b,a) WHERE c=3;
UPDATE t SET (b,c)=(9,9) WHERE a=2;
SELECT * FROM t ORDER BY c,a;
SELECT (1,2);
SELECT (1,2)=(1,2,3);
=== insert forms
CREATE TABLE t(a DEFAULT 5, b DEFAULT (1+1), c);
INSERT INTO t DEFAULT VALUES;
INSERT INTO t(c,a) VALUES('c','a');
INSERT INTO t SELECT c,b,a FROM t;
INSERT INTO t VALUES(1,2);
INSERT INTO t(a,a) VALUES(1,2);
INSERT INTO t(x) VALUES(1);
SELECT * FROM t;
