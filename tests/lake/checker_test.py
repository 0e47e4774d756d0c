"""The checks of this folder find what they are there for: a good table, broken in one place."""
import json
import os
import pathlib
import unittest

import avro_file
import file_check
import lake_store
import metadata_check


class Checker(lake_store.LakeTest):
    def setUp(self):
        super().setUp()
        self.sql("CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT); INSERT INTO t VALUES(1, 'a'), "
                 "(2, 'b'), (3, 'c')")
        self.store.flush()
        self.sql("UPDATE t SET s = 'changed' WHERE id = 2")
        self.store.flush()
        self.location = self.store.tables()["acme.t"]["metadata_location"]
        self.folder = pathlib.Path(metadata_check.path_of(self.location)).parents[1]
        metadata_check.check_table(self.location)

    def assert_broken(self, what):
        with self.assertRaises((AssertionError, OSError, KeyError, ValueError), msg=what):
            metadata_check.check_table(self.location)

    def edit_metadata(self, change):
        path = pathlib.Path(metadata_check.path_of(self.location))
        good = path.read_text(encoding="utf-8")
        metadata = json.loads(good)
        change(metadata)
        path.write_text(json.dumps(metadata), encoding="utf-8")
        self.assert_broken(change)
        path.write_text(good, encoding="utf-8")
        metadata_check.check_table(self.location)

    def test_metadata(self):
        newest = -1
        for path, value in [(["next-row-id"], 3), (["last-sequence-number"], 7),
                            (["snapshots", newest, "first-row-id"], 2),
                            (["snapshots", newest, "added-rows"], 9),
                            (["snapshots", newest, "timestamp-ms"], 9_999_999_999_999),
                            (["snapshots", newest, "parent-snapshot-id"], 5),
                            (["refs", "main", "snapshot-id"], 5), (["last-column-id"], 1),
                            (["snapshots", newest, "summary", "total-records"], "5"),
                            (["schemas", 0, "fields", 0, "type"], "int"),
                            (["snapshot-log"], [])]:
            def change(metadata, path=path, value=value):
                for step in path[:-1]:
                    metadata = metadata[step]
                metadata[path[-1]] = value
            self.edit_metadata(change)

    def test_files(self):
        for path in sorted(self.folder.rglob("*")):
            is_log = path.name.startswith("00000")
            if path.is_dir() or is_log:
                continue
            good = path.read_bytes()
            path.write_bytes(good + b"\0")
            if path.suffix != ".json":
                self.assert_broken(f"{path}: a byte more")
            path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
            self.assert_broken(f"{path}: another last byte")
            path.unlink()
            self.assert_broken(f"{path}: gone")
            path.write_bytes(good)
        (self.folder / "data" / "left.parquet").write_bytes(b"")
        self.assert_broken("a file in no snapshot")

    def test_statistics(self):
        (path,) = [path for path in (self.folder / "data").iterdir()
                   if path.suffix == ".parquet" and self.rows_of(path) == 3]
        entry, schema = self.entry_of(path)
        file_check.check_data(entry, schema)
        for name, value in [("lower_bounds", b"\2" + bytes(7)), ("upper_bounds", b"\2" + bytes(7)),
                            ("value_counts", 4), ("null_value_counts", 1), ("column_sizes", 1)]:
            good = entry[name]
            entry[name] = [{"key": item["key"], "value": value if item["key"] == 1 else
                            item["value"]} for item in good]
            with self.assertRaises(AssertionError, msg=name):
                file_check.check_data(entry, schema)
            entry[name] = good
        for name in ("lower_bounds", "upper_bounds"):
            good = entry[name]
            entry[name] = [item if item["key"] == 1 else {"key": 2, "value": b"b"} for item in good]
            with self.assertRaises(AssertionError, msg=name):
                file_check.check_data(entry, schema)
            entry[name] = good

    def rows_of(self, path):
        return self.entry_of(path)[0]["record_count"]

    def entry_of(self, path):
        for manifest in (self.folder / "metadata").glob("*-m*.avro"):
            file = avro_file.AvroFile(manifest.read_bytes())
            for record in file.records:
                if metadata_check.path_of(record["data_file"]["file_path"]) == os.fspath(path):
                    return record["data_file"], json.loads(file.header["schema"])
        raise AssertionError(f"{path} is in no manifest")


if __name__ == "__main__":
    unittest.main()
