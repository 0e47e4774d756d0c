#include "lake/default_value.h"

#include <algorithm>
#include <charconv>

#include "base/clock.h"
#include "base/json_writer.h"
#include "duck/sql_text.h"

namespace dosql::lake {
namespace {

using duck::ColumnType;
using duck::Int128;

std::string decimal_text(Int128 unscaled, int scale) {
  const bool is_negative = unscaled < 0;
  std::string digits;
  for (Int128 left = unscaled; left != 0; left /= 10) {
    const int digit = static_cast<int>(left % 10);
    digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
  }
  while (digits.size() <= static_cast<size_t>(scale)) digits += '0';
  std::ranges::reverse(digits);
  if (scale > 0) digits.insert(digits.size() - static_cast<size_t>(scale), ".");
  return is_negative ? "-" + digits : digits;
}

// "2026-01-22T10:00:00.123456", the year in four digits.
std::string timestamp_text(int64_t micros) {
  std::string text = format_rfc3339(micros);
  text.pop_back();
  const size_t year = text.find('-');
  return text.insert(0, 4 - std::min<size_t>(year, 4), '0');
}

std::string hex_text(std::string_view bytes) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    text += kHex[static_cast<uint8_t>(c) >> 4];
    text += kHex[static_cast<uint8_t>(c) & 15];
  }
  return text;
}

std::string json_string(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

void append_utf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

// The four digits behind `\u` at the front of `json`; takes them.
uint32_t take_hex(std::string_view& json) {
  uint32_t code = 0;
  const std::string_view digits = json.substr(0, 4);
  std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  json.remove_prefix(digits.size());
  return code;
}

uint32_t take_code_point(std::string_view& json) {
  const uint32_t code = take_hex(json);
  const bool is_pair = code >= 0xd800 && code < 0xdc00 && json.starts_with("\\u");
  if (!is_pair) return code;
  json.remove_prefix(2);
  return 0x10000 + ((code - 0xd800) << 10) + (take_hex(json) - 0xdc00);
}

// The text of a JSON string; of anything else its JSON.
std::string unquote(std::string_view json) {
  if (json.size() < 2 || !json.starts_with('"')) return std::string(json);
  json = json.substr(1, json.size() - 2);
  std::string text;
  while (!json.empty()) {
    const char c = json[0];
    json.remove_prefix(1);
    if (c != '\\' || json.empty()) {
      text += c;
      continue;
    }
    const char escaped = json[0];
    json.remove_prefix(1);
    switch (escaped) {
      case 'b':
        text += '\b';
        break;
      case 'f':
        text += '\f';
        break;
      case 'n':
        text += '\n';
        break;
      case 'r':
        text += '\r';
        break;
      case 't':
        text += '\t';
        break;
      case 'u':
        append_utf8(text, take_code_point(json));
        break;
      default:
        text += escaped;
    }
  }
  return text;
}

// "FF27" as DuckDB's text of a blob, "\xFF\x27".
std::string blob_text(std::string_view hex) {
  std::string text;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    text += "\\x";
    text += hex.substr(i, 2);
  }
  return text;
}

}  // namespace

std::string default_json(const LakeType& type, const duck::Scalar& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* unscaled = std::get_if<Int128>(&value)) {
    return json_string(decimal_text(*unscaled, type.scale));
  }
  if (const auto* bytes = std::get_if<std::string>(&value)) {
    return json_string(type.type == ColumnType::kBinary ? hex_text(*bytes) : *bytes);
  }
  if (const auto* real = std::get_if<double>(&value)) {
    std::string text;
    append_double(text, *real);
    return text;
  }
  const int64_t integer = std::get<int64_t>(value);
  constexpr int64_t kDayMicros = 86'400'000'000;
  switch (type.type) {
    case ColumnType::kDate:
      return json_string(timestamp_text(integer * kDayMicros).substr(0, 10));
    case ColumnType::kTimestamp:
      return json_string(timestamp_text(integer));
    default:
      return std::to_string(integer);
  }
}

std::string default_sql(const LakeType& type, std::string_view json) {
  const std::string text = unquote(json);
  return duck::quote_text(type.type == ColumnType::kBinary ? blob_text(text) : text);
}

}  // namespace dosql::lake
