// RowBuffer: rows in memory, by column, in the layout DuckDB computes in, so that lending them to
// SQL (Database::share_rows) copies 2,048 values at a time and converts nothing.
//
//   RowBuffer rows({{"id", ColumnType::kLong}, {"k", ColumnType::kString}});
//   rows.set_long(0, 1); rows.set_text(1, "a"); rows.end_row();
//
// Every column of a row is set exactly once before end_row(). Text must be valid UTF-8: nothing
// here checks it.
// Thread rule: one writer; readable from many threads once nobody writes.
#pragma once

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"

namespace dosql::duck {

__extension__ using Int128 = __int128;

enum class ColumnType : uint8_t {
  kBoolean,
  kLong,
  kDouble,
  kString,
  kBinary,
  kDate,       // days since 1970-01-01
  kTimestamp,  // microseconds since 1970-01-01T00:00:00, no zone
  kDecimal,    // precision 1..38
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::kLong;
  int precision = 0;  // decimals only
  int scale = 0;
  int field_id = 0;  // of Parquet; unique and positive where a file is written
};

// SQL name of the column's type.
[[nodiscard]] std::string sql_type(const Column& column);

// A value of a column: bool, int64 (long, date, timestamp), double, decimal's unscaled value,
// bytes.
using Scalar = std::variant<bool, int64_t, double, Int128, std::string>;

struct ColumnStats {
  uint64_t null_count = 0;
  uint64_t nan_count = 0;
  std::optional<Scalar> min;  // of values that are neither NULL nor NaN; bytewise for text
  std::optional<Scalar> max;
};

class RowBuffer {
 public:
  static constexpr size_t kChunkRows = 2048;  // DuckDB's vector size

  explicit RowBuffer(std::vector<Column> columns);
  RowBuffer(RowBuffer&&) noexcept = default;
  RowBuffer& operator=(RowBuffer&&) noexcept = default;

  void set_null(size_t column) {
    validity_[column][row_ / 64] &= ~(1ULL << (row_ % 64));
    std::memset(data_[column] + row_ * widths_[column], 0, widths_[column]);
  }
  void set_boolean(size_t column, bool value) { set(column, static_cast<uint8_t>(value)); }
  void set_long(size_t column, int64_t value) { set(column, value); }
  void set_double(size_t column, double value) { set(column, value); }
  void set_date(size_t column, int32_t days) { set(column, days); }
  void set_timestamp(size_t column, int64_t micros) { set(column, micros); }
  // kString and kBinary; copies.
  void set_text(size_t column, std::string_view bytes) {
    if (bytes.size() > kInlineText) return set_long_text(column, bytes);
    uint8_t* cell = data_[column] + row_ * kTextWidth;
    std::memset(cell, 0, kTextWidth);
    store_le(cell, static_cast<uint32_t>(bytes.size()));
    if (!bytes.empty()) std::memcpy(cell + 4, bytes.data(), bytes.size());
  }
  void set_decimal(size_t column, Int128 unscaled);
  void end_row() {
    if (++row_ == kChunkRows) start_chunk();
  }

  // Forgets all rows; nobody may still be reading them.
  void clear();

  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
  void set_field_id(size_t column, int field_id) { columns_[column].field_id = field_id; }
  [[nodiscard]] size_t row_count() const { return (chunks_.size() - 1) * kChunkRows + row_; }
  // Memory taken, about.
  [[nodiscard]] size_t byte_count() const;
  [[nodiscard]] ColumnStats stats(size_t column) const;

  // Values of finished rows.
  [[nodiscard]] bool is_null_at(size_t row, size_t column) const;
  [[nodiscard]] std::optional<Scalar> scalar_at(size_t row, size_t column) const;
  // The bytes DuckDB keeps for a value: text and blobs as they are, others in their fixed width.
  // Two values of a column are the same exactly if these are. Not for NULL.
  [[nodiscard]] std::string_view raw_at(size_t row, size_t column) const;

  // What the scan needs: a chunk's rows, and a column's values and validity (1: not NULL) in it.
  [[nodiscard]] size_t chunk_count() const { return chunks_.size() - (row_ == 0 ? 1 : 0); }
  [[nodiscard]] size_t chunk_rows(size_t chunk) const {
    return chunk + 1 == chunks_.size() ? row_ : kChunkRows;
  }
  [[nodiscard]] const uint8_t* chunk_values(size_t chunk, size_t column) const {
    return chunks_[chunk].get() + offsets_[column];
  }
  [[nodiscard]] const uint64_t* chunk_validity(size_t chunk, size_t column) const {
    return reinterpret_cast<const uint64_t*>(chunks_[chunk].get()) + column * kValidityWords;
  }
  [[nodiscard]] size_t width(size_t column) const { return widths_[column]; }

 private:
  static constexpr size_t kInlineText = 12;  // duckdb_string_t keeps that much in place
  static constexpr size_t kTextWidth = 16;
  static constexpr size_t kValidityWords = kChunkRows / 64;
  static constexpr size_t kArenaBlock = 256 * 1024;

  template <class T>
  void set(size_t column, T value) {
    store_le(data_[column] + row_ * sizeof(T), value);
  }
  void set_long_text(size_t column, std::string_view bytes);
  void start_chunk();

  std::vector<Column> columns_;
  std::vector<size_t> widths_;
  std::vector<size_t> offsets_;  // of a column's values in a chunk
  size_t chunk_bytes_ = 0;
  std::vector<std::unique_ptr<uint8_t[]>> chunks_;  // validity words of all columns, then values
  std::vector<uint8_t*> data_;                      // of the last chunk
  std::vector<uint64_t*> validity_;
  size_t row_ = 0;  // rows in the last chunk
  std::vector<std::unique_ptr<char[]>> arena_;
  size_t arena_left_ = 0;
  size_t arena_bytes_ = 0;
  char* arena_at_ = nullptr;
};

}  // namespace dosql::duck
