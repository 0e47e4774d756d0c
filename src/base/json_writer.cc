#include "base/json_writer.h"

#include <charconv>
#include <cmath>

namespace dosql {
namespace {

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kHex[] = "0123456789abcdef";

// Length of the well-formed UTF-8 sequence at text[at], or 0 (Unicode 15, table 3-7).
size_t utf8_length(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<uint8_t>(text[at + i]) : 0U;
  };
  const auto tail = [&](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (first == 0xe0 && byte(1) < 0xa0) return 0;
    if (first == 0xed && byte(1) > 0x9f) return 0;
    return tail(1) && tail(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (first == 0xf0 && byte(1) < 0x90) return 0;
    if (first == 0xf4 && byte(1) > 0x8f) return 0;
    return tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

void append_json_string(std::string& out, std::string_view value) {
  out += '"';
  for (size_t i = 0; i < value.size();) {
    const char c = value[i];
    const auto u = static_cast<uint8_t>(c);
    if (u >= 0x20 && u < 0x80 && c != '"' && c != '\\') {
      out += c;
      ++i;
    } else if (u >= 0x80) {
      const size_t length = utf8_length(value, i);
      if (length == 0) {
        out += "\xef\xbf\xbd";
        ++i;
      } else {
        out.append(value.substr(i, length));
        i += length;
      }
    } else {
      switch (c) {
        case '"':
          out += "\\\"";
          break;
        case '\\':
          out += "\\\\";
          break;
        case '\n':
          out += "\\n";
          break;
        case '\r':
          out += "\\r";
          break;
        case '\t':
          out += "\\t";
          break;
        default:
          out += "\\u00";
          out += kHex[u >> 4];
          out += kHex[u & 15];
      }
      ++i;
    }
  }
  out += '"';
}

void append_double(std::string& out, double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  const std::string_view shown(text, static_cast<size_t>(end - text));
  out += shown;
  if (shown.find_first_of(".eEn") == std::string_view::npos) out += ".0";
}

std::string base64_encode(Bytes bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = bytes.size() - i;
    const uint32_t word = static_cast<uint32_t>(bytes[i] << 16) |
                          static_cast<uint32_t>(left > 1 ? bytes[i + 1] << 8 : 0) |
                          static_cast<uint32_t>(left > 2 ? bytes[i + 2] : 0);
    out += kBase64[word >> 18];
    out += kBase64[(word >> 12) & 63];
    out += left > 1 ? kBase64[(word >> 6) & 63] : '=';
    out += left > 2 ? kBase64[word & 63] : '=';
  }
  return out;
}

void JsonWriter::separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  needs_comma_ = false;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
  needs_comma_ = false;
}

void JsonWriter::string(std::string_view value) {
  separate();
  append_json_string(out_, value);
}

void JsonWriter::number(int64_t value) {
  separate();
  out_ += std::to_string(value);
}

void JsonWriter::number(uint64_t value) {
  separate();
  out_ += std::to_string(value);
}

void JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  append_double(out_, value);
}

void JsonWriter::boolean(bool value) {
  raw(value ? "true" : "false");
}
void JsonWriter::null() {
  raw("null");
}

void JsonWriter::base64(Bytes bytes) {
  string(base64_encode(bytes));
}

void JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
}

}  // namespace dosql
