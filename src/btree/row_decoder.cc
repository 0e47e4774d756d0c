#include "btree/row_decoder.h"

namespace dosql::btree {

Result<RowDecoder> RowDecoder::open(PageReader& pages) {
  DOSQL_TRY(const uint32_t usable, usable_size(pages));
  DOSQL_TRY(const TextEncoding encoding, read_encoding(pages));
  return RowDecoder(pages, usable, encoding);
}

Result<Bytes> RowDecoder::payload(const Cell& cell, Buffer& buffer) const {
  if (cell.overflow == 0) return cell.local;
  buffer.clear();
  DOSQL_TRY(append_payload(*pages_, cell, usable_, cell.payload_size, buffer));
  return Bytes(buffer);
}

Result<std::span<const Value>> RowDecoder::decode(const Cell& cell, const TableShape& shape) {
  DOSQL_TRY(const Bytes record, payload(cell, buffer_));
  if (encoding_ != TextEncoding::kUtf8) arena_.clear();
  fields_.clear();
  DOSQL_TRY(decode_record(record, encoding_, arena_, fields_));
  row_.assign(shape.columns.size(), Value());
  for (size_t i = 0; i < shape.storage.size(); ++i) {
    const uint32_t index = shape.storage[i];
    const ColumnShape& column = shape.columns[index];
    Value value = i < fields_.size() ? fields_[i] : column.default_value.view();
    if (column.affinity == Affinity::kReal && value.type() == Value::Type::kInteger) {
      value = Value::real(static_cast<double>(value.as_integer()));
    }
    row_[index] = value;
  }
  if (shape.rowid_alias != TableShape::kNone) row_[shape.rowid_alias] = Value::integer(cell.rowid);
  return std::span<const Value>(row_);
}

}  // namespace dosql::btree
