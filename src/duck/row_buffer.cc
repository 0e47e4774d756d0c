#include "duck/row_buffer.h"

#include <cmath>

#include "base/text.h"

namespace dosql::duck {
namespace {

size_t decimal_width(int precision) {
  if (precision <= 4) return 2;
  if (precision <= 9) return 4;
  return precision <= 18 ? 8 : 16;
}

size_t width_of(const Column& column) {
  switch (column.type) {
    case ColumnType::kBoolean:
      return 1;
    case ColumnType::kDate:
      return 4;
    case ColumnType::kLong:
    case ColumnType::kDouble:
    case ColumnType::kTimestamp:
      return 8;
    case ColumnType::kString:
    case ColumnType::kBinary:
      return 16;
    case ColumnType::kDecimal:
      return decimal_width(column.precision);
  }
  return 8;
}

std::string_view text_of(const uint8_t* cell) {
  const uint32_t size = load_le<uint32_t>(cell);
  if (size <= 12) return {reinterpret_cast<const char*>(cell) + 4, size};
  return {load_le<const char*>(cell + 8), size};
}

Int128 decimal_of(const uint8_t* cell, size_t width) {
  if (width == 2) return load_le<int16_t>(cell);
  if (width == 4) return load_le<int32_t>(cell);
  if (width == 8) return load_le<int64_t>(cell);
  return load_le<Int128>(cell);
}

// Calls visit(row in the chunk) for every value that is not NULL.
template <class Visit>
void for_each_valid(const RowBuffer& rows, size_t chunk, size_t column, const Visit& visit) {
  const uint64_t* validity = rows.chunk_validity(chunk, column);
  const size_t count = rows.chunk_rows(chunk);
  for (size_t row = 0; row < count; ++row) {
    if ((validity[row / 64] >> (row % 64)) & 1) visit(row);
  }
}

// Folds load(cell) over all values that are not NULL.
template <class T, class Load>
void fold(const RowBuffer& rows, size_t column, const Load& load, ColumnStats& stats) {
  std::optional<T> min;
  std::optional<T> max;
  uint64_t seen = 0;
  const size_t width = rows.width(column);
  for (size_t chunk = 0; chunk < rows.chunk_count(); ++chunk) {
    const uint8_t* values = rows.chunk_values(chunk, column);
    for_each_valid(rows, chunk, column, [&](size_t row) {
      const T value = load(values + row * width);
      ++seen;
      if constexpr (std::is_same_v<T, double>) {
        if (std::isnan(value)) {
          ++stats.nan_count;
          return;
        }
      }
      if (!min.has_value()) {
        min = max = value;
      } else if (value < *min) {
        min = value;
      } else if (*max < value) {
        max = value;
      }
    });
  }
  stats.null_count = rows.row_count() - seen;
  if (!min.has_value()) return;
  if constexpr (std::is_same_v<T, std::string_view>) {
    stats.min = Scalar(std::string(*min));
    stats.max = Scalar(std::string(*max));
  } else {
    stats.min = Scalar(*min);
    stats.max = Scalar(*max);
  }
}

}  // namespace

std::string sql_type(const Column& column) {
  switch (column.type) {
    case ColumnType::kBoolean:
      return "BOOLEAN";
    case ColumnType::kLong:
      return "BIGINT";
    case ColumnType::kDouble:
      return "DOUBLE";
    case ColumnType::kString:
      return "VARCHAR";
    case ColumnType::kBinary:
      return "BLOB";
    case ColumnType::kDate:
      return "DATE";
    case ColumnType::kTimestamp:
      return "TIMESTAMP";
    case ColumnType::kDecimal:
      return str_cat(
          {"DECIMAL(", std::to_string(column.precision), ",", std::to_string(column.scale), ")"});
  }
  return "VARCHAR";
}

RowBuffer::RowBuffer(std::vector<Column> columns) : columns_(std::move(columns)) {
  chunk_bytes_ = columns_.size() * kValidityWords * sizeof(uint64_t);
  for (const Column& column : columns_) {
    widths_.push_back(width_of(column));
    offsets_.push_back(chunk_bytes_);
    // Wide values first would pack tighter; a multiple of 16 keeps every column aligned.
    chunk_bytes_ += (widths_.back() * kChunkRows + 15) / 16 * 16;
  }
  data_.resize(columns_.size());
  validity_.resize(columns_.size());
  start_chunk();
}

void RowBuffer::clear() {
  chunks_.clear();
  arena_.clear();
  arena_left_ = arena_bytes_ = 0;
  start_chunk();
}

void RowBuffer::start_chunk() {
  chunks_.push_back(std::make_unique_for_overwrite<uint8_t[]>(chunk_bytes_));
  uint8_t* chunk = chunks_.back().get();
  std::memset(chunk, 0xff, columns_.size() * kValidityWords * sizeof(uint64_t));
  for (size_t column = 0; column < columns_.size(); ++column) {
    data_[column] = chunk + offsets_[column];
    validity_[column] = reinterpret_cast<uint64_t*>(chunk) + column * kValidityWords;
  }
  row_ = 0;
}

void RowBuffer::set_long_text(size_t column, std::string_view bytes) {
  if (arena_left_ < bytes.size()) {
    const size_t block = std::max(kArenaBlock, bytes.size());
    arena_.push_back(std::make_unique_for_overwrite<char[]>(block));
    arena_at_ = arena_.back().get();
    arena_left_ = block;
    arena_bytes_ += block;
  }
  std::memcpy(arena_at_, bytes.data(), bytes.size());
  uint8_t* cell = data_[column] + row_ * kTextWidth;
  store_le(cell, static_cast<uint32_t>(bytes.size()));
  std::memcpy(cell + 4, bytes.data(), 4);
  store_le(cell + 8, arena_at_);
  arena_at_ += bytes.size();
  arena_left_ -= bytes.size();
}

void RowBuffer::set_decimal(size_t column, Int128 unscaled) {
  switch (widths_[column]) {
    case 2:
      return set(column, static_cast<int16_t>(unscaled));
    case 4:
      return set(column, static_cast<int32_t>(unscaled));
    case 8:
      return set(column, static_cast<int64_t>(unscaled));
    default:
      return set(column, unscaled);
  }
}

size_t RowBuffer::byte_count() const {
  return chunks_.size() * chunk_bytes_ + arena_bytes_;
}

bool RowBuffer::is_null_at(size_t row, size_t column) const {
  const uint64_t* validity = chunk_validity(row / kChunkRows, column);
  const size_t at = row % kChunkRows;
  return ((validity[at / 64] >> (at % 64)) & 1) == 0;
}

std::optional<Scalar> RowBuffer::scalar_at(size_t row, size_t column) const {
  if (is_null_at(row, column)) return std::nullopt;
  const size_t width = widths_[column];
  const uint8_t* cell = chunk_values(row / kChunkRows, column) + row % kChunkRows * width;
  switch (columns_[column].type) {
    case ColumnType::kBoolean:
      return Scalar(*cell != 0);
    case ColumnType::kLong:
    case ColumnType::kTimestamp:
      return Scalar(load_le<int64_t>(cell));
    case ColumnType::kDate:
      return Scalar(static_cast<int64_t>(load_le<int32_t>(cell)));
    case ColumnType::kDouble:
      return Scalar(load_le<double>(cell));
    case ColumnType::kString:
    case ColumnType::kBinary:
      return Scalar(std::string(text_of(cell)));
    case ColumnType::kDecimal:
      return Scalar(decimal_of(cell, width));
  }
  return std::nullopt;
}

std::string_view RowBuffer::raw_at(size_t row, size_t column) const {
  const size_t width = widths_[column];
  const uint8_t* cell = chunk_values(row / kChunkRows, column) + row % kChunkRows * width;
  const ColumnType type = columns_[column].type;
  if (type == ColumnType::kString || type == ColumnType::kBinary) return text_of(cell);
  return {reinterpret_cast<const char*>(cell), width};
}

ColumnStats RowBuffer::stats(size_t column) const {
  ColumnStats stats;
  const size_t width = widths_[column];
  switch (columns_[column].type) {
    case ColumnType::kBoolean:
      fold<bool>(*this, column, [](const uint8_t* cell) { return *cell != 0; }, stats);
      break;
    case ColumnType::kLong:
    case ColumnType::kTimestamp:
      fold<int64_t>(*this, column, load_le<int64_t>, stats);
      break;
    case ColumnType::kDate: {
      const auto load = [](const uint8_t* cell) -> int64_t { return load_le<int32_t>(cell); };
      fold<int64_t>(*this, column, load, stats);
      break;
    }
    case ColumnType::kDouble:
      fold<double>(*this, column, load_le<double>, stats);
      break;
    case ColumnType::kString:
    case ColumnType::kBinary:
      fold<std::string_view>(*this, column, text_of, stats);
      break;
    case ColumnType::kDecimal: {
      const auto load = [width](const uint8_t* cell) { return decimal_of(cell, width); };
      fold<Int128>(*this, column, load, stats);
      break;
    }
  }
  return stats;
}

}  // namespace dosql::duck
