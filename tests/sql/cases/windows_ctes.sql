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
=== row_number, rank, dense_rank, ntile
CREATE TABLE t(g,v);
INSERT INTO t VALUES('a',3),('a',1),('b',2),('a',1),('b',5),('c',NULL);
SELECT g,v,row_number() OVER w, rank() OVER w, dense_rank() OVER w, ntile(2) OVER w, percent_rank() OVER w, cume_dist() OVER w FROM t WINDOW w AS (PARTITION BY g ORDER BY v) ORDER BY g,v,3;
=== lag, lead, first, last, nth
CREATE TABLE t(i INTEGER PRIMARY KEY, v);
INSERT INTO t(v) VALUES('a'),('b'),('c'),('d');
SELECT i, lag(v) OVER (ORDER BY i), lead(v,2,'none') OVER (ORDER BY i), first_value(v) OVER (ORDER BY i DESC), last_value(v) OVER (ORDER BY i), nth_value(v,2) OVER (ORDER BY i) FROM t ORDER BY i;
=== frames by rows, range and groups
CREATE TABLE t(x);
INSERT INTO t VALUES(1),(1),(2),(4),(7),(8);
SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW), count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM t ORDER BY x, 2;
=== frames that exclude
CREATE TABLE t(x);
INSERT INTO t VALUES(1),(2),(2),(3);
SELECT x, group_concat(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW), group_concat(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES), group_concat(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE GROUP) FROM t;
=== a window with filter
CREATE TABLE t(x);
INSERT INTO t VALUES(1),(2),(3),(4);
SELECT x, sum(x) FILTER (WHERE x%2=0) OVER (ORDER BY x) FROM t;
=== windows over groups
CREATE TABLE t(g,v);
INSERT INTO t VALUES('a',1),('a',2),('b',7),('c',1);
SELECT g, sum(v), sum(sum(v)) OVER (ORDER BY g) FROM t GROUP BY g;
=== misused windows are errors
SELECT sum(1) OVER nope;
SELECT row_number();
SELECT 1 WHERE row_number() OVER () = 1;
SELECT ntile(0) OVER ();
SELECT nth_value(1,0) OVER ();
SELECT count(*) OVER (ROWS BETWEEN -1 PRECEDING AND CURRENT ROW);
=== a recursive cte counts
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<10) SELECT sum(i), count(*) FROM q;
=== a tree by depth and by breadth
CREATE TABLE t(id INTEGER PRIMARY KEY, up, name);
INSERT INTO t VALUES(1,NULL,'root'),(2,1,'a'),(3,1,'b'),(4,2,'aa'),(5,3,'ba'),(6,2,'ab');
WITH RECURSIVE w(id,name,depth) AS (SELECT id,name,0 FROM t WHERE up IS NULL UNION ALL SELECT t.id,t.name,depth+1 FROM t JOIN w ON t.up=w.id ORDER BY 3 DESC, 2) SELECT substr('....',1,depth)||name FROM w;
WITH RECURSIVE w(id,name,depth) AS (SELECT id,name,0 FROM t WHERE up IS NULL UNION ALL SELECT t.id,t.name,depth+1 FROM t JOIN w ON t.up=w.id ORDER BY 3, 2) SELECT name FROM w;
=== union removes cycles
CREATE TABLE e(a,b);
INSERT INTO e VALUES(1,2),(2,3),(3,1),(3,4);
WITH RECURSIVE r(x) AS (VALUES(1) UNION SELECT b FROM e JOIN r ON a=x) SELECT x FROM r ORDER BY x;
=== materialized and not
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2);
WITH m AS MATERIALIZED (SELECT a+1 AS b FROM t) SELECT * FROM m x JOIN m y ON x.b=y.b ORDER BY 1;
WITH m AS NOT MATERIALIZED (SELECT a+1 AS b FROM t) SELECT count(*) FROM m;
=== ctes that write
CREATE TABLE t(a);
WITH q(i) AS (VALUES(1),(2),(3)) INSERT INTO t SELECT i FROM q;
WITH q AS (SELECT max(a) AS m FROM t) UPDATE t SET a=a+m FROM q;
WITH q AS (SELECT 5 AS n) DELETE FROM t WHERE a IN (SELECT n FROM q);
SELECT * FROM t;
=== errors of ctes
WITH a AS (SELECT * FROM a) SELECT * FROM a;
WITH a(x,y) AS (SELECT 1) SELECT * FROM a;
WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a;
=== several recursive terms
WITH RECURSIVE f(a,b) AS (SELECT 0,1 UNION ALL SELECT b,a+b FROM f LIMIT 15) SELECT group_concat(a) FROM f;
WITH RECURSIVE x(n) AS (VALUES(1) UNION SELECT n*2 FROM x WHERE n<50 UNION SELECT n*3 FROM x WHERE n<50) SELECT n FROM x ORDER BY n;
=== a mandelbrot set
WITH RECURSIVE xaxis(x) AS (VALUES(-2.0) UNION ALL SELECT x+0.1 FROM xaxis WHERE x<1.0), yaxis(y) AS (VALUES(-1.0) UNION ALL SELECT y+0.2 FROM yaxis WHERE y<1.0), m(iter,cx,cy,x,y) AS (SELECT 0,x,y,0.0,0.0 FROM xaxis,yaxis UNION ALL SELECT iter+1,cx,cy,x*x-y*y+cx,2.0*x*y+cy FROM m WHERE (x*x+y*y)<4.0 AND iter<12), m2(iter,cx,cy) AS (SELECT max(iter),cx,cy FROM m GROUP BY cx,cy), a(t) AS (SELECT group_concat(substr(' .+*#',1+min(iter/3,4),1),'') FROM m2 GROUP BY cy) SELECT rtrim(t) FROM a;
=== compound selects
CREATE TABLE t(a); CREATE TABLE u(a);
INSERT INTO t VALUES(1),(2),(2),(3); INSERT INTO u VALUES(2),(3),(4);
SELECT a FROM t UNION SELECT a FROM u ORDER BY 1;
SELECT a FROM t UNION ALL SELECT a FROM u ORDER BY 1 LIMIT 3 OFFSET 2;
SELECT a FROM t INTERSECT SELECT a FROM u;
SELECT a FROM t EXCEPT SELECT a FROM u;
SELECT a FROM t UNION SELECT a,1 FROM u;
=== aggregates with filter, distinct and order
CREATE TABLE t(g,v);
INSERT INTO t VALUES('a',1),('a',1),('a',3),('b',NULL),('b',2);
SELECT g, count(v), count(DISTINCT v), sum(v) FILTER (WHERE v>1), total(v), avg(v), group_concat(v,'-' ORDER BY v DESC) FROM t GROUP BY g ORDER BY g;
SELECT max(v), g FROM t;
SELECT g, count(*) AS n FROM t GROUP BY g HAVING n>2;
SELECT sum(v), total(v), min(v), count(*) FROM t WHERE 0;
SELECT sum(9223372036854775807+g) FROM t;
SELECT sum(x) FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 1);
=== joins of all kinds
CREATE TABLE a(i,x); CREATE TABLE b(i,y);
INSERT INTO a VALUES(1,'a1'),(2,'a2'),(3,'a3'); INSERT INTO b VALUES(2,'b2'),(3,'b3'),(4,'b4');
SELECT * FROM a JOIN b USING(i) ORDER BY i;
SELECT * FROM a LEFT JOIN b ON a.i=b.i ORDER BY a.i;
SELECT * FROM a RIGHT JOIN b ON a.i=b.i ORDER BY b.i;
SELECT * FROM a FULL JOIN b USING(i) ORDER BY i;
SELECT * FROM a NATURAL JOIN b ORDER BY 1;
SELECT count(*) FROM a CROSS JOIN b;
SELECT a.i FROM a WHERE EXISTS(SELECT 1 FROM b WHERE b.i=a.i) ORDER BY 1;
SELECT (SELECT y FROM b WHERE b.i=a.i) FROM a ORDER BY i;
SELECT i FROM a JOIN b;
