"""What a manifest says of a data file or deletion vector against what the file holds."""
import datetime
import decimal
import json
import math
import struct
import zlib

import pyarrow.parquet
import pyroaring

MAGIC = b"PFA1"
VECTOR_MAGIC = bytes.fromhex("d1d33964")
EPOCH = datetime.datetime(1970, 1, 1)


def path_of(uri):
    return uri.removeprefix("file://")


# --- data files


def check_data(entry, schema):
    path = path_of(entry["file_path"])
    file = pyarrow.parquet.ParquetFile(path)
    assert file.metadata.num_rows == entry["record_count"], path
    fields = {field["id"]: field for field in schema["fields"]}
    ids = [int(column.metadata[b"PARQUET:field_id"]) for column in file.schema_arrow]
    assert set(ids) <= set(fields) and len(set(ids)) == len(ids), f"{path}: field ids {ids}"
    table = file.read()
    for at, field_id in enumerate(ids):
        check_column(entry, fields[field_id], table.column(at).to_pylist(), path)
        sizes = sum(file.metadata.row_group(group).column(at).total_compressed_size
                    for group in range(file.metadata.num_row_groups))
        assert of_map(entry, "column_sizes").get(field_id) == sizes, path
    for name in ("value_counts", "null_value_counts", "lower_bounds", "upper_bounds"):
        assert set(of_map(entry, name)) <= set(ids), f"{path}: {name} of another field"


def of_map(entry, name):
    return {item["key"]: item["value"] for item in entry[name] or []}


def check_column(entry, field, values, path):
    field_id, kind = field["id"], field["type"]
    where = f"{path}, field {field_id}"
    present = [value for value in values if value is not None]
    assert of_map(entry, "value_counts")[field_id] == len(values), where
    assert of_map(entry, "null_value_counts")[field_id] == len(values) - len(present), where
    assert not (field["required"] and len(present) < len(values)), f"{where}: NULL in a required"
    if kind == "double":
        nans = sum(math.isnan(value) for value in present)
        assert of_map(entry, "nan_value_counts")[field_id] == nans, where
        present = [value for value in present if not math.isnan(value)]
    lower = of_map(entry, "lower_bounds").get(field_id)
    upper = of_map(entry, "upper_bounds").get(field_id)
    if not present:
        assert lower is None and upper is None, where
        return
    ordered = [as_ordered(value, kind) for value in present]
    check_bounds(min(ordered), max(ordered), lower, upper, kind, where)


def as_ordered(value, kind):
    if kind == "date":
        return (value - EPOCH.date()).days
    if kind == "timestamp":
        return (value - EPOCH) // datetime.timedelta(microseconds=1)
    if kind == "string":
        return value.encode("utf-8")
    return value


def decode_bound(bound, kind):
    formats = {"long": "<q", "timestamp": "<q", "date": "<i", "double": "<d", "boolean": "<?"}
    if kind in formats:
        return struct.unpack(formats[kind], bound)[0]
    scale = int(kind.rstrip(")").split(",")[1])
    with decimal.localcontext(prec=60):
        return decimal.Decimal(int.from_bytes(bound, "big", signed=True)).scaleb(-scale)


def check_bounds(least, most, lower, upper, kind, where):
    assert lower is not None, f"{where}: no lower bound"
    if kind not in ("string", "binary"):
        assert (decode_bound(lower, kind), decode_bound(upper, kind)) == (least, most), where
        return
    is_text = kind == "string"
    length = (lambda text: len(text.decode("utf-8"))) if is_text else len
    assert lower <= least and least.startswith(lower) and length(lower) <= 16, where
    if upper is None:  # cannot be said in 16 characters
        assert length(most) > 16, f"{where}: no upper bound"
        return
    assert most <= upper and length(upper) <= 16, where
    assert length(most) > 16 or upper == most, where


# --- deletion vectors


def check_vector(entry, rows_of_file):
    """One blob in a whole Puffin file, equal to what the manifest says."""
    path = path_of(entry["file_path"])
    with open(path, "rb") as file:
        data = file.read()
    assert data[:4] == MAGIC and data[-4:] == MAGIC and data[-8:-4] == bytes(4), path
    (length,) = struct.unpack("<i", data[-12:-8])
    footer_at = len(data) - 12 - length
    assert data[footer_at - 4:footer_at] == MAGIC, path
    (blob,) = json.loads(data[footer_at:-12])["blobs"]
    assert blob["type"] == "deletion-vector-v1" and blob["fields"] == [2147483645], path
    assert blob["snapshot-id"] == -1 and blob["sequence-number"] == -1, path
    assert "compression-codec" not in blob, path
    assert blob["offset"] == entry["content_offset"] == 4, path
    assert blob["length"] == entry["content_size_in_bytes"] == footer_at - 8, path
    assert blob["properties"]["referenced-data-file"] == entry["referenced_data_file"], path
    positions = positions_of(data[4:footer_at - 4], path)
    assert len(positions) == entry["record_count"] == int(blob["properties"]["cardinality"]), path
    assert len(positions) > 0 and positions.max() < rows_of_file, path


def positions_of(blob, path):
    (length,) = struct.unpack(">I", blob[:4])
    body = blob[4:4 + length]
    assert length == len(blob) - 8 and body[:4] == VECTOR_MAGIC, path
    assert struct.unpack(">I", blob[-4:])[0] == zlib.crc32(body), path
    assert struct.unpack("<QI", body[4:16]) == (1, 0), f"{path}: positions beyond 32 bits"
    return pyroaring.BitMap.deserialize(body[16:])
