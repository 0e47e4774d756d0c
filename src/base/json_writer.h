// A small streaming JSON writer (RFC 8259) for the core, which must build without exceptions.
// The caller keeps keys and values alternating; commas and escapes are ours.
//   JsonWriter json(out); json.begin_object(); json.key("a"); json.number(1); json.end_object();
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace dosql {

class JsonWriter {
 public:
  // Appends to `out`, which must outlive the writer.
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);
  // Invalid UTF-8 bytes become U+FFFD, so that the output is always valid JSON.
  void string(std::string_view value);
  void number(int64_t value);
  void number(uint64_t value);
  void number(int value) { number(static_cast<int64_t>(value)); }
  void number(unsigned value) { number(static_cast<uint64_t>(value)); }
  // Shortest form that reads back to the same double; NaN and infinities become null.
  void number(double value);
  void boolean(bool value);
  void null();
  void base64(Bytes bytes);
  // Text that is JSON already.
  void raw(std::string_view json);

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();

  std::string& out_;
  bool needs_comma_ = false;
};

[[nodiscard]] std::string base64_encode(Bytes bytes);
// Appends `value` as a quoted JSON string.
void append_json_string(std::string& out, std::string_view value);
// Appends the shortest text that reads back to the same double ("1.0" for whole numbers).
void append_double(std::string& out, double value);

}  // namespace dosql
