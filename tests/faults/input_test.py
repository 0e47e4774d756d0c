#!/usr/bin/env python3
"""Bad names, files, SQL, owners, signals and pipes: usage: input_test.py DOSQL"""
import os
import pathlib
import signal
import sqlite3
import subprocess
import time

import harness

LONG_WORK = ("WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM q LIMIT 2000000000) "
             "SELECT count(*) FROM q")


class Names(harness.Case):
    def test_database_names_are_checked_and_never_paths(self):
        self.ok("db", "create", "acme")
        for name in ("../x", "a/b", "..", ".hidden", "", "A", "a b", "_catalog", "ü", "a" * 64,
                     "a\nb", "a'b", "-"):
            before = sorted(self.scratch.rglob("*"))
            self.fails("db", "create", name, names=f'"{name}"'.replace("\n", " "))
            self.fails("db", "rename", "acme", name)
            self.assertEqual(sorted(self.scratch.rglob("*")), before)
        for name in ("_catalog", "/etc/passwd", "nope"):
            self.fails("sql", name, "SELECT 1", names=name)
            self.fails("sql", "acme", f"ATTACH '{name}' AS x", names=name)
        self.ok("db", "create", "a" * 63)
        self.fails("db", "create", "b", "--group", "bad group", names='"bad group"')
        self.fails("db", "create", "b", "--group", "shops", names='group "shops"')

    def test_table_and_column_names_may_be_anything(self):
        self.ok("db", "create", "acme")
        hostile = ['a"b', "a\nb", "ü€𝄞", "a;DROP TABLE t;--", "../x", "select", "'", " ", "a,b", "`[]"]
        for number, name in enumerate(hostile):
            quoted = name.replace('"', '""')
            source = self.write(f"{number}.csv", f'"{quoted}",id\n1,{number}\n')
            self.ok("import", "acme", source, "--table", name)
            self.assertEqual(self.rows("acme", f'SELECT "{quoted}", id FROM "{quoted}"'), [[1, number]])
        out = self.scratch / "out.sqlite"
        self.ok("export", "acme", out)
        tables = sqlite3.connect(out).execute("SELECT name FROM sqlite_schema ORDER BY rowid")
        self.assertEqual([row[0] for row in tables], hostile)
        again = self.scratch / "out.sql"
        self.ok("export", "acme", again)
        self.ok("import", "copy", again)
        self.assertEqual(self.ok("dump", "copy"), self.ok("dump", "acme"))
        self.ok("lake", "flush")
        self.ok("lake", "verify")
        self.assertEqual(len(self.ok("changes", "acme").splitlines()), len(hostile))
        inside = {self.store, *self.store.rglob("*"), *self.scratch.glob("*.csv"), out, again}
        self.assertEqual(set(self.scratch.rglob("*")) - inside, set())


