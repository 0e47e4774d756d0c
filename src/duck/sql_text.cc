#include "duck/sql_text.h"

namespace dosql::duck {
namespace {

std::string quote(std::string_view text, char mark) {
  std::string quoted(1, mark);
  for (const char c : text) {
    if (c == mark) quoted += mark;
    quoted += c;
  }
  quoted += mark;
  return quoted;
}

}  // namespace

std::string quote_name(std::string_view name) {
  return quote(name, '"');
}
std::string quote_text(std::string_view text) {
  return quote(text, '\'');
}

std::vector<std::string> split_name(std::string_view name) {
  std::vector<std::string> parts(1);
  bool is_quoted = false;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '"') {
      const bool is_doubled = is_quoted && i + 1 < name.size() && name[i + 1] == '"';
      if (is_doubled) {
        parts.back() += name[++i];
      } else {
        is_quoted = !is_quoted;
      }
    } else if (is_quoted) {
      parts.back() += c;
    } else if (c == '.') {
      parts.emplace_back();
    } else if (c == ' ') {
      break;
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace dosql::duck
