#include "lake/row_writer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/json_writer.h"
#include "lake/key_hash.h"
#include "lake/value_text.h"

namespace dosql::lake {
namespace {

using duck::ColumnType;
using duck::Int128;
using duck::RowBuffer;
using Kind = Cell::Kind;

bool put_boolean(const Cell& cell, size_t column, RowBuffer& rows) {
  if (cell.kind == Kind::kInteger && (cell.integer == 0 || cell.integer == 1)) {
    rows.set_boolean(column, cell.integer == 1);
    return true;
  }
  if (cell.kind != Kind::kText || (cell.bytes != "true" && cell.bytes != "false")) return false;
  rows.set_boolean(column, cell.bytes == "true");
  return true;
}

bool put_double(const Cell& cell, size_t column, RowBuffer& rows) {
  if (cell.kind == Kind::kReal) {
    rows.set_double(column, cell.real);
    return true;
  }
  constexpr int64_t kExact = 1LL << 53;
  if (cell.kind != Kind::kInteger || cell.integer > kExact || cell.integer < -kExact) return false;
  rows.set_double(column, static_cast<double>(cell.integer));
  return true;
}

bool put_string(const Cell& cell, size_t column, RowBuffer& rows) {
  switch (cell.kind) {
    case Kind::kText:
      if (!is_utf8(cell.bytes)) return false;
      rows.set_text(column, cell.bytes);
      return true;
    case Kind::kInteger: {
      std::array<char, 24> digits;
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), cell.integer);
      rows.set_text(column, {digits.data(), static_cast<size_t>(end.ptr - digits.data())});
      return true;
    }
    case Kind::kReal: {
      std::string text;
      append_double(text, cell.real);
      rows.set_text(column, text);
      return true;
    }
    default:
      return false;
  }
}

bool put_decimal(const Cell& cell, const LakeType& type, size_t column, RowBuffer& rows) {
  std::optional<Int128> unscaled;
  switch (cell.kind) {
    case Kind::kInteger:
      unscaled = parse_decimal(std::to_string(cell.integer), type.precision, type.scale);
      break;
    case Kind::kReal:
      unscaled = decimal_of_real(cell.real, type.precision, type.scale);
      break;
    case Kind::kText:
      unscaled = parse_decimal(cell.bytes, type.precision, type.scale);
      break;
    default:
      break;
  }
  if (!unscaled.has_value()) return false;
  rows.set_decimal(column, *unscaled);
  return true;
}

bool put_date(const Cell& cell, size_t column, RowBuffer& rows) {
  if (cell.kind != Kind::kText) return false;
  const auto days = parse_date(cell.bytes);
  if (days.has_value()) rows.set_date(column, *days);
  return days.has_value();
}

bool put_timestamp(const Cell& cell, size_t column, RowBuffer& rows) {
  if (cell.kind != Kind::kText) return false;
  const auto micros = parse_timestamp(cell.bytes);
  if (micros.has_value()) rows.set_timestamp(column, *micros);
  return micros.has_value();
}

// False when the value does not fit; nothing is set then.
bool put(const Cell& cell, const LakeType& type, size_t column, RowBuffer& rows) {
  switch (type.type) {
    case ColumnType::kLong:
      if (cell.kind != Kind::kInteger) return false;
      rows.set_long(column, cell.integer);
      return true;
    case ColumnType::kString:
      return put_string(cell, column, rows);
    case ColumnType::kDouble:
      return put_double(cell, column, rows);
    case ColumnType::kBinary:
      if (cell.kind != Kind::kBlob) return false;
      rows.set_text(column, cell.bytes);
      return true;
    case ColumnType::kBoolean:
      return put_boolean(cell, column, rows);
    case ColumnType::kDate:
      return put_date(cell, column, rows);
    case ColumnType::kTimestamp:
      return put_timestamp(cell, column, rows);
    case ColumnType::kDecimal:
      return put_decimal(cell, type, column, rows);
  }
  return false;
}

duck::Column buffer_column(const LakeColumn& column) {
  return {.name = column.name,
          .type = column.type.type,
          .precision = column.type.precision,
          .scale = column.type.scale,
          .field_id = column.field_id};
}

}  // namespace

std::vector<duck::Column> RowLayout::buffer_columns() const {
  std::vector<duck::Column> result;
  if (rowid.has_value()) result.push_back(buffer_column(*rowid));
  for (const LakeColumn& column : columns) result.push_back(buffer_column(column));
  result.push_back(buffer_column(extra));
  return result;
}

void RowWriter::write(std::span<const Cell> cells, int64_t rowid, RowBuffer& rows) {
  size_t at = 0;
  if (layout_.rowid.has_value()) rows.set_long(at++, rowid);
  for (const LakeColumn& column : layout_.columns) {
    const bool is_there =
        column.source < cells.size() && cells[column.source].kind != Cell::Kind::kNull;
    if (!is_there) {
      rows.set_null(at);
    } else if (!put(cells[column.source], column.type, at, rows)) {
      rows.set_null(at);
      add_misfit(column.name, cells[column.source]);
    }
    ++at;
  }
  if (extra_.empty()) {
    rows.set_null(at);
  } else {
    extra_ += '}';
    rows.set_text(at, extra_);
    extra_.clear();
  }
  rows.end_row();
}

void RowWriter::add_misfit(const std::string& column, const Cell& cell) {
  ++misfit_count_;
  extra_ += extra_.empty() ? '{' : ',';
  append_json_string(extra_, column);
  extra_ += ':';
  const bool is_text = cell.kind == Kind::kText && is_utf8(cell.bytes);
  if (cell.kind == Kind::kInteger) {
    extra_ += std::to_string(cell.integer);
  } else if (cell.kind == Kind::kReal && std::isfinite(cell.real)) {
    append_double(extra_, cell.real);
  } else if (cell.kind == Kind::kReal) {
    extra_ += cell.real < 0 ? "\"-Inf\"" : "\"Inf\"";
  } else if (is_text) {
    append_json_string(extra_, cell.bytes);
  } else {
    extra_ += "{\"base64\":\"" + base64_encode(as_bytes(cell.bytes)) + "\"}";
  }
}

uint64_t hash_columns(const RowBuffer& rows, size_t row, std::span<const size_t> columns) {
  KeyHash hash;
  for (const size_t column : columns) {
    if (rows.is_null_at(row, column)) {
      hash.add_null();
    } else {
      hash.add(rows.raw_at(row, column));
    }
  }
  return hash.value();
}

uint64_t hash_columns(const duck::Rows& rows, std::span<const size_t> columns) {
  KeyHash hash;
  for (const size_t column : columns) {
    if (rows.is_null(column)) {
      hash.add_null();
    } else {
      hash.add(rows.raw_at(column));
    }
  }
  return hash.value();
}

}  // namespace dosql::lake
