=== row_number, rank and dense_rank
CREATE TABLE t(g, v);
INSERT INTO t VALUES('a',1),('a',1),('a',3),('b',2),('b',5);
SELECT g, v, row_number() OVER w, rank() OVER w, dense_rank() OVER w FROM t WINDOW w AS (PARTITION BY g ORDER BY v);
=== running sums
CREATE TABLE t(d, v);
INSERT INTO t VALUES(1,10),(2,20),(3,30),(4,40);
SELECT d, sum(v) OVER (ORDER BY d), sum(v) OVER (ORDER BY d ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM t;
=== lag, lead, first_value, last_value, nth_value
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(3),(4);
SELECT a, lag(a) OVER w, lead(a, 2, -1) OVER w, first_value(a) OVER w, last_value(a) OVER w, nth_value(a, 2) OVER w FROM t WINDOW w AS (ORDER BY a);
=== ntile, percent_rank, cume_dist
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(2),(4),(5);
SELECT a, ntile(2) OVER w, percent_rank() OVER w, cume_dist() OVER w FROM t WINDOW w AS (ORDER BY a);
=== frames with EXCLUDE and GROUPS
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(2),(3);
SELECT a, sum(a) OVER (ORDER BY a GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW), count(*) OVER (ORDER BY a ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES) FROM t;
=== RANGE frames by distance
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(3),(4),(9);
SELECT a, count(*) OVER (ORDER BY a RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING) FROM t;
=== FILTER in windows and aggregates
CREATE TABLE t(a, b);
INSERT INTO t VALUES(1,'x'),(2,'y'),(3,'x');
SELECT sum(a) FILTER (WHERE b = 'x'), count(*) FILTER (WHERE a > 5) FROM t;
SELECT a, sum(a) FILTER (WHERE b = 'x') OVER (ORDER BY a) FROM t;
=== a window chained on another
CREATE TABLE t(g, a);
INSERT INTO t VALUES(1,1),(1,2),(2,3);
SELECT g, a, sum(a) OVER (w ORDER BY a) FROM t WINDOW w AS (PARTITION BY g);
=== window functions outside SELECT are errors
CREATE TABLE t(a);
SELECT a FROM t WHERE row_number() OVER () = 1;
=== a recursive CTE counts
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT sum(i), max(i) FROM n;
=== a recursive CTE walks a tree
CREATE TABLE emp(name, boss);
INSERT INTO emp VALUES('ann',NULL),('bob','ann'),('cid','bob'),('dan','ann'),('eve','cid');
WITH RECURSIVE under(name, depth) AS (SELECT name, 0 FROM emp WHERE boss IS NULL UNION ALL SELECT e.name, u.depth + 1 FROM emp e JOIN under u ON e.boss = u.name ORDER BY 2 DESC) SELECT substr('....', 1, depth) || name FROM under;
=== UNION in a recursive CTE ends cycles
CREATE TABLE edge(a, b);
INSERT INTO edge VALUES(1,2),(2,3),(3,1);
WITH RECURSIVE reach(n) AS (VALUES(1) UNION SELECT b FROM edge JOIN reach ON a = n) SELECT * FROM reach ORDER BY n;
=== CTEs in INSERT, UPDATE and DELETE
CREATE TABLE t(a);
WITH v(x) AS (VALUES(1),(2),(3)) INSERT INTO t SELECT x FROM v;
WITH big AS (SELECT a FROM t WHERE a > 1) UPDATE t SET a = a * 10 WHERE a IN big;
WITH gone(x) AS (SELECT 20) DELETE FROM t WHERE a IN gone;
SELECT * FROM t;
=== MATERIALIZED hints are accepted
WITH a AS MATERIALIZED (SELECT 1 AS x), b AS NOT MATERIALIZED (SELECT x + 1 AS y FROM a) SELECT * FROM a, b;
=== a CTE hides a table of its name
CREATE TABLE t(a);
INSERT INTO t VALUES(1);
WITH t AS (SELECT 2 AS a) SELECT * FROM t;
=== a circular CTE is an error
WITH a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM a;
=== compound selects
SELECT 1 UNION SELECT 2 UNION ALL SELECT 2 EXCEPT SELECT 1;
SELECT 1 INTERSECT SELECT 1 ORDER BY 1;
SELECT 'a' AS x UNION SELECT 'B' ORDER BY x COLLATE NOCASE;
=== joins of every kind
CREATE TABLE l(a, b);
CREATE TABLE r(a, c);
INSERT INTO l VALUES(1,'l1'),(2,'l2');
INSERT INTO r VALUES(2,'r2'),(3,'r3');
SELECT * FROM l JOIN r USING(a);
SELECT * FROM l LEFT JOIN r ON l.a = r.a;
SELECT * FROM l RIGHT JOIN r ON l.a = r.a;
SELECT * FROM l FULL JOIN r ON l.a = r.a ORDER BY coalesce(l.a, r.a);
SELECT * FROM l NATURAL JOIN r;
SELECT count(*) FROM l CROSS JOIN r;
=== subqueries correlate
CREATE TABLE t(g, v);
INSERT INTO t VALUES(1,5),(1,7),(2,3);
SELECT g, v FROM t AS o WHERE v = (SELECT max(v) FROM t WHERE g = o.g);
SELECT EXISTS(SELECT 1 FROM t WHERE v > 6), 3 IN (SELECT v FROM t);
=== group by, having and order
CREATE TABLE t(g, v);
INSERT INTO t VALUES('a',1),('b',2),('a',3),('c',9);
SELECT g, count(*), total(v), avg(v), group_concat(v, '+') FROM t GROUP BY g HAVING count(*) > 1 OR g = 'c' ORDER BY g DESC;
SELECT min(v), max(v), g FROM t;
=== DISTINCT and LIMIT
CREATE TABLE t(a);
INSERT INTO t VALUES(3),(1),(3),(2),(1);
SELECT DISTINCT a FROM t ORDER BY a LIMIT 2 OFFSET 1;
SELECT count(DISTINCT a) FROM t;
=== NULLS FIRST and LAST
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(NULL),(2);
SELECT a FROM t ORDER BY a NULLS LAST;
SELECT a FROM t ORDER BY a DESC NULLS FIRST;
=== CASE, COALESCE, IIF, NULLIF
SELECT CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END, CASE 3 WHEN 3 THEN 'three' END, coalesce(NULL, NULL, 'x'), iif(1, 'y', 'n'), nullif(1, 1), ifnull(NULL, 4);
=== IS DISTINCT FROM
SELECT 1 IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL, 1 IS 1.0;
=== views over views
CREATE TABLE t(a, b);
INSERT INTO t VALUES(1,2),(3,4);
CREATE VIEW v AS SELECT a + b AS s FROM t;
CREATE VIEW w(x) AS SELECT s * 2 FROM v;
SELECT * FROM w;
DROP VIEW v;
SELECT * FROM w;
=== a view cannot be written without a trigger
CREATE TABLE t(a);
CREATE VIEW v AS SELECT a FROM t;
INSERT INTO v VALUES(1);
DELETE FROM v;
