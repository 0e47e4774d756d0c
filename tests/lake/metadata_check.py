"""The rules of Iceberg v3 for a table on this machine, checked strictly: metadata, manifest lists,
manifests, and through file_check.py data files and deletion vectors. A broken rule is an
AssertionError that names the file."""
import json
import os
import re
import time

import avro_file
import file_check

LIST_IDS = {
    "manifest_path": 500, "manifest_length": 501, "partition_spec_id": 502, "content": 517,
    "sequence_number": 515, "min_sequence_number": 516, "added_snapshot_id": 503,
    "added_files_count": 504, "existing_files_count": 505, "deleted_files_count": 506,
    "added_rows_count": 512, "existing_rows_count": 513, "deleted_rows_count": 514,
    "key_metadata": 519, "first_row_id": 520}
ENTRY_IDS = {
    "status": 0, "snapshot_id": 1, "sequence_number": 3, "file_sequence_number": 4, "data_file": 2,
    "data_file.content": 134, "data_file.file_path": 100, "data_file.file_format": 101,
    "data_file.partition": 102, "data_file.record_count": 103,
    "data_file.file_size_in_bytes": 104, "data_file.column_sizes": 108,
    "data_file.column_sizes.key": 117, "data_file.column_sizes.value": 118,
    "data_file.value_counts": 109, "data_file.value_counts.key": 119,
    "data_file.value_counts.value": 120, "data_file.null_value_counts": 110,
    "data_file.null_value_counts.key": 121, "data_file.null_value_counts.value": 122,
    "data_file.nan_value_counts": 137, "data_file.nan_value_counts.key": 138,
    "data_file.nan_value_counts.value": 139, "data_file.lower_bounds": 125,
    "data_file.lower_bounds.key": 126, "data_file.lower_bounds.value": 127,
    "data_file.upper_bounds": 128, "data_file.upper_bounds.key": 129,
    "data_file.upper_bounds.value": 130, "data_file.key_metadata": 131,
    "data_file.split_offsets": 132, "data_file.equality_ids": 135, "data_file.sort_order_id": 140,
    "data_file.first_row_id": 142, "data_file.referenced_data_file": 143,
    "data_file.content_offset": 144, "data_file.content_size_in_bytes": 145}
EXISTING, ADDED, DELETED = range(3)
DATA, DELETES = range(2)


def path_of(uri):
    assert uri.startswith("file:///"), uri
    return uri.removeprefix("file://")


def read(uri):
    with open(path_of(uri), "rb") as file:
        return file.read()


def check_table(location):
    """Every snapshot's lists and manifests; files of the current snapshot down to their values."""
    metadata = json.loads(read(location))
    check_metadata(metadata, location)
    used = {path_of(location)}
    used |= {path_of(entry["metadata-file"]) for entry in metadata.get("metadata-log", [])}
    for snapshot in metadata.get("snapshots", []):
        used |= SnapshotCheck(metadata, snapshot).run()
    check_no_orphans(metadata, used)


def check_metadata(metadata, location):
    required = ["format-version", "table-uuid", "location", "last-sequence-number",
                "last-updated-ms", "last-column-id", "schemas", "current-schema-id",
                "partition-specs",
                "default-spec-id", "last-partition-id", "sort-orders", "default-sort-order-id",
                "next-row-id"]
    for name in required:
        assert name in metadata, f"{location} lacks {name}"
    assert metadata["format-version"] == 3
    assert not metadata["location"].endswith("/")
    assert location.startswith(metadata["location"] + "/metadata/"), location
    assert re.fullmatch(r"\d{5,}-[0-9a-f-]{36}\.metadata\.json", location.rsplit("/", 1)[1])
    ids = [field["id"] for schema in metadata["schemas"] for field in schema["fields"]]
    assert max(ids) <= metadata["last-column-id"]
    schema_ids = [schema["schema-id"] for schema in metadata["schemas"]]
    assert len(set(schema_ids)) == len(schema_ids)
    assert metadata["current-schema-id"] in schema_ids
    for schema in metadata["schemas"]:
        check_schema(schema)
    now_ms = time.time() * 1000
    assert metadata["last-updated-ms"] <= now_ms
    check_snapshots(metadata, now_ms)
    check_metadata_log(metadata)


