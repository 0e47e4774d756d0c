=== fts5 match, rank and order
CREATE VIRTUAL TABLE f USING fts5(title, body);
INSERT INTO f VALUES('one','the quick brown fox'),('two','jumps over the lazy dog'),('three','the fox and the dog');
SELECT title FROM f WHERE f MATCH 'fox' ORDER BY rowid;
SELECT title FROM f WHERE f MATCH 'fox AND dog';
SELECT title FROM f WHERE f MATCH 'fox OR lazy' ORDER BY rank, rowid;
SELECT title FROM f WHERE f MATCH 'dog NOT fox';
SELECT title FROM f('"quick brown"');
SELECT title FROM f('title:one');
SELECT title FROM f('NEAR(the dog, 2)') ORDER BY rowid;
SELECT title FROM f('qui*');
SELECT round(bm25(f),4) FROM f('fox') ORDER BY 1;
=== fts5 highlight and snippet
CREATE VIRTUAL TABLE f USING fts5(x);
INSERT INTO f VALUES('a long text about databases and about words and more words at the end');
SELECT highlight(f,0,'[',']'), snippet(f,0,'<','>','...',5) FROM f('words');
=== fts5 update and delete
CREATE VIRTUAL TABLE f USING fts5(x);
INSERT INTO f(rowid,x) VALUES(1,'apple'),(2,'banana'),(3,'cherry');
UPDATE f SET x='apricot' WHERE rowid=2;
DELETE FROM f WHERE rowid=1;
SELECT rowid,x FROM f('ap*');
SELECT count(*) FROM f('banana');
INSERT INTO f(f) VALUES('integrity-check');
=== fts5 external content
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
CREATE VIRTUAL TABLE f USING fts5(a, content=t, content_rowid=id);
CREATE TRIGGER ti AFTER INSERT ON t BEGIN INSERT INTO f(rowid,a) VALUES(new.id,new.a); END;
CREATE TRIGGER td AFTER DELETE ON t BEGIN INSERT INTO f(f,rowid,a) VALUES('delete',old.id,old.a); END;
CREATE TRIGGER tu AFTER UPDATE ON t BEGIN INSERT INTO f(f,rowid,a) VALUES('delete',old.id,old.a); INSERT INTO f(rowid,a) VALUES(new.id,new.a); END;
INSERT INTO t(a) VALUES('red green'),('green blue'),('blue red');
UPDATE t SET a='yellow' WHERE id=1;
DELETE FROM t WHERE id=2;
SELECT rowid,a FROM f('red OR yellow') ORDER BY rowid;
SELECT rowid FROM f('green');
INSERT INTO f(f) VALUES('rebuild');
SELECT rowid FROM f('blue');
=== fts5 rebuild, optimize, merge and automerge
CREATE VIRTUAL TABLE f USING fts5(x);
INSERT INTO f(f,rank) VALUES('automerge',2);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<300) INSERT INTO f SELECT 'word'||(i%17)||' other'||(i%5)||' n'||i FROM q;
INSERT INTO f(f,rank) VALUES('merge',50);
SELECT count(*) FROM f('word3');
INSERT INTO f(f) VALUES('optimize');
INSERT INTO f(f) VALUES('rebuild');
SELECT count(*) FROM f('word3 AND other1');
INSERT INTO f(f) VALUES('delete-all');
=== fts5 options
CREATE VIRTUAL TABLE p USING fts5(x, tokenize='porter ascii', prefix='2 3');
CREATE VIRTUAL TABLE c USING fts5(x, content='');
CREATE VIRTUAL TABLE d USING fts5(x, detail=none);
CREATE VIRTUAL TABLE g USING fts5(x, tokenize=trigram);
CREATE VIRTUAL TABLE u USING fts5(x UNINDEXED, y);
INSERT INTO p VALUES('running runs'); INSERT INTO c(rowid,x) VALUES(5,'contentless words'); INSERT INTO d VALUES('some detail'); INSERT INTO g VALUES('substring search'); INSERT INTO u VALUES('hidden','seen');
SELECT x FROM p('run'); SELECT rowid,x FROM c('words'); SELECT x FROM d('detail'); SELECT x FROM g('string'); SELECT y FROM u('hidden'); SELECT x FROM u('seen');
DELETE FROM c WHERE rowid=5;
=== fts5 errors
CREATE VIRTUAL TABLE f USING fts5(x, nope=1);
CREATE VIRTUAL TABLE f USING fts5(x);
SELECT * FROM f('AND');
SELECT * FROM f('y:word');
SELECT * FROM f('"open');
INSERT INTO f(f) VALUES('nonsense');
CREATE VIRTUAL TABLE n USING nosuchmodule(x);
=== fts5 vocabulary
CREATE VIRTUAL TABLE f USING fts5(x);
CREATE VIRTUAL TABLE v USING fts5vocab(f,'row');
INSERT INTO f VALUES('a b b'),('b c');
SELECT term, doc, cnt FROM v;
=== fts5 rolled back and dropped
CREATE VIRTUAL TABLE f USING fts5(x);
INSERT INTO f VALUES('kept');
BEGIN;
INSERT INTO f VALUES('gone');
ROLLBACK;
SELECT * FROM f('kept OR gone');
ALTER TABLE f RENAME TO g;
SELECT * FROM g('kept');
DROP TABLE g;
SELECT name FROM sqlite_schema;
=== an r-tree finds boxes
CREATE VIRTUAL TABLE r USING rtree(id, x0, x1, y0, y1, +label TEXT);
INSERT INTO r VALUES(1,0,1,0,1,'a'),(2,5,6,5,6,'b'),(3,0,10,0,10,'c');
SELECT id,label FROM r WHERE x0<=5.5 AND x1>=5.5 AND y0<=5.5 AND y1>=5.5 ORDER BY id;
UPDATE r SET x1=8 WHERE id=1;
DELETE FROM r WHERE id=2;
SELECT * FROM r ORDER BY id;
SELECT rtreecheck('r');
=== an r-tree of many boxes
CREATE VIRTUAL TABLE r USING rtree(id, x0, x1);
WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<400) INSERT INTO r SELECT i, (i*37)%400, (i*37)%400+2 FROM q;
SELECT count(*) FROM r WHERE x0>=100 AND x1<=150;
DELETE FROM r WHERE id%2;
SELECT count(*) FROM r WHERE x0>=100 AND x1<=150;
SELECT rtreecheck('r');
=== r-tree errors and integers
CREATE VIRTUAL TABLE r USING rtree(id, x0, x1);
INSERT INTO r VALUES(1,5,4);
INSERT INTO r VALUES(1,1,2);
INSERT INTO r VALUES(1,3,4);
INSERT OR REPLACE INTO r VALUES(1,3,4);
CREATE VIRTUAL TABLE i USING rtree_i32(id, a, b);
INSERT INTO i VALUES(1,2.9,3.9);
SELECT * FROM r; SELECT * FROM i;
CREATE VIRTUAL TABLE bad USING rtree(id, x0);
=== geopoly
CREATE VIRTUAL TABLE g USING geopoly(name);
INSERT INTO g(_shape,name) VALUES('[[0,0],[4,0],[4,4],[0,4],[0,0]]','square'),('[[10,10],[12,10],[11,13],[10,10]]','triangle');
SELECT name, geopoly_area(_shape) FROM g WHERE geopoly_overlap(_shape,'[[1,1],[2,1],[2,2],[1,1]]');
SELECT name FROM g WHERE geopoly_within(_shape,'[[-1,-1],[20,-1],[20,20],[-1,20],[-1,-1]]') ORDER BY name;
SELECT geopoly_json(_shape) FROM g ORDER BY rowid;
SELECT geopoly_contains_point(_shape,1,1) FROM g ORDER BY rowid;
