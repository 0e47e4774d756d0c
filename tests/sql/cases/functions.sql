=== dates of a fixed time
SELECT date('2024-02-29','+1 year'), datetime('2024-01-31 10:20:30','+1 month'), time('23:59:59','+1 second'), julianday('2000-01-01 12:00'), unixepoch('2024-01-01'), strftime('%Y %m %d %H %M %S %f %j %W %w %s %%','2024-03-05 06:07:08.123');
=== date modifiers
SELECT date('2024-05-15','start of month','+1 month','-1 day'), date('2024-05-15','weekday 0'), datetime(0,'unixepoch'), datetime(1700000000,'auto'), date('2024-05-15','start of year'), timediff('2024-05-15','2023-01-01');
=== dates that are none
SELECT date('nope'), date('2024-13-01'), datetime('2024-01-01','bad'), strftime('%Q','2024-01-01'), date(NULL);
=== printf formats
SELECT printf('%d|%5d|%-5d|%05d|%+d|%x|%X|%o|%c|%s|%10s|%-10s|%.2f|%e|%g|%q|%Q|%w|%%|%,d',1,2,3,4,5,255,255,8,'abc','s','right','left',3.14159,31415.9,0.0001,'it''s','it''s','a"b',1234567);
=== printf of odd values
SELECT printf('%s %d %f',NULL,'12abc','x'), printf('%!.15g',0.1), printf('%.3s','abcdef'), printf('%lld',9223372036854775807), format('%*d',6,42);
=== math functions
SELECT ceil(1.2), floor(-1.2), trunc(-1.7), round(2.5), round(-2.567,2), sign(-3), mod(7,3), power(2,10), sqrt(16), ln(1), log10(1000), log2(8), exp(0), pi()>3.14, degrees(pi()), radians(180)=pi();
=== trigonometry
SELECT round(sin(1),6), round(cos(1),6), round(tan(1),6), round(asin(0.5),6), round(acos(0.5),6), round(atan2(1,2),6), round(sinh(1),6), round(acosh(2),6);
=== string functions
SELECT upper('abc'), lower('ABC'), trim('  a  '), ltrim('xxa','x'), rtrim('axx','x'), replace('aXbX','X','-'), substr('hello',-3,2), instr('hello','l'), length('abc'), hex('abc'), quote('it''s'), unhex('414243'), unicode('A'), char(72,105), concat('a',NULL,'b'), concat_ws('-','a',NULL,'b');
=== null handling functions
SELECT coalesce(NULL,NULL,3), ifnull(NULL,'x'), nullif(1,1), nullif(1,2), iif(1,'yes','no'), NULL IS NULL, NULL=NULL, NULL IS NOT DISTINCT FROM NULL, 1 IS DISTINCT FROM NULL;
=== three-valued logic
SELECT NULL AND 0, NULL AND 1, NULL OR 1, NULL OR 0, NOT NULL, 1 IN (NULL,2), 2 IN (NULL,2), 1 NOT IN (NULL), NULL BETWEEN 1 AND 2;
=== operators and precedence
SELECT 1+2*3, (1+2)*3, 7/2, 7/2.0, -7/2, 7%3, -7%3, 1<<4, 256>>4, 6&3, 6|3, ~5, 'a'||'b'||1, 1<2<3, 5 BETWEEN 1 AND 10 AND 1, NOT 1=2;
=== casts
SELECT CAST('12abc' AS INTEGER), CAST('1e3' AS REAL), CAST(3.99 AS INTEGER), CAST(x'414243' AS TEXT), CAST('abc' AS BLOB), CAST(1 AS TEXT), CAST('9223372036854775808' AS INTEGER), CAST('0x10' AS INTEGER), CAST(1e30 AS INTEGER), typeof(CAST('1.0' AS NUMERIC));
=== comparison across types
SELECT 1<'a', 'a'<x'00', NULL<1, 1='1', '1'=1.0, 2<'10', x'61'='a', 1.0=1, 9007199254740993=9007199254740992.0;
=== case expressions
SELECT CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END, CASE WHEN 0 THEN 'a' ELSE 'b' END, CASE NULL WHEN NULL THEN 'null' ELSE 'other' END, CASE 5 WHEN 1 THEN 1 END;
=== typeof of everything
SELECT typeof(1), typeof(1.0), typeof('1'), typeof(x'01'), typeof(NULL), typeof(1+1.0), typeof('1'+1), typeof(1||1), typeof(-'abc');
=== min and max as scalars
SELECT min(3,1,2), max('a',5,x'00'), min(NULL,1), max(1,NULL);
=== substr of every kind
SELECT substr('abcdef',2), substr('abcdef',0,3), substr('abcdef',-2), substr('abcdef',3,-2), substr(x'010203',2,1), substr('abc',10), substring('abc',2,1);
=== text of real numbers
SELECT 0.1, 1e21, 1e-7, 123456789012345678.0, 0.1+0.2, 1.0, -0.0, 100.0/3, 1e15, 1e16, 3.0e-300;
=== integers of text
SELECT '  12 '+0, '0x1F'+0, '1e2'+0, '.5'+0, '-'+0, '+7'+0, '12 34'+0, ''+0;
=== blob literals and functions
SELECT x'00FF', length(x'0001'), hex(zeroblob(3)), quote(x'ab'), x'61'||x'62', typeof(x'61'||x'62'), instr(x'0102',x'02');
=== like with unicode and escapes
SELECT 'ÄB' LIKE 'äb', 'AB' LIKE 'ab', 'a_b' LIKE 'a\_b' ESCAPE '\', 'axb' LIKE 'a\_b' ESCAPE '\', NULL LIKE 'a', 'abc' LIKE '%%c';
=== likelihood, unlikely and others do nothing
SELECT likelihood(5,0.5), likely(1), unlikely(0), typeof(sqlite_version()), octet_length('ä'), soundex('Robert');
=== changes and rowid functions begin at zero
SELECT changes(), total_changes(), last_insert_rowid();
=== generate_series and json_each as tables
SELECT value FROM json_each('[3,1,2]') ORDER BY value;
SELECT count(*) FROM generate_series(1,10);
=== values as a table
SELECT * FROM (VALUES(1,'a'),(2,'b'));
SELECT column1+1 FROM (VALUES(1),(2));
=== quotes and strings
SELECT 'it''s', "double", 'new
line', '', 'tab	';
SELECT "nope";
=== an aggregate of nothing
CREATE TABLE t(a);
SELECT count(*), count(a), sum(a), total(a), avg(a), min(a), group_concat(a) FROM t;
SELECT a, count(*) FROM t GROUP BY a;
=== group by expressions
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(3),(4),(NULL);
SELECT a%2, count(*), group_concat(a) FROM t GROUP BY a%2 ORDER BY 1;
SELECT a>2 AS big, count(*) FROM t GROUP BY big HAVING big IS NOT NULL ORDER BY big;
=== distinct
CREATE TABLE t(a,b);
INSERT INTO t VALUES(1,1),(1,1),(1,2),(NULL,NULL),(NULL,NULL);
SELECT DISTINCT a,b FROM t ORDER BY 1,2;
SELECT count(DISTINCT a) FROM t;
=== limits and offsets
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(3),(4),(5);
SELECT a FROM t ORDER BY a LIMIT 2;
SELECT a FROM t ORDER BY a LIMIT 2 OFFSET 3;
SELECT a FROM t ORDER BY a LIMIT 1,2;
SELECT a FROM t ORDER BY a DESC LIMIT 0;
=== correlated subqueries
CREATE TABLE t(g,v);
INSERT INTO t VALUES('a',1),('a',5),('b',3);
SELECT g,v FROM t x WHERE v=(SELECT max(v) FROM t y WHERE y.g=x.g) ORDER BY g;
SELECT g,(SELECT count(*) FROM t y WHERE y.v<=x.v) FROM t x ORDER BY v;
=== in with lists, subqueries and tables
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(3);
SELECT a FROM t WHERE a IN (1,3);
SELECT a FROM t WHERE a NOT IN (SELECT a FROM t WHERE a>1);
SELECT 2 IN t, 9 IN t;
=== delete with subqueries of the same table
CREATE TABLE t(id INTEGER PRIMARY KEY, g);
INSERT INTO t(g) VALUES('a'),('b'),('a'),('c'),('b');
DELETE FROM t WHERE id NOT IN (SELECT min(id) FROM t GROUP BY g);
SELECT * FROM t;
=== update from a subquery of the same table
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t(v) VALUES(10),(20),(30);
UPDATE t SET v=v-(SELECT avg(v) FROM t);
SELECT * FROM t;
=== insert from the same table
CREATE TABLE t(id INTEGER PRIMARY KEY, v);
INSERT INTO t(v) VALUES('a'),('b');
INSERT INTO t(v) SELECT v||id FROM t;
INSERT INTO t(v) SELECT v||id FROM t;
SELECT * FROM t;
=== truncating a table counts its rows
CREATE TABLE t(a);
INSERT INTO t VALUES(1),(2),(3);
DELETE FROM t;
SELECT changes();
DELETE FROM t;
SELECT changes();
=== explain query plan of a scan
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
EXPLAIN QUERY PLAN SELECT * FROM t;
EXPLAIN QUERY PLAN SELECT * FROM t WHERE a=5;
EXPLAIN QUERY PLAN SELECT * FROM t WHERE a>5 ORDER BY a DESC;
EXPLAIN QUERY PLAN UPDATE t SET b=1 WHERE a IN (1,2);
=== real keys and rowid comparisons
CREATE TABLE t(a INTEGER PRIMARY KEY);
INSERT INTO t VALUES(1),(2),(3);
SELECT * FROM t WHERE a=2.0;
SELECT * FROM t WHERE a>1.5;
SELECT * FROM t WHERE a='2';
SELECT * FROM t WHERE a<9e999 AND a>-9e999;
SELECT * FROM t WHERE rowid=x'32';
=== a real column stores integers small
CREATE TABLE t(id INTEGER PRIMARY KEY, r REAL);
INSERT INTO t(r) VALUES(1),(2.0),(-0.0),(1e15),(9007199254740992),(1e300),('3');
SELECT r, typeof(r) FROM t;
UPDATE t SET r=r+1;
SELECT r FROM t;
=== bitwise keys at the ends
CREATE TABLE t(a INTEGER PRIMARY KEY, b);
INSERT INTO t VALUES(9223372036854775807,'max'),(-9223372036854775808,'min'),(0,'zero');
SELECT * FROM t ORDER BY a;
UPDATE t SET b=b||'!' WHERE a<0;
DELETE FROM t WHERE a=9223372036854775807;
SELECT * FROM t;