def check_schema(schema):
    fields = {field["id"]: field for field in schema["fields"]}
    names = [field["name"] for field in schema["fields"]]
    assert len(fields) == len(names) == len(set(names)), names
    for key in schema.get("identifier-field-ids", []):
        assert fields[key]["required"] and fields[key]["type"] not in ("float", "double"), key


def check_snapshots(metadata, now_ms):
    snapshots = metadata.get("snapshots", [])
    current = metadata.get("current-snapshot-id")
    assert metadata.get("refs", {}).get("main", {}).get("snapshot-id") == current
    if not snapshots:
        assert current is None and metadata["next-row-id"] == 0
        return
    log = metadata["snapshot-log"]
    assert [entry["snapshot-id"] for entry in log] == [s["snapshot-id"] for s in snapshots]
    assert log[-1]["snapshot-id"] == current
    next_row_id = parent = sequence = stamp = 0
    for snapshot, entry in zip(snapshots, log):
        assert snapshot["snapshot-id"] > 0
        assert snapshot.get("parent-snapshot-id", 0) == parent
        assert snapshot["sequence-number"] == sequence + 1
        assert stamp <= snapshot["timestamp-ms"] <= now_ms, "a snapshot ahead of the clock"
        assert entry["timestamp-ms"] == snapshot["timestamp-ms"]
        assert snapshot["first-row-id"] == next_row_id and snapshot["added-rows"] >= 0
        parent, sequence = snapshot["snapshot-id"], snapshot["sequence-number"]
        stamp = snapshot["timestamp-ms"]
        next_row_id += snapshot["added-rows"]
    assert metadata["next-row-id"] == next_row_id
    assert metadata["last-sequence-number"] == sequence
    assert stamp <= metadata["last-updated-ms"]


def check_metadata_log(metadata):
    stamp = 0
    for entry in metadata.get("metadata-log", []):
        assert stamp <= entry["timestamp-ms"] <= metadata["last-updated-ms"]
        stamp = entry["timestamp-ms"]
        read(entry["metadata-file"])


