#include "engine/csv_types.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "base/text.h"

namespace dosql::engine {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

template <class Number>
bool reads_as(std::string_view field) {
  Number value{};
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  return error == std::errc() && end == field.data() + field.size();
}

}  // namespace

CsvType csv_type_of(std::string_view field) {
  std::string_view digits = field;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  // Codes such as 007 and +49 are no numbers; nor are inf and nan.
  if (digits.empty() || !(is_digit(digits[0]) || digits[0] == '.')) return CsvType::kText;
  if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) return CsvType::kText;
  if (std::ranges::all_of(digits, is_digit)) {
    return field != "-0" && reads_as<int64_t>(field) ? CsvType::kInteger : CsvType::kText;
  }
  return reads_as<double>(field) ? CsvType::kReal : CsvType::kText;
}

bool looks_like_header(std::span<const CsvField> fields) {
  std::unordered_set<std::string> seen;
  return std::ranges::all_of(fields, [&](const CsvField& field) {
    return !field.text.empty() && csv_type_of(field.text) == CsvType::kText &&
           seen.insert(to_lower(field.text)).second;
  });
}

void CsvTypes::set_names(std::span<const CsvField> header) {
  std::unordered_set<std::string> taken;
  columns_.clear();
  for (size_t i = 0; i < header.size(); ++i) {
    const std::string wanted = header[i].text.empty() ? str_cat({"c", std::to_string(i + 1)})
                                                      : std::string(header[i].text);
    std::string name = wanted;
    for (int n = 2; !taken.insert(to_lower(name)).second; ++n) {
      name = str_cat({wanted, "_", std::to_string(n)});
    }
    columns_.push_back({std::move(name), CsvType::kNull});
  }
}

Result<void> CsvTypes::observe(std::span<const CsvField> record, size_t line) {
  if (columns_.empty()) set_names(std::vector<CsvField>(record.size()));
  if (record.size() != columns_.size()) {
    return fail(
        Code::kInvalidArgument,
        str_cat({"line ", std::to_string(line), ": the record has ", std::to_string(record.size()),
                 " fields, the first one ", std::to_string(columns_.size())}));
  }
  for (size_t i = 0; i < record.size(); ++i) {
    CsvType& type = columns_[i].type;
    if (type == CsvType::kText || is_csv_null(record[i], null_text_)) continue;
    type = std::max(type, csv_type_of(record[i].text));
  }
  return {};
}

std::string_view sql_type_of(CsvType type) {
  switch (type) {
    case CsvType::kInteger:
      return "INTEGER";
    case CsvType::kReal:
      return "REAL";
    case CsvType::kNull:
    case CsvType::kText:
      break;
  }
  return "TEXT";
}

}  // namespace dosql::engine
