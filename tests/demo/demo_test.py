"""demo_test.py DOSQL SOURCE: runs the demo as ./dev demo does, then makes it fail in several ways."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

DOSQL, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PYTHON = SOURCE / ".deps/python/bin/python"
DATA = SOURCE / ".deps/flights"
READER = SOURCE / "examples/read_lake.py"


def demo(folder, **options):
    words = [DOSQL, "demo", "--folder", str(folder)]
    for name, value in {"data": DATA, "python": PYTHON, "reader": READER, **options}.items():
        words += [f"--{name}", str(value)]
    return subprocess.run(words, capture_output=True, text=True, timeout=400)


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temp.name) / "demo"
        cls.first = demo(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    def read_lake(self, expect):
        return subprocess.run([PYTHON, READER, self.folder / "tables.json", "--expect", expect],
                              capture_output=True, text=True, timeout=200)

    def test_1_the_tour_ends_well(self):
        self.assertEqual(self.first.returncode, 0, self.first.stderr)
        for line in ("acknowledged commits are there", "flights: 335,751 rows, the same", "no finding",
                     "every checksum, tree and owner is right", "rm -r"):
            self.assertIn(line, self.first.stdout)
        self.assertEqual(self.first.stdout.count("the same rows"), 10)

    def test_2_the_lake_has_deletion_vectors_and_several_snapshots(self):
        tables = json.loads((self.folder / "tables.json").read_text())
        (location,) = (t["metadata_location"] for t in tables if t["table"] == "flights.flights")
        metadata = json.loads(pathlib.Path(location.removeprefix("file://")).read_text())
        self.assertGreater(len(metadata["snapshots"]), 2)
        puffins = list((self.folder / "store/lake/flights/flights").rglob("*.puffin"))
        self.assertTrue(puffins, "no update of a flushed row reached the lake")

    def test_3_one_wrong_cell_is_found_by_every_engine(self):
        rows = self.folder / "rows"
        wrong = self.folder / "wrong"
        wrong.mkdir()
        for file in rows.iterdir():
            text = file.read_text()
            if file.name == "airlines.rows":
                text = text.replace("Delta", "Velta")
            (wrong / file.name).write_text(text)
        found = self.read_lake(wrong)
        self.assertEqual(found.returncode, 1)
        self.assertEqual(found.stdout.count("DIFFERS"), 2, found.stdout)

    def test_4_a_second_run_begins_anew(self):
        second = demo(self.folder)
        self.assertEqual(second.returncode, 0, second.stderr)

    def test_5_a_reader_that_fails_makes_the_demo_fail(self):
        broken = self.folder.with_name("reader.py")
        broken.write_text("raise SystemExit(1)\n")
        failed = demo(self.folder.with_name("other"), reader=broken)
        self.assertEqual(failed.returncode, 1)
        self.assertEqual(failed.stderr.count("\n"), 1, failed.stderr)

    def test_6_missing_data_and_foreign_folders_are_refused(self):
        missing = demo(self.folder.with_name("none"), data="/nowhere")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("./dev demo", missing.stderr)
        foreign = self.folder.with_name("foreign")
        foreign.mkdir()
        (foreign / "letter.txt").write_text("dear")
        refused = demo(foreign)
        self.assertEqual(refused.returncode, 1)
        self.assertEqual(os.listdir(foreign), ["letter.txt"])
        empty_file = self.folder.with_name("empty")
        empty_file.touch()
        self.assertEqual(demo(empty_file).returncode, 1)
        self.assertTrue(empty_file.is_file())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