class SnapshotCheck:
    def __init__(self, metadata, snapshot):
        self.metadata = metadata
        self.snapshot = snapshot
        self.schemas = {schema["schema-id"]: schema for schema in metadata["schemas"]}
        self.used = set()
        self.data = {}  # live: uri to (entry, schema it was written with)
        self.vectors = {}  # live: uri of the data file to the vector's entry
        self.is_current = snapshot["snapshot-id"] == metadata.get("current-snapshot-id")

    def run(self):
        uri = self.snapshot["manifest-list"]
        self.use(uri)
        file = avro_file.AvroFile(read(uri))
        assert file.field_ids() == LIST_IDS, file.field_ids()
        header = {name: value.decode() for name, value in file.header.items()}
        assert header["snapshot-id"] == str(self.snapshot["snapshot-id"])
        assert header["sequence-number"] == str(self.snapshot["sequence-number"])
        assert header["first-row-id"] == str(self.snapshot["first-row-id"])
        assert header["format-version"] == "3"
        next_row_id = self.snapshot["first-row-id"]
        for manifest in file.records:
            next_row_id = self.check_manifest(manifest, next_row_id)
        assert next_row_id == self.snapshot["first-row-id"] + self.snapshot["added-rows"]
        self.check_totals()
        for data_uri, entry in self.vectors.items():
            assert data_uri in self.data, f"a vector of {data_uri}, which is not live"
            data = self.data[data_uri][0]
            assert entry["sequence_number"] >= data["sequence_number"]
            file_check.check_vector(entry["data_file"], data["data_file"]["record_count"])
        if self.is_current:
            for entry, schema in self.data.values():
                file_check.check_data(entry["data_file"], schema)
        return self.used

    def use(self, uri):
        self.used.add(path_of(uri))

    def check_manifest(self, manifest, next_row_id):
        """Returns the first row id that the next new manifest takes."""
        uri = manifest["manifest_path"]
        self.use(uri)
        content = read(uri)
        assert len(content) == manifest["manifest_length"], uri
        file = avro_file.AvroFile(content)
        assert file.field_ids() == ENTRY_IDS, uri
        header = {name: value.decode() for name, value in file.header.items()}
        schema = json.loads(header["schema"])
        assert schema == self.schemas[int(header["schema-id"])], uri
        assert json.loads(header["partition-spec"]) == [] and header["partition-spec-id"] == "0"
        assert header["format-version"] == "3"
        assert header["content"] == ("data", "deletes")[manifest["content"]]
        row_id = manifest["first_row_id"]
        is_new = manifest["added_snapshot_id"] == self.snapshot["snapshot-id"]
        if manifest["content"] == DELETES:
            assert row_id is None, uri
        elif is_new:
            assert row_id == next_row_id, uri
            next_row_id += manifest["added_rows_count"] + manifest["existing_rows_count"]
        counts = {status: [0, 0] for status in (EXISTING, ADDED, DELETED)}
        sequences = []
        for entry in file.records:
            counts[entry["status"]][0] += 1
            counts[entry["status"]][1] += entry["data_file"]["record_count"]
            self.check_entry(entry, manifest, schema, uri)
            if entry["status"] != DELETED:
                sequences.append(entry["sequence_number"])
        for status, name in ((EXISTING, "existing"), (ADDED, "added"), (DELETED, "deleted")):
            told = [manifest[f"{name}_files_count"], manifest[f"{name}_rows_count"]]
            assert counts[status] == told, uri
        assert not sequences or min(sequences) == manifest["min_sequence_number"], uri
        return next_row_id

    def check_entry(self, entry, manifest, schema, uri):
        """Fills in what the entry inherits."""
        file = entry["data_file"]
        own = [entry["sequence_number"], entry["file_sequence_number"]]
        if entry["status"] == ADDED:
            assert own == [None, None] and file["first_row_id"] is None, uri
            entry["sequence_number"] = manifest["sequence_number"]
            assert entry["snapshot_id"] == manifest["added_snapshot_id"], uri
        else:
            assert None not in own, f"{uri}: an older entry without its sequence numbers"
            is_data = manifest["content"] == DATA
            assert (file["first_row_id"] is not None) == is_data, uri
        if entry["status"] == DELETED:
            return
        self.use(file["file_path"])
        size = os.path.getsize(path_of(file["file_path"]))
        assert size == file["file_size_in_bytes"], file["file_path"]
        assert file["partition"] == {} and file["equality_ids"] is None
        if manifest["content"] == DATA:
            assert file["content"] == 0 and file["file_format"] == "PARQUET"
            assert file["file_path"] not in self.data, "a data file is there twice"
            self.data[file["file_path"]] = (entry, schema)
        else:
            assert file["content"] == 1 and file["file_format"] == "PUFFIN"
            target = file["referenced_data_file"]
            assert target not in self.vectors, f"two vectors for {target}"
            self.vectors[target] = entry

    def check_totals(self):
        summary = self.snapshot["summary"]
        assert all(isinstance(value, str) for value in summary.values())
        assert summary["operation"] in ("append", "overwrite", "delete")
        rows = sum(entry["data_file"]["record_count"] for entry, _ in self.data.values())
        dead = sum(entry["data_file"]["record_count"] for entry in self.vectors.values())
        size = sum(entry["data_file"]["file_size_in_bytes"]
                   for entry in [*(e for e, _ in self.data.values()), *self.vectors.values()])
        told = [int(summary[f"total-{name}"]) for name in
                ("data-files", "records", "delete-files", "position-deletes", "files-size")]
        assert told == [len(self.data), rows, len(self.vectors), dead, size], told


def check_no_orphans(metadata, used):
    """All cycles of the tests succeed: what lies in the folder is part of a snapshot."""
    folder = path_of(metadata["location"])
    for name in ("data", "metadata"):
        for file in os.listdir(os.path.join(folder, name)):
            path = os.path.join(folder, name, file)
            is_old = file.endswith(".metadata.json")  # the log keeps the newest
            assert path in used or is_old, f"{path} is in no snapshot"
