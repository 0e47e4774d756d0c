#!/usr/bin/env python3
"""Disks that are full and folders that cannot be written: usage: disk_test.py DOSQL"""
import os
import subprocess

import harness

MIB = 1 << 20


class FullDisk(harness.Case):
    """A store on a tmpfs of a few MiB; where mounting is not allowed, files of a few MiB."""

    def setUp(self):
        super().setUp()
        self.disk = self.scratch / "disk"
        self.disk.mkdir()
        self.is_mounted = harness.mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", self.disk)
        if self.is_mounted:
            self.addCleanup(subprocess.run, ["umount", "-l", str(self.disk)])
        self.store = self.disk / "store"
        self.ok("db", "create", "acme")
        self.ok("sql", "acme", "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)")

    def small(self):
        """Limits of a run that has no space left beyond the disk's, or a file's, 4 MiB."""
        return {} if self.is_mounted else {"file_bytes_max": 4 * MIB}

    def reason(self):
        return "No space left on device" if self.is_mounted else "File too large"

    def free_space(self):
        if self.is_mounted:
            self.assertTrue(harness.mount("-o", "remount,size=64m", self.disk))

    def fill(self):
        """Commits until one fails; how many were acknowledged."""
        sql = "INSERT INTO t(v) VALUES(hex(randomblob(100000)));\n" * 40
        outcome = self.run_dosql("sql", "acme", "--ack", text=sql, **self.small())
        self.assert_sentence(outcome, self.reason(), "store/log")
        acknowledged = len(outcome.out.split())
        self.assertGreater(acknowledged, 3)
        return acknowledged

    def assert_rows(self, acknowledged):
        """All that was acknowledged, at most the commit that was on its way, and nothing broken."""
        count = self.rows("acme", "SELECT count(*) FROM t")[0][0]
        self.assertIn(count, (acknowledged, acknowledged + 1))
        whole = self.rows("acme", "SELECT count(*) FROM t WHERE length(v) = 200000")[0][0]
        self.assertEqual(whole, count)
        self.assert_sound()

    def test_commits_stop_with_an_error_and_go_on_when_there_is_space(self):
        acknowledged = self.fill()
        self.assert_rows(acknowledged)  # it opens while the disk is full
        self.free_space()
        self.ok("sql", "acme", "INSERT INTO t(v) VALUES(hex(randomblob(100000)))")
        self.assert_sound()

    def test_a_round_fails_and_succeeds_when_there_is_space(self):
        acknowledged = self.fill()
        if self.is_mounted:
            self.fails("checkpoint", names=("checkpoint round", self.reason()))
        self.assert_rows(acknowledged)
        self.free_space()
        self.ok("checkpoint")
        self.assert_rows(acknowledged)

    def test_an_import_leaves_no_table_behind(self):
        rows = "".join(f"{i},{'x' * 100}\n" for i in range(60000))
        source = self.write("many.csv", "id,v\n" + rows)
        self.fails("import", "acme", source, "--table", "many", names=self.reason(), **self.small())
        self.assertEqual(self.rows("acme", "SELECT name FROM sqlite_schema"), [["t"]])
        self.free_space()
        self.ok("import", "acme", source, "--table", "many")
        self.assertEqual(self.rows("acme", "SELECT count(*) FROM many"), [[60000]])
        self.assert_sound()

    def test_a_lake_flush_fails_whole_and_succeeds_when_there_is_space(self):
        acknowledged = self.fill()
        if self.is_mounted:
            self.fails("lake", "flush", names=self.reason())
            files = [path for path in (self.store / "lake").rglob("*") if path.is_file()]
            self.assertEqual(files, [])
        self.assert_rows(acknowledged)
        self.free_space()
        self.ok("lake", "flush")
        self.ok("lake", "verify")

    def test_an_export_removes_what_it_could_not_finish(self):
        self.ok("sql", "acme", "INSERT INTO t(v) VALUES(hex(randomblob(700000)))")
        for name in ("out.sqlite", "out.sql", "out.csv"):
            target = self.disk / name
            limits = {"file_bytes_max": MIB}
            self.fails("export", "acme", target, names=str(target), **limits)
            self.assertEqual(list(self.disk.glob("out*")), [])


class ReadOnlyFolder(harness.Case):
    def setUp(self):
        super().setUp()
        self.ok("db", "create", "acme")
        self.ok("sql", "acme", "CREATE TABLE t(a); INSERT INTO t VALUES(1)")
        if os.geteuid() == 0 and harness.mount("--bind", self.scratch, self.scratch):
            self.addCleanup(subprocess.run, ["umount", "-l", str(self.scratch)])
            self.assertTrue(harness.mount("-o", "remount,bind,ro", self.scratch))
        else:
            self.assertNotEqual(os.geteuid(), 0, "root neither may mount nor is bound by rights")
            for path in [self.scratch, self.store, *self.store.rglob("*")]:
                path.chmod(0o555 if path.is_dir() else 0o444)
                self.addCleanup(path.chmod, 0o755)

    def test_every_command_says_what_it_cannot_write(self):
        for words in (["sql", "acme", "INSERT INTO t VALUES(2)"], ["db", "create", "b"],
                      ["checkpoint"], ["lake", "flush"], ["sql", "acme", "SELECT * FROM t"]):
            self.fails(*words, names=(self.store / "lock",))

    def test_a_new_store_says_what_it_cannot_make(self):
        self.store = self.scratch / "other"
        self.fails("db", "create", "acme", names=self.store)


if __name__ == "__main__":
    harness.main()
