"""Each rule of tidy.py finds what it is there for, and leaves the rest alone."""
import unittest

import tidy


def findings(check, name, text):
    found = []
    check(name, text, lambda _, number, what: found.append((number, what)))
    return found


def source(name, text):
    return [what for _, what in findings(tidy.check_source, name, text)]


class TidyTest(unittest.TestCase):
    def test_clean_text_has_no_findings(self):
        self.assertEqual(source("src/wal/log.cc", '#include "wal/log.h"\n\nint f() {\n}\n'), [])

    def test_long_lines_tabs_and_unfinished_work_are_found_with_their_line(self):
        text = "x\n" + "y" * 101 + "\n\tz\n// TO" + "DO later\n"
        self.assertEqual([n for n, _ in findings(tidy.check_source, "src/wal/log.cc", text)],
                         [2, 3, 4])

    def test_core_modules_may_not_include_streams_or_throw(self):
        text = "#include <iostream>\nint x;\n  throw (1);\n"
        self.assertEqual(len(source("src/wal/log.cc", text)), 2)
        self.assertEqual(source("src/engine/x.cc", text), [])
        self.assertEqual(source("src/wal/log_test.cc", text), [])

    def test_test_names_are_sentences(self):
        self.assertEqual(source("src/wal/a_test.cc", "TEST(log, appends)\n"),
                         ["test name appends is not a sentence"])
        self.assertEqual(source("src/wal/a_test.cc", "TEST(log, a_frame_is_found_again)\n"), [])

    def test_files_and_functions_have_an_end(self):
        self.assertEqual(len(source("src/wal/log.cc", "x\n" * 401)), 1)
        self.assertEqual(source("src/wal/log.cc", "int f() {\n" + "  g();\n" * 69 + "}\n"),
                         ["a function of 71 lines, more than 70"])
        self.assertEqual(source("src/wal/log.cc", "class A {\n" + "  g();\n" * 99 + "};\n"), [])

    def test_scripts_name_no_hosts(self):
        text = "fetch https" + "://host/file\n"
        self.assertEqual(len(findings(tidy.check_script, "dev", text)), 1)
        self.assertTrue(tidy.SCRIPT.match("tests/wasm/compile.sh"))
        self.assertTrue(tidy.SCRIPT.match("fuzz/CMakeLists.txt"))

    def test_readmes_are_there_and_short(self):
        self.assertEqual(len(findings(tidy.check_readme, "src/wal/README.md", None)), 1)
        self.assertEqual(len(findings(tidy.check_readme, "src/wal/README.md", "x\n" * 41)), 1)
        self.assertEqual(findings(tidy.check_readme, "src/wal/README.md", "x\n" * 40), [])


if __name__ == "__main__":
    unittest.main()
