// RowSink: rows of a result become text in one of the formats of --format.
//
//   auto sink = make_row_sink({.format = Format::kJson}, out);
//   sink->begin({"id", "name"}); sink->row(values); sink->end();
//
// A sink can be used for one result after the other. Thread rule: one thread at a time; `out`
// outlives the sink. Errors are those of the Output.
//
// In JSON a BLOB is base64, an integer a number (or a string, for readers that keep only 53 bits),
// an infinity null, and a repeated column name gets `:1`, `:2`, ... In CSV NULL is an empty field
// and an empty text is "".
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <dosql/value.h>

#include "base/result.h"
#include "shell/output.h"

namespace dosql::shell {

enum class Format : uint8_t { kTable, kCsv, kJson, kJsonl, kMarkdown, kLine };

// "table", "csv", ...; nullopt for an unknown name.
[[nodiscard]] std::optional<Format> format_of(std::string_view name);
[[nodiscard]] const std::vector<std::string>& format_names();

// JSON already (true, an array); other formats show its text.
struct Json {
  std::string text;
  bool operator==(const Json&) const = default;
};

// One field of a row.
using Cell = std::variant<std::monostate, int64_t, double, std::string, Blob, Json>;
[[nodiscard]] Cell cell_of(Value value);

enum class Integers : uint8_t { kNumber, kString };
enum class Color : uint8_t { kOff, kOn };

struct FormatOptions {
  Format format = Format::kTable;
  Integers integers = Integers::kNumber;  // JSON only
  Color color = Color::kOff;              // table only
  bool has_header = true;                 // CSV only
};

class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual Result<void> begin(const std::vector<std::string>& columns) = 0;
  // As many cells as there are columns.
  virtual Result<void> row(std::span<const Cell> cells) = 0;
  virtual Result<void> end() = 0;
};

[[nodiscard]] std::unique_ptr<RowSink> make_row_sink(const FormatOptions& options, Output& out);

// The cell as people read it: text as it is, a blob as base64, NULL as `null_text`.
[[nodiscard]] std::string text_of(const Cell& cell, std::string_view null_text);
// Columns a terminal shows `text` in.
[[nodiscard]] size_t display_width(std::string_view text);
// Bytes of the longest prefix that is no wider than `width`.
[[nodiscard]] size_t prefix_of_width(std::string_view text, size_t width);

}  // namespace dosql::shell
