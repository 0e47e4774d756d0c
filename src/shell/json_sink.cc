#include <cmath>
#include <unordered_set>

#include "base/json_writer.h"
#include "base/text.h"
#include "shell/row_sinks_impl.h"

namespace dosql::shell {
namespace {

std::vector<std::string> unique_names(const std::vector<std::string>& columns) {
  std::unordered_set<std::string> taken(columns.begin(), columns.end());
  std::unordered_set<std::string> seen;
  std::vector<std::string> names;
  for (const std::string& column : columns) {
    std::string name = column;
    for (int i = 1; !seen.insert(name).second; ++i) {
      const std::string numbered = str_cat({column, ":", std::to_string(i)});
      // A column of the result may already be called so.
      if (!taken.contains(numbered)) name = numbered;
    }
    names.push_back(std::move(name));
  }
  return names;
}

void append_json_value(std::string& out, const Cell& cell, Integers integers) {
  JsonWriter json(out);
  if (const auto* number = std::get_if<int64_t>(&cell)) {
    if (integers == Integers::kString) return json.string(std::to_string(*number));
    return json.number(*number);
  }
  if (const auto* real = std::get_if<double>(&cell)) return json.number(*real);
  if (const auto* text = std::get_if<std::string>(&cell)) return json.string(*text);
  if (const auto* blob = std::get_if<Blob>(&cell)) return json.base64(blob->bytes);
  if (const auto* text = std::get_if<Json>(&cell)) return json.raw(text->text);
  json.null();
}

}  // namespace

Result<void> JsonSink::begin(const std::vector<std::string>& columns) {
  keys_.clear();
  for (const std::string& name : unique_names(columns)) {
    std::string& key = keys_.emplace_back();
    append_json_string(key, name);
    key += ':';
  }
  has_rows_ = false;
  return is_array_ ? out_.write("[") : Result<void>();
}

Result<void> JsonSink::row(std::span<const Cell> cells) {
  line_.clear();
  if (is_array_ && has_rows_) line_ += ",\n";
  has_rows_ = true;
  line_ += '{';
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line_ += ',';
    line_ += keys_[i];
    append_json_value(line_, cells[i], integers_);
  }
  line_ += is_array_ ? "}" : "}\n";
  return out_.write(line_);
}

Result<void> JsonSink::end() {
  return is_array_ ? out_.write("]\n") : Result<void>();
}

}  // namespace dosql::shell
