"""A scratch folder, runs of the dosql program in it, and what an error must look like."""
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest

DOSQL = os.environ.get("DOSQL", "dosql")


class Outcome:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


class Case(unittest.TestCase):
    """One test, one folder. `store` is the store that commands work on."""

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="dosql-faults-"))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.store = self.scratch / "store"

    def command(self, *words):
        return [DOSQL, *map(str, words), "--store", str(self.store)]

    def run_dosql(self, *words, text=None, file_bytes_max=None, timeout=60):
        def limit():
            if file_bytes_max is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes_max, file_bytes_max))

        done = subprocess.run(self.command(*words), input=text, capture_output=True, text=True,
                              errors="surrogateescape", timeout=timeout, preexec_fn=limit)
        return Outcome(done.returncode, done.stdout, done.stderr)

    def ok(self, *words, text=None):
        outcome = self.run_dosql(*words, text=text)
        self.assertEqual(outcome.code, 0, f"{words}: {outcome.err}")
        return outcome.out

    def rows(self, database, sql):
        lines = self.ok("sql", database, sql, "--format", "jsonl").splitlines()
        return [list(json.loads(line).values()) for line in lines]

    def assert_sentence(self, outcome, *parts, code=1):
        """One line on standard error that begins with `dosql: ` and has each of `parts` in it."""
        self.assertEqual(outcome.code, code, outcome.err)
        self.assertRegex(outcome.err, r"\Adosql: [^\n]{10,}\n\Z")
        for part in parts:
            self.assertIn(str(part), outcome.err)

    def fails(self, *words, names=(), code=1, text=None, **limits):
        outcome = self.run_dosql(*words, text=text, **limits)
        parts = names if isinstance(names, tuple) else (names,)
        self.assert_sentence(outcome, *parts, code=code)
        return outcome

    def write(self, name, content):
        path = self.scratch / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def assert_sound(self):
        self.assertIn("ok", self.ok("check"))


def mount(*words):
    """Whether this machine lets us mount."""
    return subprocess.run(["mount", *map(str, words)], capture_output=True).returncode == 0


def main():
    if len(sys.argv) > 1:
        global DOSQL
        DOSQL = os.environ["DOSQL"] = sys.argv.pop(1)
    unittest.main(module="__main__", verbosity=2)