class Folders(harness.Case):
    def test_a_folder_of_something_else_is_not_made_a_store(self):
        other = self.scratch / "other"
        other.mkdir()
        (other / "thesis.txt").write_text("mine")
        self.store = other
        for words in (["db", "create", "acme"], ["db", "list"], ["check"]):
            self.fails(*words, names=(other, "thesis.txt"))
        self.assertEqual([path.name for path in other.iterdir()], ["thesis.txt"])
        self.store = other / "thesis.txt"
        self.fails("db", "create", "acme", names=self.store)
        self.store = self.scratch / "empty"
        self.store.mkdir()
        self.fails("db", "list", names=self.store)
        self.assertEqual(list(self.store.iterdir()), [])
        self.store = self.scratch / "none"
        self.fails("sql", "acme", "SELECT 1", names=self.store)

    def test_a_second_owner_is_told_who_the_first_is(self):
        self.ok("db", "create", "acme")
        with subprocess.Popen(self.command("sql", "acme"), stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as first:
            first.stdin.write("SELECT 1;\n")
            first.stdin.flush()
            first.stdout.readline()
            for words in (["sql", "acme", "SELECT 1"], ["db", "list"], ["db", "create", "b"]):
                self.fails(*words, names=(self.store, f"process {first.pid}", "sql acme"))
            first.stdin.close()
            self.assertEqual(first.wait(30), 0)
        self.ok("db", "list")

    def test_a_lock_file_of_garbage_does_no_harm(self):
        self.ok("db", "create", "acme")
        for content in (b"", b"\0" * 64, b"99999999 x", os.urandom(4096)):
            (self.store / "lock").write_bytes(content)
            self.assertIn("acme", self.ok("db", "list"))
        (self.store / "lock").unlink()
        (self.store / "lock").mkdir()
        self.fails("db", "list", names=self.store / "lock")


class Files(harness.Case):
    def sqlite_file(self, name):
        path = self.scratch / name
        connection = sqlite3.connect(path)
        connection.executescript("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);"
                                 "CREATE INDEX i ON t(v);")
        connection.executemany("INSERT INTO t(v) VALUES(?)", [(f"value {i}" * 5,) for i in range(3000)])
        connection.commit()
        connection.close()
        return path

    def test_files_that_cannot_be_imported_leave_no_database(self):
        whole = self.sqlite_file("whole.db").read_bytes()
        self.ok("db", "create", "acme")
        bad = [self.write("short.db", whole[:20000]), self.write("magic.db", whole[:18]),
               self.write("noise.db", whole[:18] + os.urandom(9000)),
               self.write("pages.db", whole[:4096] + os.urandom(len(whole) - 4096)),
               self.write("ragged.csv", "a,b\n1,2\n3\n"), self.write("empty.csv", ""),
               self.write("open.csv", 'a,b\n1,"2\n'), self.write("wide.csv", ",".join("x" * 3000) + "\n"),
               self.write("utf16.csv", "a,b\n1,2\n".encode("utf-16")),
               self.write("bad.sql", "CREATE TABLE t(a);\nINSERT INTO t VALUES(1, 2);\n"),
               self.scratch, self.scratch / "none.csv", pathlib.Path("/dev/null")]
        for path in bad:
            self.fails("import", "new", path, names=path.name)
            self.assertEqual(len(self.ok("db", "list", "--format", "jsonl").splitlines()), 1)
        for path in (self.write("text.db", "hello"), self.write("zero.db", "")):
            self.fails("import", "new", path, names=path, code=2)
            self.fails("import", "new", path, "--type", "sqlite", names=path)
        self.assert_sound()

    def test_a_sqlite_file_with_any_byte_changed_is_an_error_or_imports(self):
        self.ok("db", "create", "acme")
        whole = self.sqlite_file("whole.db").read_bytes()
        step = max(1, len(whole) // 25)
        offsets = [*range(16, 100, 9), *range(4096, 4096 + 60, 7), *range(8192, len(whole), step)]
        imported = 0
        for number, offset in enumerate(offsets):
            damaged = bytearray(whole)
            damaged[offset] ^= 1 << (offset % 8)
            path = self.write("damaged.db", bytes(damaged))
            outcome = self.run_dosql("import", f"d{number}", path)
            if outcome.code != 0:
                self.assert_sentence(outcome, "damaged.db", code=outcome.code)
                self.fails("sql", f"d{number}", "SELECT 1", names="there is no database")
                continue
            sql = "SELECT count(*), sum(length(v)), hex(min(v)), hex(max(v)) FROM t NOT INDEXED"
            try:
                expected = [list(row) for row in sqlite3.connect(path).execute(sql)]
            except sqlite3.DatabaseError:
                self.fails("sql", f"d{number}", sql)  # SQLite notices when it reads; so do we
            else:
                self.assertEqual(self.rows(f"d{number}", sql), expected)
                imported += 1
        self.assertGreater(imported, 10)


class Sql(harness.Case):
    def setUp(self):
        super().setUp()
        self.ok("db", "create", "acme")
        self.ok("sql", "acme", "CREATE TABLE user(id INTEGER PRIMARY KEY, name TEXT NOT NULL)")

    def test_errors_name_line_and_column_of_the_input(self):
        script = "SELECT 1;\n\nSELECT name,\n  id FORM user;\n"
        self.fails("sql", "acme", text=script, names=('"user"', "(line 4, column 11)"))
        self.fails("sql", "acme", text="SELECT 'ü'; SELEC 1", names="(line 1, column 13)")
        self.fails("sql", "acme", "SELECT nope FROM user", names=("nope", "(line 1, column 8)"))
        self.fails("sql", "acme", text="BEGIN;\nINSERT INTO user VALUES(1, NULL);\nCOMMIT;",
                   names=("line 2", "user.name"))
        self.fails("sql", "acme", "SELECT * FROM usr", names='did you mean "user"?')
        path = self.write("x.sql", "SELECT 1;\nSELECT *\n FROM (;\n")
        self.fails("import", "other", path, names=("x.sql", "(line 3, column 8)"))

    def test_what_is_not_built_says_so(self):
        self.fails("sql", "acme", "SELECT * FROM user AT (VERSION => 1)", names="not built yet")
        for words in (["branch", "list", "acme"], ["serve"], ["lake", "compact"], ["tag"], ["merge"]):
            self.fails(*words, names=(words[0], "not built yet"))
        for place in ("acme@try", "acme:v1"):
            self.fails("sql", place, "SELECT 1", names=(place, "not built yet"))
        self.fails("db", "list", "--url", "somewhere", names="not built yet")
        self.fails("lake", "flush", "--lake", "s3:" + "//bucket/x", names="local folders")

    def test_wrong_usage_is_exit_code_2(self):
        for words, names in ((["sql"], "PLACE"), (["chekpoint"], '"checkpoint"'), (["sql", "acme", "-x"], "-x"),
                             (["db", "create", "b", "--page-size", "1"], "--page-size"),
                             (["db", "list", "--format", "tabel"], "table"), (["log", "acme", "--limit", "x"], '"x"'),
                             (["sql", "acme", "--param", "a"], "name=value")):
            outcome = self.run_dosql(*words)
            self.assertIn(names, outcome.err)
            self.assert_sentence(outcome, code=2)

    def test_a_nul_byte_in_sql_is_an_error(self):
        self.fails("sql", "acme", text="SELECT 'a\0b'", names=("NUL", "column 10"))


class Interrupts(harness.Case):
    def setUp(self):
        super().setUp()
        self.ok("db", "create", "acme")
        self.ok("sql", "acme", "CREATE TABLE t(a)")

    def interrupt(self, words, text="", number=signal.SIGINT):
        """Sends a signal while the command runs `text`, or waits for input when it is empty."""
        with subprocess.Popen(self.command(*words), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            if words[0] == "sql":
                process.stdin.write("SELECT 1;\n")
                process.stdin.flush()
                self.assertIn('"1"', process.stdout.readline())
            process.stdin.write(text)
            process.stdin.flush()
            time.sleep(0.3)
            begun = time.monotonic()
            process.send_signal(number)
            process.wait(30)  # its input stays open
            self.assertLess(time.monotonic() - begun, 10)
            return harness.Outcome(process.returncode, process.stdout.read(), process.stderr.read())

    def test_a_long_statement_ends_and_rolls_back(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            text = f"BEGIN; INSERT INTO t VALUES(1);\n{LONG_WORK};\n"
            outcome = self.interrupt(["sql", "acme", "--format", "jsonl"], text, number)
            self.assert_sentence(outcome, "interrupted")
            self.assertEqual(self.rows("acme", "SELECT count(*) FROM t"), [[0]])
            self.assertNotIn("note", self.run_dosql("db", "list").err)
            self.assert_sound()

    def test_waiting_for_input_ends(self):
        outcome = self.interrupt(["sql", "acme", "--format", "jsonl"])
        self.assert_sentence(outcome, "interrupted")

    def test_following_changes_ends_well(self):
        outcome = self.interrupt(["changes", "acme", "--follow"])
        self.assertEqual((outcome.code, outcome.err), (0, ""))

    def test_an_import_leaves_nothing(self):
        source = self.write("many.csv", "a,b\n" + "1,some text that is long enough\n" * 1500000)
        with subprocess.Popen(self.command("import", "acme", source), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            while str(process.pid) not in (self.store / "lock").read_text():
                time.sleep(0.01)
            time.sleep(0.1)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
        self.assert_sentence(harness.Outcome(process.returncode, "", err), "interrupted")
        self.assertEqual(self.rows("acme", "SELECT name FROM sqlite_schema"), [["t"]])


class Pipes(harness.Case):
    def setUp(self):
        super().setUp()
        self.ok("db", "create", "acme")
        self.ok("sql", "acme", "CREATE TABLE t(a, b); WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL "
                "SELECT i + 1 FROM q LIMIT 20000) INSERT INTO t SELECT i, hex(randomblob(20)) FROM q")

    def test_a_reader_that_goes_away_ends_the_command_silently(self):
        for words in (["sql", "acme", "SELECT * FROM t"], ["dump", "acme"], ["changes", "acme"],
                      ["sql", "acme", "SELECT * FROM t", "--json"]):
            with subprocess.Popen(self.command(*words), stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as process:
                process.stdout.read(10)
                process.stdout.close()
                self.assertEqual(process.stderr.read(), b"")
                self.assertEqual(process.wait(30), 1)
        self.assert_sound()

    def test_a_full_output_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.fail("there is no /dev/full")
        for words in (["sql", "acme", "SELECT * FROM t"], ["db", "list"],
                      ["sql", "acme", "INSERT INTO t VALUES(1, 2)", "--ack"]):
            with open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run(self.command(*words), stdout=full, stderr=subprocess.PIPE, text=True)
            outcome = harness.Outcome(done.returncode, "", done.stderr)
            self.assert_sentence(outcome, "standard output", "No space left on device")
        self.assertEqual(self.rows("acme", "SELECT count(*) FROM t"), [[20001]])


if __name__ == "__main__":
    harness.main()
