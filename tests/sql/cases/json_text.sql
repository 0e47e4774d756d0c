=== json_extract and its arrows
SELECT json_extract('{"a":{"b":[1,2,{"c":"x"}]}}', '$.a.b[2].c'), '{"a":5}' -> '$.a', '{"a":"s"}' ->> 'a', '[1,2]' ->> -1;
=== json builds objects and arrays
SELECT json_object('a', 1, 'b', json_array(1, 'x', NULL)), json_array(), json('  {"a" : 1 } ');
=== json_set, json_insert, json_replace, json_remove, json_patch
SELECT json_set('{"a":1}', '$.a', 2, '$.b', 3), json_insert('{"a":1}', '$.a', 2), json_replace('{"a":1}', '$.b', 2), json_remove('[0,1,2]', '$[1]'), json_patch('{"a":1,"b":2}', '{"a":null,"c":3}');
=== json_each and json_tree
SELECT key, value, type, fullkey FROM json_each('{"a":1,"b":[2,3]}');
SELECT count(*), sum(atom) FROM json_tree('[1,[2,[3]]]') WHERE type = 'integer';
=== json_group_array and json_group_object
CREATE TABLE t(k, v);
INSERT INTO t VALUES('x',1),('y',2);
SELECT json_group_array(v), json_group_object(k, v) FROM t;
=== json_type, json_valid, json_array_length, json_quote
SELECT json_type('[1.5]', '$[0]'), json_valid('{bad'), json_valid('{"a":1}'), json_array_length('[1,2,3]'), json_quote('it''s'), json_error_position('[1,,2]');
=== malformed JSON is an error
SELECT json('{');
SELECT json_extract('nope', '$.a');
=== JSONB goes in and out
CREATE TABLE t(j);
INSERT INTO t VALUES(jsonb('{"a":[1,2,{"b":null}]}'));
SELECT typeof(j), json(j), json_extract(j, '$.a[1]') FROM t;
UPDATE t SET j = jsonb_set(j, '$.a[0]', 'new');
SELECT json(j) FROM t;
=== an index on a JSON expression
CREATE TABLE t(j);
CREATE INDEX i ON t(j ->> '$.n');
INSERT INTO t VALUES('{"n":2}'),('{"n":1}'),('{}');
SELECT j FROM t WHERE j ->> '$.n' = 1;
SELECT j ->> '$.n' FROM t ORDER BY j ->> '$.n';
=== JSON5 is read
SELECT json('{a: 1, /* c */ ''b'': .5, }');
=== string functions
SELECT upper('abc'), lower('ÄBC'), length('äöü'), length(x'00ff'), octet_length('äöü'), substr('hello', 2, 3), substr('hello', -3), trim('  x '), ltrim('xxa','x'), rtrim('axx','x'), replace('abcabc','b','-'), instr('hello','l'), hex('abc'), quote('it''s'), char(72, 228), unicode('ä');
=== printf and format
SELECT printf('%d %5.2f %s %q %Q %x %05d %-5s| %,d %c', 42, 3.14159, 'str', 'it''s', NULL, 255, 42, 'ab', 1234567, 'xyz'), format('%!.17g', 0.1);
=== concat and group_concat with order
SELECT concat('a', NULL, 1), concat_ws('-', 'a', NULL, 'b'), string_agg(x, ',' ORDER BY x DESC) FROM (VALUES('p'),('q')) AS v(x);
=== LIKE, GLOB and their case
SELECT 'Abc' LIKE 'a%', 'Abc' GLOB 'a*', 'Abc' GLOB 'A?c', 'a_c' LIKE 'a\_c' ESCAPE '\', 'ÄB' LIKE 'äb';
PRAGMA case_sensitive_like = ON;
SELECT 'Abc' LIKE 'a%';
=== unicode survives
CREATE TABLE "täble"("cölumn ☃" TEXT);
INSERT INTO "täble" VALUES('🦆 日本語 ‮rtl'),('e' || char(769)),(char(0x10FFFF));
SELECT *, length("cölumn ☃") FROM "täble";
=== text with NUL characters in it
CREATE TABLE t(a TEXT);
INSERT INTO t VALUES('a' || char(0) || 'b');
SELECT length(a), hex(a), length(CAST(a AS BLOB)) FROM t;
=== blobs with every byte
CREATE TABLE t(b BLOB);
INSERT INTO t VALUES(x'000102fffe00'),(x''),(zeroblob(3)),(CAST('text' AS BLOB));
SELECT b, length(b), typeof(b) FROM t;
=== date functions
SELECT date('2024-02-29', '+1 year'), time('12:34:56', '-1 hour'), datetime('2024-12-31 23:59:59', '+1 second'), julianday('2000-01-01 12:00:00'), strftime('%Y-%j %H:%M', '2024-03-10 01:02:03'), unixepoch('1970-01-02'), timediff('2024-03-01', '2024-02-01');
=== dates around a change of DST are plain UTC
SELECT datetime('2013-11-03 05:59:59', '+1 second'), strftime('%s', '2013-03-10 07:00:00') - strftime('%s', '2013-03-10 06:00:00'), date('2024-01-31', '+1 month'), date('2024-01-31', '+1 month', 'ceiling'), date('2024-01-31', 'floor');
=== math functions
SELECT abs(-5), round(2.5), round(2.345, 2), ceil(1.2), floor(-1.2), pow(2, 10), sqrt(16), mod(7, 3), ln(1), log10(100), sign(-3), trunc(2.9), pi() > 3.14, degrees(pi());
=== integers at their limits
SELECT 9223372036854775807, -9223372036854775808, 9223372036854775807 + 1, -9223372036854775808 - 1, 9223372036854775807 * 2, abs(-9223372036854775807);
SELECT abs(-9223372036854775808);
=== floats at their limits
CREATE TABLE t(a REAL);
INSERT INTO t VALUES(1e308),(1e308 * 10),(-1e308 * 10),(1e-320),(0.1 + 0.2),(-0.0);
SELECT a, typeof(a) FROM t;
=== division and modulo
SELECT 7 / 2, -7 / 2, 7 % 3, -7 % 3, 7.0 / 2, 1 / 0, 1 % 0, 5 / 0.0;
=== bit operations
SELECT 5 & 3, 5 | 3, ~5, 1 << 40, 1 << 64, -1 >> 1, -8 >> 2;
=== conversions
SELECT CAST('12abc' AS INTEGER), CAST('1.5e3x' AS REAL), CAST(3.99 AS INTEGER), CAST(1e19 AS INTEGER), CAST(x'414243' AS TEXT), CAST(42 AS TEXT), '12' + 3, 'abc' + 1, '0x10' + 0, CAST('0x10' AS INTEGER);
=== affinities
CREATE TABLE t(i INTEGER, r REAL, x TEXT, n NUMERIC, b BLOB, o);
INSERT INTO t VALUES('12', '12', 12, '12.0', '12', '12'), ('x', 'x', 1.5, 'x', 12, 12);
SELECT typeof(i), typeof(r), typeof(x), typeof(n), typeof(b), typeof(o) FROM t;
SELECT * FROM t WHERE x = 12;
=== comparisons across types
SELECT 1 < 'a', 'a' < x'00', NULL < 1, 1 = 1.0, '1' = 1, x'61' = 'a', 'a' < 'B', 'a' < 'B' COLLATE NOCASE;
=== IN with lists and NULL
SELECT 1 IN (1, 2), 3 IN (1, NULL), 3 NOT IN (1, NULL), NULL IN (), 1 IN ();
=== BETWEEN and NOT
SELECT 5 BETWEEN 1 AND 10, 'b' BETWEEN 'a' AND 'c', 5 NOT BETWEEN 6 AND 7, NOT 1, NOT NULL;
=== random text is deterministic where it must be
SELECT length(randomblob(16)), typeof(random()), length(hex(zeroblob(8)));
=== the soundex of names
SELECT soundex('Robert'), soundex('Rupert'), soundex('');
=== CAST of text that is no number
SELECT CAST('' AS INTEGER), CAST(' 7 ' AS INTEGER), CAST('-' AS REAL), CAST(NULL AS INTEGER), typeof(CAST('1' AS NUMERIC)), typeof(CAST('1.5' AS NUMERIC));
=== hex and unhex
SELECT hex(x'0aff'), unhex('0AFF'), unhex('zz'), unhex('0a-ff', '-');
=== max and min of several
SELECT max(1, 2, NULL), max(1, 'a', x'00'), min(3, 2), max('a', 'B');
