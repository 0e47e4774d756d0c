#include "shell/row_sinks_impl.h"

namespace dosql::shell {
namespace {

void append_field(std::string& out, std::string_view text) {
  // A lone space at either end would be lost by readers that trim.
  const bool needs_quotes = text.empty() ||
                            text.find_first_of(",\"\r\n") != std::string_view::npos ||
                            text.front() == ' ' || text.back() == ' ';
  if (!needs_quotes) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

Result<void> CsvSink::begin(const std::vector<std::string>& columns) {
  if (!has_header_) return {};
  line_.clear();
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) line_ += ',';
    append_field(line_, columns[i]);
  }
  line_ += '\n';
  return out_.write(line_);
}

Result<void> CsvSink::row(std::span<const Cell> cells) {
  line_.clear();
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line_ += ',';
    if (!std::holds_alternative<std::monostate>(cells[i])) {
      append_field(line_, text_of(cells[i], ""));
    }
  }
  line_ += '\n';
  return out_.write(line_);
}

}  // namespace dosql::shell
