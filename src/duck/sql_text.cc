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

}  // namespace dosql::duck
