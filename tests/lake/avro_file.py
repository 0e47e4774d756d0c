"""Reads an Avro container strictly: header, schema with field ids, every record."""
import json
import zlib

MAGIC = b"Obj\x01"


class Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        assert 0 <= count <= len(self.data) - self.at, "an Avro value goes past the end"
        self.at += count
        return self.data[self.at - count:self.at]

    def long(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return (value >> 1) ^ -(value & 1)

    def bytes(self):
        return self.take(self.long())

    def blocks(self, read_item):
        items = []
        while (count := self.long()) != 0:
            if count < 0:
                self.long()
                count = -count
            items += [read_item() for _ in range(count)]
        return items

    def value(self, schema):
        if isinstance(schema, list):
            return self.value(schema[self.long()])
        kind = schema["type"] if isinstance(schema, dict) else schema
        if isinstance(kind, (dict, list)):
            return self.value(kind)
        if kind == "record":
            return {field["name"]: self.value(field["type"]) for field in schema["fields"]}
        if kind == "array":
            return self.blocks(lambda: self.value(schema["items"]))
        if kind in ("int", "long"):
            return self.long()
        if kind == "string":
            return self.bytes().decode("utf-8")
        readers = {"bytes": self.bytes, "null": lambda: None,
                   "boolean": lambda: self.take(1)[0] == 1}
        return readers[kind]()


class AvroFile:
    """`header`: name to bytes; `schema`; `records`."""

    def __init__(self, data):
        reader = Reader(data)
        assert reader.take(4) == MAGIC, "not an Avro file"
        self.header = dict(reader.blocks(lambda: (reader.bytes().decode(), reader.bytes())))
        self.schema = json.loads(self.header["avro.schema"])
        assert "avro.codec" in self.header, "PyIceberg refuses a file without avro.codec"
        codec = self.header["avro.codec"].decode()
        assert codec in ("null", "deflate"), codec
        sync = reader.take(16)
        self.records = []
        while reader.at < len(data):
            count = reader.long()
            block = reader.bytes()
            inner = Reader(zlib.decompress(block, -15) if codec == "deflate" else block)
            self.records += [inner.value(self.schema) for _ in range(count)]
            assert inner.at == len(inner.data), "bytes behind the records of an Avro block"
            assert reader.take(16) == sync, "an Avro block without its sync marker"

    def field_ids(self):
        """Path of names to field id, for every record field and list; a missing id is an error."""
        ids = {}

        def visit(schema, path):
            if isinstance(schema, list):
                for branch in schema:
                    visit(branch, path)
            elif isinstance(schema, dict) and schema["type"] == "record":
                for field in schema["fields"]:
                    inner = f"{path}.{field['name']}" if path else field["name"]
                    assert "field-id" in field, f"{inner} has no field-id"
                    ids[inner] = field["field-id"]
                    visit(field["type"], inner)
            elif isinstance(schema, dict) and schema["type"] == "array":
                is_map = schema.get("logicalType") == "map"
                assert is_map or "element-id" in schema, f"{path} has no element-id"
                visit(schema["items"], path)
            elif isinstance(schema, dict) and isinstance(schema["type"], (dict, list)):
                visit(schema["type"], path)

        visit(self.schema, "")
        return ids
