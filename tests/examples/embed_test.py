"""Runs examples/embed.cc: embed_test.py EMBED DOSQL"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

EMBED, DOSQL = sys.argv[1:3]


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=50, check=False)


class Embed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.store = pathlib.Path(folder.name, "store")

    def rows(self, database, sql):
        got = run(DOSQL, "sql", database, sql, "--store", str(self.store), "--format", "csv")
        self.assertEqual((got.returncode, got.stderr), (0, ""))
        return got.stdout.split("\n")[1:-1]

    def test_it_commits_rolls_back_and_reads_in_a_store_that_the_commands_open(self):
        ran = run(EMBED, str(self.store))
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        lines = ran.stdout.splitlines()
        self.assertEqual(len(lines), 5, ran.stdout)
        self.assertRegex(lines[0], r"^committed \S+$")
        self.assertRegex(lines[1], re.compile("^transfer of 900: .*CHECK", re.I))
        self.assertEqual(lines[2:], ["zeta: 100 accounts, 4950 cents", "ada has 500", "bob has 0"])
        self.assertEqual(self.rows("acme", "SELECT owner, cents FROM account ORDER BY id"),
                         ["ada,500", "bob,0"])
        self.assertEqual(self.rows("zeta", "SELECT count(*), sum(cents) FROM account"),
                         ["100,4950"])

    def test_a_second_run_in_the_same_store_says_why_it_stops(self):
        self.assertEqual(run(EMBED, str(self.store)).returncode, 0)
        again = run(EMBED, str(self.store))
        self.assertEqual((again.returncode, again.stdout), (1, ""))
        self.assertRegex(again.stderr, r"^create acme: .*exists.*\n$")

    def test_without_a_directory_it_prints_its_usage(self):
        ran = run(EMBED)
        self.assertEqual((ran.returncode, ran.stdout), (2, ""))
        self.assertRegex(ran.stderr, r"^usage: ")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
