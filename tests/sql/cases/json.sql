=== json functions read
SELECT json('{"a" : [1, 2.5, null, true, "x"]}');
SELECT json_extract('{"a":[1,{"b":"c"}]}','$.a[1].b'), json_extract('{"a":[1,2]}','$.a'), json_extract('{"a":1}','$.x');
SELECT '{"a":{"b":7}}'->'a', '{"a":{"b":7}}'->>'$.a.b', '[1,2,3]'->>-1, '[1,2,3]'->>1;
SELECT json_type('{"a":[1,2.5,null,true,"x"]}','$.a[1]'), json_type('[]'), json_array_length('[1,2,3]'), json_valid('{"a":1}'), json_valid('{a:1}'), json_error_position('{"a":1,}x');
=== json functions build
SELECT json_array(1,'two',3.5,NULL,json('[4]')), json_object('a',1,'b',json_array(2)), json_quote('it"s');
SELECT json_set('{"a":1}','$.b',2), json_insert('{"a":1}','$.a',9,'$.c',3), json_replace('{"a":1}','$.a',9,'$.c',3), json_remove('{"a":1,"b":2}','$.a'), json_patch('{"a":1,"b":2}','{"b":null,"c":3}');
SELECT json_set('[1,2]','$[#]',3), json_pretty('{"a":[1]}');
=== json_each and json_tree
SELECT key, value, type, fullkey, path FROM json_each('{"a":1,"b":[2,3]}');
SELECT key, value, type, atom, fullkey FROM json_tree('{"a":1,"b":[2,{"c":null}]}');
=== group arrays and objects
CREATE TABLE t(k,v);
INSERT INTO t VALUES('a',1),('b','x'),('c',NULL),('d',2.5);
SELECT json_group_array(v), json_group_object(k,v) FROM t;
=== jsonb is stored and read
CREATE TABLE t(id INTEGER PRIMARY KEY, j);
INSERT INTO t VALUES(1,jsonb('{"a":[1,2,{"b":"text"}],"n":null}')),(2,jsonb_array(1,'x',2.5)),(3,jsonb_object('k',jsonb('[1]')));
SELECT id, typeof(j), json(j), hex(j) FROM t;
SELECT j->>'$.a[2].b' FROM t WHERE id=1;
UPDATE t SET j=jsonb_set(j,'$.a[0]',99) WHERE id=1;
SELECT json(j), json_valid(j,8) FROM t WHERE id=1;
SELECT json(x'ff');
=== malformed json is an error
SELECT json('{"a":');
SELECT json_extract('nope','$.a');
SELECT json_extract('{}','a.b');
SELECT json_object('a');
SELECT json_each.value FROM json_each('[1,');
=== json5 is read
SELECT json('{a:1, ''b'':0x1F, c:+1.5, d:[1,2,], /* no */ e:Infinity}');
=== an index on a json field
CREATE TABLE t(j);
CREATE INDEX i ON t(j->>'$.k');
INSERT INTO t VALUES('{"k":"a","v":1}'),('{"k":"b","v":2}'),('{"v":3}');
SELECT j->>'v' FROM t WHERE j->>'$.k'='b';
EXPLAIN QUERY PLAN SELECT j FROM t WHERE j->>'$.k'='b';
=== a generated column of json
CREATE TABLE t(j, k TEXT AS (j->>'$.k') STORED, n AS (json_array_length(j,'$.l')));
CREATE INDEX i ON t(n);
INSERT INTO t(j) VALUES('{"k":"x","l":[1,2]}'),('{"l":[]}');
SELECT k,n FROM t ORDER BY n;
UPDATE t SET j=json_insert(j,'$.l[#]',3);
SELECT k,n FROM t ORDER BY n;
=== escapes and unicode in json
SELECT json_extract('["\u00e9\n\"\ud83d\ude00"]','$[0]'), json_quote(char(9,10,34,92,233,128512));
=== big and odd numbers in json
SELECT json('[1e400,-0,9223372036854775808,0.1]'), json_extract('[9223372036854775807]','$[0]'), json_extract('[9223372036854775808]','$[0]'), typeof(json_extract('[1.0]','$[0]'));
