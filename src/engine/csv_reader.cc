#include "engine/csv_reader.h"

#include "base/text.h"

namespace dosql::engine {
namespace {

constexpr size_t kBufferBytes = 256U << 10;

}  // namespace

std::unexpected<Error> CsvReader::failure(std::string_view what) const {
  return fail(Code::kInvalidArgument, str_cat({"line ", std::to_string(record_line_), ": ", what}));
}

Result<bool> CsvReader::fill() {
  if (at_ < size_) return true;
  if (is_at_end_) return false;
  bytes_taken_ += size_;
  at_ = size_ = 0;
  buffer_.resize(kBufferBytes);
  DOSQL_TRY(size_, source_(buffer_));
  is_at_end_ = size_ == 0;
  return !is_at_end_;
}

Result<void> CsvReader::skip_byte_order_mark() {
  is_started_ = true;
  DOSQL_TRY(const bool has_bytes, fill());
  if (!has_bytes) return {};
  while (size_ < 3) {
    DOSQL_TRY(const size_t more, source_(std::span(buffer_).subspan(size_)));
    if (more == 0) break;
    size_ += more;
  }
  const std::string_view start(buffer_.data(), size_);
  if (start.starts_with("\xff\xfe") || start.starts_with("\xfe\xff")) {
    return failure("the file is UTF-16; convert it to UTF-8 first");
  }
  if (start.starts_with("\xef\xbb\xbf")) at_ = 3;
  return {};
}

void CsvReader::end_field(bool is_quoted) {
  ends_.push_back({text_.size(), is_quoted});
  is_field_quoted_ = false;
}

// Anything but a line end outside quotes.
Result<void> CsvReader::take_byte(char c, Where& where) {
  if (where == Where::kQuoted) {
    if (c == '"') {
      where = Where::kQuoteInQuoted;
    } else {
      text_ += c;
    }
    return {};
  }
  if (c == separator_) {
    end_field(is_field_quoted_);
    where = Where::kFieldStart;
  } else if (c == '"' && where == Where::kFieldStart) {
    is_field_quoted_ = true;
    where = Where::kQuoted;
  } else if (c == '"' && where == Where::kQuoteInQuoted) {
    text_ += '"';
    where = Where::kQuoted;
  } else if (where == Where::kQuoteInQuoted) {
    return failure("there is text behind a closing quote (a quote inside quotes is written \"\")");
  } else {
    text_ += c;
    where = Where::kPlain;
  }
  return {};
}

Result<bool> CsvReader::read_record() {
  text_.clear();
  ends_.clear();
  is_field_quoted_ = false;
  record_line_ = line_;
  Where where = Where::kFieldStart;
  bool has_bytes = false;
  while (true) {
    DOSQL_TRY(const bool is_there, fill());
    if (!is_there) break;
    const char c = buffer_[at_++];
    has_bytes = true;
    if (c == '\n' || c == '\r') {
      if (c == '\r') {
        // CRLF is one line end, wherever the buffer was cut.
        DOSQL_TRY(const bool has_more, fill());
        if (has_more && buffer_[at_] == '\n' && where != Where::kQuoted) ++at_;
      }
      if (c == '\n' || where != Where::kQuoted) ++line_;
      if (where != Where::kQuoted) break;
      text_ += c;
      continue;
    }
    DOSQL_TRY(take_byte(c, where));
    if (text_.size() > kCsvRecordBytesMax) {
      return failure(
          str_cat({"the record is longer than ", std::to_string(kCsvRecordBytesMax >> 20),
                   " MiB (is a quote missing?)"}));
    }
  }
  if (where == Where::kQuoted) return failure("a quote that opens in this record is never closed");
  if (!has_bytes) return false;
  end_field(is_field_quoted_);
  return true;
}

Result<bool> CsvReader::next() {
  if (!is_started_) DOSQL_TRY(skip_byte_order_mark());
  do {
    DOSQL_TRY(const bool is_there, read_record());
    if (!is_there) return false;
  } while (ends_.size() == 1 && ends_[0].offset == 0 && !ends_[0].is_quoted);
  fields_.clear();
  size_t begin = 0;
  for (const End& end : ends_) {
    fields_.push_back({std::string_view(text_).substr(begin, end.offset - begin), end.is_quoted});
    begin = end.offset;
  }
  return true;
}

}  // namespace dosql::engine
