// CsvReader: records of a CSV file (RFC 4180) out of a stream of bytes.
//
// Accepts what files in the wild have: LF, CRLF or CR at line ends, line ends and doubled quotes
// inside quotes, a UTF-8 byte order mark, empty lines (skipped). Refuses, with the line: a quote
// that is never closed, text behind a closing quote, a record beyond kCsvRecordBytesMax, UTF-16.
// Thread rule: one thread.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dosql::engine {

inline constexpr size_t kCsvRecordBytesMax = 256U << 20;

struct CsvField {
  std::string_view text;
  bool is_quoted = false;
};

class CsvReader {
 public:
  // Fills the buffer; returns the bytes, 0 at the end.
  using Source = std::function<Result<size_t>(std::span<char>)>;

  explicit CsvReader(Source source, char separator = ',')
      : source_(std::move(source)), separator_(separator) {}

  // False at the end. The fields live until the next call.
  Result<bool> next();
  [[nodiscard]] std::span<const CsvField> fields() const { return fields_; }
  // Where the current record begins, from 1.
  [[nodiscard]] size_t line() const { return record_line_; }
  // Bytes of the source that were read and belong to records given so far.
  [[nodiscard]] uint64_t bytes_read() const { return bytes_taken_ + at_; }

 private:
  enum class Where : uint8_t { kFieldStart, kPlain, kQuoted, kQuoteInQuoted };

  Result<bool> fill();
  Result<void> skip_byte_order_mark();
  // Reads one record into text_ and ends_; false when there was nothing but the end.
  Result<bool> read_record();
  Result<void> take_byte(char c, Where& where);
  void end_field(bool is_quoted);
  std::unexpected<Error> failure(std::string_view what) const;

  Source source_;
  const char separator_;
  std::vector<char> buffer_;
  size_t at_ = 0;             // in buffer_
  size_t size_ = 0;           // of what buffer_ holds
  uint64_t bytes_taken_ = 0;  // before buffer_
  bool is_at_end_ = false;
  bool is_started_ = false;

  std::string text_;  // of all fields of the record, one after the other
  struct End {
    size_t offset = 0;
    bool is_quoted = false;
  };
  std::vector<End> ends_;
  bool is_field_quoted_ = false;
  std::vector<CsvField> fields_;
  size_t line_ = 1;
  size_t record_line_ = 1;
};

}  // namespace dosql::engine
