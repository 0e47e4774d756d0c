"""What the lake must hold of a source table, worked out anew: from the declared types and from the
stored values alone. A row is a list of texts (None: NULL), one per field of the lake table."""
import base64
import dataclasses
import datetime
import decimal
import hashlib
import json
import math
import re

EPOCH = datetime.datetime(1970, 1, 1)
EXACT_CONTEXT = decimal.Context(prec=60)


@dataclasses.dataclass
class Field:
    name: str
    type: str  # of Iceberg: long, double, string, binary, boolean, date, timestamp, decimal(p, s)


def lake_type(declared):
    name = declared.lower()
    found = re.fullmatch(r"(decimal|numeric)\s*\((\d+)(?:,\s*(\d+))?\)", name)
    if found:
        return f"decimal({found[2]}, {found[3] or 0})"
    base = name.split("(")[0].strip()
    fixed = {"boolean": "boolean", "bool": "boolean", "date": "date", "datetime": "timestamp",
             "timestamp": "timestamp", "numeric": "double", "decimal": "double"}
    if base in fixed:
        return fixed[base]
    for part, kind in (("int", "long"), ("char", "string"), ("clob", "string"), ("text", "string"),
                       ("blob", "binary"), ("real", "double"), ("floa", "double"),
                       ("doub", "double")):
        if part in base:
            return kind
    return "string"


# --- values as text, the same for every reader


def text_of(value, kind):
    """A Python value of a reader."""
    if value is None:
        return None
    if kind == "double":
        return repr(float(value))
    if kind == "binary":
        return bytes(value).hex()
    if kind == "boolean":
        return "true" if value else "false"
    if kind.startswith("decimal"):
        scale = int(kind.rstrip(")").split(",")[1])
        return format(decimal.Decimal(value).quantize(
            decimal.Decimal(1).scaleb(-scale), context=EXACT_CONTEXT), "f")
    if kind == "timestamp":
        return str((value - EPOCH) // datetime.timedelta(microseconds=1))
    if kind == "date":
        return value.isoformat()
    return str(value)


def real_text(real):
    """As the lake writes a REAL into a text column or `_extra`."""
    if math.isinf(real):
        return "Inf" if real > 0 else "-Inf"
    return real


class Misfit(Exception):
    pass


def fit_decimal(storage, value, kind):
    precision, scale = (int(n) for n in re.findall(r"\d+", kind))
    if storage == "blob" or (storage == "real" and not math.isfinite(value)):
        raise Misfit
    text = repr(value) if storage == "real" else str(value)
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", text, re.I):
        raise Misfit
    number = decimal.Decimal(text)
    exact = number.quantize(decimal.Decimal(1).scaleb(-scale), context=EXACT_CONTEXT)
    if exact != number or abs(number) >= decimal.Decimal(10) ** (precision - scale):
        raise Misfit
    return text_of(exact, kind)


def fit_time(value, kind):
    pattern = r"\d{4}-\d\d-\d\d" + ("" if kind == "date" else r"[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?")
    if not re.fullmatch(pattern, value):
        raise Misfit
    try:
        return text_of(datetime.date.fromisoformat(value) if kind == "date"
                       else datetime.datetime.fromisoformat(pad_fraction(value)), kind)
    except ValueError:
        raise Misfit from None


def pad_fraction(value):
    head, dot, fraction = value.partition(".")
    return head + dot + fraction.ljust(6, "0") if dot else head


def fit(storage, value, kind):
    """The text of a stored value in a lake column of this type; Misfit when it does not fit."""
    if kind == "long" and storage == "integer":
        return str(value)
    if kind == "double" and storage == "real":
        return text_of(value, kind)
    if kind == "double" and storage == "integer" and abs(value) <= 2 ** 53:
        return text_of(value, kind)
    if kind == "string" and storage != "blob":
        if storage == "text":
            return value.decode("utf-8")
        return str(value) if storage == "integer" else str(real_text(value))
    if kind == "binary" and storage == "blob":
        return value.hex()
    if kind == "boolean" and storage == "integer" and value in (0, 1):
        return "true" if value else "false"
    if kind == "boolean" and storage == "text" and value in (b"true", b"false"):
        return value.decode()
    if kind.startswith("decimal"):
        return fit_decimal(storage, value.decode() if storage == "text" else value, kind)
    if kind in ("date", "timestamp") and storage == "text":
        return fit_time(value.decode("utf-8"), kind)
    raise Misfit


def extra_of(storage, value):
    if storage == "text":
        return value.decode("utf-8")
    if storage == "blob":
        return {"base64": base64.b64encode(value).decode()}
    return real_text(value) if storage == "real" else value


# --- rows of the source


def stored(storage, value):
    if storage in ("text", "blob"):
        return bytes.fromhex(value)
    if storage == "real":
        return float(value)  # "Inf" and "-Inf", too
    return value


def lake_rows(store, database, table, lake_columns):
    """(rows, fields) that a lake table of these columns must show; None: as a new one."""
    quoted = '"' + table.replace('"', '""') + '"'
    columns = store.rows(database, f"SELECT name, type, pk FROM pragma_table_info('{table}')")
    fields = [Field(name, lake_type(declared)) for name, declared, _ in columns]
    has_key = any(pk for _, _, pk in columns)
    cells = []
    for name, _, _ in columns:
        column = '"' + name.replace('"', '""') + '"'
        cells.append(
            f"typeof({column}), CASE WHEN typeof({column}) IN ('text', 'blob') THEN hex({column}) "
            f"WHEN {column} = 9e999 THEN 'Inf' WHEN {column} = -9e999 THEN '-Inf' "
            f"ELSE {column} END")
    rowid = "0" if has_key else "rowid"
    rows = []
    has_misfits = False
    for row in store.rows(database, f"SELECT {rowid}, {', '.join(cells)} FROM {quoted}"):
        shown = [] if has_key else [str(row[0])]
        extra = {}
        for i, field in enumerate(fields):
            storage, value = row[1 + 2 * i], row[2 + 2 * i]
            if storage == "null":
                shown.append(None)
                continue
            value = stored(storage, value)
            try:
                shown.append(fit(storage, value, field.type))
            except Misfit:
                shown.append(None)
                extra[field.name] = extra_of(storage, value)
        has_misfits |= bool(extra)
        rows.append(shown + [json.dumps(extra, sort_keys=True) if extra else None])
    all_fields = ([] if has_key else [Field("_rowid", "long")]) + fields
    has_extra = has_misfits or (lake_columns is not None and "_extra" in lake_columns)
    if not has_extra:
        return [row[:-1] for row in rows], all_fields
    return rows, all_fields + [Field("_extra", "string")]


def normal_row(values, fields):
    """A row that a reader returned, in the form of lake_rows."""
    row = [text_of(value, field.type) for value, field in zip(values, fields)]
    if fields[-1].name == "_extra" and row[-1] is not None:
        row[-1] = json.dumps(json.loads(row[-1]), sort_keys=True)
    return row


def digest(rows):
    """Of a multiset of rows."""
    lines = sorted(json.dumps(row) for row in rows)
    return len(rows), hashlib.sha256("\n".join(lines).encode()).hexdigest()
