// Records: the rows inside cells. Format: https://sqlite.org/fileformat2.html section 2.1.
// Damaged bytes are kCorrupt. Thread rule: plain functions.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "btree/value.h"

namespace dosql::btree {

enum class TextEncoding : uint8_t { kUtf8 = 1, kUtf16Le = 2, kUtf16Be = 3 };

// Texts that were converted from UTF-16; Values view into it.
class TextArena {
 public:
  // Code units that are not UTF-16 become U+FFFD, an odd last byte is dropped.
  std::string_view utf8_of(Bytes utf16, TextEncoding encoding);
  void clear() { texts_.clear(); }

 private:
  std::deque<std::string> texts_;
};

struct Field {
  uint64_t serial_type = 0;
  Bytes bytes;
};

// Field number `index` of a record of which `payload` is the start. Empty when it is not all there
// (`needed`: how long the start has to be to get further) or the record has fewer fields.
[[nodiscard]] std::optional<Field> find_field(Bytes payload, size_t index, uint64_t* needed);
// Empty when the field is not an integer.
[[nodiscard]] std::optional<int64_t> read_integer(const Field& field);

// Appends the values of all fields. They view into `payload` and `arena`.
Result<void> decode_record(Bytes payload, TextEncoding encoding, TextArena& arena,
                           std::vector<Value>& values);

}  // namespace dosql::btree
