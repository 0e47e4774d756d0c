#include <algorithm>

#include "shell/row_sinks_impl.h"

namespace dosql::shell {
namespace {

constexpr size_t kRowsHeld = 1000;
constexpr size_t kCellWidthMax = 100;  // longer text is cut in a table, never in markdown
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kPlain = "\x1b[0m";

// One line, and nothing that a terminal would obey.
std::string without_controls(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (static_cast<uint8_t>(c) < 0x20 || c == 0x7f) {
      out += '?';
    } else {
      out += c;
    }
  }
  return out;
}

std::string escape_markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "<br>";
    } else {
      out += c;
    }
  }
  return out;
}

std::string cut(std::string text) {
  if (display_width(text) <= kCellWidthMax) return text;
  return text.substr(0, prefix_of_width(text, kCellWidthMax - 1)) + "…";
}

}  // namespace

TableSink::Shown TableSink::show(const Cell& cell) const {
  Shown shown;
  shown.is_null = std::holds_alternative<std::monostate>(cell);
  shown.is_number = std::holds_alternative<int64_t>(cell) || std::holds_alternative<double>(cell);
  const std::string text = text_of(cell, "NULL");
  shown.text = is_markdown_ ? escape_markdown(text) : cut(without_controls(text));
  return shown;
}

Result<void> TableSink::begin(const std::vector<std::string>& columns) {
  header_.clear();
  for (const std::string& column : columns) header_.push_back(show(column));
  held_.clear();
  widths_.assign(columns.size(), is_markdown_ ? 3 : 1);
  is_right_.assign(columns.size(), false);
  are_widths_known_ = false;
  return {};
}

Result<void> TableSink::row(std::span<const Cell> cells) {
  Line line;
  for (const Cell& cell : cells) line.push_back(show(cell));
  if (!are_widths_known_) {
    held_.push_back(std::move(line));
    return held_.size() < kRowsHeld ? Result<void>() : write_held();
  }
  buffer_.clear();
  append_line(line);
  return out_.write(buffer_);
}

Result<void> TableSink::end() {
  return are_widths_known_ ? Result<void>() : write_held();
}

void TableSink::append_padded(const Shown& cell, size_t width, bool is_right, bool is_last) {
  const size_t used = display_width(cell.text);
  const size_t padding = used < width ? width - used : 0;
  if (is_right) buffer_.append(padding, ' ');
  if (has_color_ && cell.is_null) buffer_ += kDim;
  buffer_ += cell.text;
  if (has_color_ && cell.is_null) buffer_ += kPlain;
  if (!is_right && (is_markdown_ || !is_last)) buffer_.append(padding, ' ');
}

void TableSink::append_line(const Line& line) {
  if (is_markdown_) buffer_ += "| ";
  for (size_t i = 0; i < line.size(); ++i) {
    if (i > 0) buffer_ += is_markdown_ ? " | " : "  ";
    append_padded(line[i], widths_[i], is_right_[i], i + 1 == line.size());
  }
  buffer_ += is_markdown_ ? " |\n" : "\n";
}

Result<void> TableSink::write_held() {
  are_widths_known_ = true;
  for (size_t i = 0; i < header_.size(); ++i) {
    widths_[i] = std::max(widths_[i], display_width(header_[i].text));
    bool has_number = false;
    bool has_text = false;
    for (const Line& line : held_) {
      widths_[i] = std::max(widths_[i], display_width(line[i].text));
      has_number |= line[i].is_number;
      has_text |= !line[i].is_number && !line[i].is_null;
    }
    is_right_[i] = has_number && !has_text;
  }
  buffer_.clear();
  if (has_color_) buffer_ += kBold;
  append_line(header_);
  if (has_color_) buffer_.insert(buffer_.size() - 1, kPlain);
  for (size_t i = 0; i < widths_.size(); ++i) {
    buffer_ += is_markdown_ ? (i == 0 ? "| " : " | ") : (i == 0 ? "" : "  ");
    buffer_.append(widths_[i] - (is_markdown_ && is_right_[i] ? 1 : 0), '-');
    if (is_markdown_ && is_right_[i]) buffer_ += ':';
  }
  buffer_ += is_markdown_ ? " |\n" : "\n";
  for (const Line& line : held_) append_line(line);
  held_.clear();
  return out_.write(buffer_);
}

}  // namespace dosql::shell
