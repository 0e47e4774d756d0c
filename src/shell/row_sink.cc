#include "shell/row_sink.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "shell/row_sinks_impl.h"

namespace dosql::shell {
namespace {

// One code point at text[at]; `at` moves behind it. A damaged sequence counts as one.
uint32_t next_code_point(std::string_view text, size_t& at) {
  const auto first = static_cast<uint8_t>(text[at++]);
  const int tail = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  uint32_t point = tail == 0 ? first : first & (0x3fU >> tail);
  for (int i = 0; i < tail && at < text.size(); ++i) {
    const auto next = static_cast<uint8_t>(text[at]);
    if ((next & 0xc0) != 0x80) break;
    point = point << 6 | (next & 0x3fU);
    ++at;
  }
  return point;
}

// Unicode's wide and combining ranges, coarsely: what tables in terminals need.
size_t width_of(uint32_t point) {
  if (point >= 0x300 && point <= 0x36f) return 0;
  if (point == 0x200d || (point >= 0xfe00 && point <= 0xfe0f)) return 0;
  const bool is_wide =
      (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
      (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
      (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60) ||
      (point >= 0x1f300 && point <= 0x1faff) || (point >= 0x20000 && point <= 0x3fffd);
  return is_wide ? 2 : 1;
}

}  // namespace

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names = {"table", "csv",      "json",
                                                 "jsonl", "markdown", "line"};
  return names;
}

std::optional<Format> format_of(std::string_view name) {
  const auto& names = format_names();
  const auto at = std::ranges::find(names, name);
  if (at == names.end()) return std::nullopt;
  return static_cast<Format>(at - names.begin());
}

size_t display_width(std::string_view text) {
  size_t width = 0;
  for (size_t at = 0; at < text.size();) width += width_of(next_code_point(text, at));
  return width;
}

size_t prefix_of_width(std::string_view text, size_t width) {
  size_t end = 0;
  for (size_t at = 0, used = 0; at < text.size(); end = at) {
    used += width_of(next_code_point(text, at));
    if (used > width) break;
  }
  return end;
}

Cell cell_of(Value value) {
  return std::visit([](auto&& held) { return Cell(std::move(held)); }, std::move(value));
}

std::string text_of(const Cell& cell, std::string_view null_text) {
  if (const auto* number = std::get_if<int64_t>(&cell)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* blob = std::get_if<Blob>(&cell)) return base64_encode(blob->bytes);
  if (const auto* json = std::get_if<Json>(&cell)) return json->text;
  std::string out;
  if (const auto* real = std::get_if<double>(&cell)) {
    append_double(out, *real);
  } else {
    out = null_text;
  }
  return out;
}

std::unique_ptr<RowSink> make_row_sink(const FormatOptions& options, Output& out) {
  switch (options.format) {
    case Format::kJson:
    case Format::kJsonl:
      return std::make_unique<JsonSink>(options, out);
    case Format::kCsv:
      return std::make_unique<CsvSink>(options, out);
    case Format::kTable:
    case Format::kMarkdown:
      return std::make_unique<TableSink>(options, out);
    case Format::kLine:
      return std::make_unique<LineSink>(out);
  }
  return nullptr;
}

// --- LineSink

Result<void> LineSink::begin(const std::vector<std::string>& columns) {
  columns_ = columns;
  width_ = 0;
  for (const auto& column : columns) width_ = std::max(width_, display_width(column));
  has_rows_ = false;
  return {};
}

Result<void> LineSink::row(std::span<const Cell> cells) {
  std::string text = has_rows_ ? "\n" : "";
  has_rows_ = true;
  for (size_t i = 0; i < cells.size(); ++i) {
    text.append(width_ - display_width(columns_[i]), ' ');
    text += columns_[i];
    text += " = ";
    text += text_of(cells[i], "");
    text += '\n';
  }
  return out_.write(text);
}

}  // namespace dosql::shell
