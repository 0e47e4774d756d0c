// The sinks behind make_row_sink, for its .cc files.
#pragma once

#include "shell/row_sink.h"

namespace dosql::shell {

// JSON array of objects, or one object per line.
class JsonSink final : public RowSink {
 public:
  JsonSink(const FormatOptions& options, Output& out)
      : is_array_(options.format == Format::kJson), integers_(options.integers), out_(out) {}
  Result<void> begin(const std::vector<std::string>& columns) override;
  Result<void> row(std::span<const Cell> cells) override;
  Result<void> end() override;

 private:
  const bool is_array_;
  const Integers integers_;
  Output& out_;
  std::vector<std::string> keys_;  // quoted, with their colon
  bool has_rows_ = false;
  std::string line_;
};

// RFC 4180, lines ending in \n.
class CsvSink final : public RowSink {
 public:
  CsvSink(const FormatOptions& options, Output& out) : has_header_(options.has_header), out_(out) {}
  Result<void> begin(const std::vector<std::string>& columns) override;
  Result<void> row(std::span<const Cell> cells) override;
  Result<void> end() override { return {}; }

 private:
  const bool has_header_;
  Output& out_;
  std::string line_;
};

// Aligned columns. The first rows decide the widths; later ones may stand out.
class TableSink final : public RowSink {
 public:
  TableSink(const FormatOptions& options, Output& out)
      : is_markdown_(options.format == Format::kMarkdown),
        has_color_(options.color == Color::kOn),
        out_(out) {}
  Result<void> begin(const std::vector<std::string>& columns) override;
  Result<void> row(std::span<const Cell> cells) override;
  Result<void> end() override;

 private:
  struct Shown {
    std::string text;
    bool is_number = false;
    bool is_null = false;
  };
  using Line = std::vector<Shown>;

  [[nodiscard]] Shown show(const Cell& cell) const;
  void append_padded(const Shown& cell, size_t width, bool is_right, bool is_last);
  void append_line(const Line& line);
  Result<void> write_held();

  const bool is_markdown_;
  const bool has_color_;
  Output& out_;
  Line header_;
  std::vector<Line> held_;  // until the widths are known
  std::vector<size_t> widths_;
  std::vector<bool> is_right_;
  bool are_widths_known_ = false;
  std::string buffer_;
};

// "column = value", one line each, an empty line between rows.
class LineSink final : public RowSink {
 public:
  explicit LineSink(Output& out) : out_(out) {}
  Result<void> begin(const std::vector<std::string>& columns) override;
  Result<void> row(std::span<const Cell> cells) override;
  Result<void> end() override { return {}; }

 private:
  Output& out_;
  std::vector<std::string> columns_;
  size_t width_ = 0;
  bool has_rows_ = false;
};

}  // namespace dosql::shell
