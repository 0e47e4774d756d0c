// Value: one SQL value as SQLite stores it, 16 bytes, cheap to copy.
// Text and blobs are views: into a page, an overflow buffer or an OwnedValue; each function that
// hands out Values says how long they live. Text is UTF-8, whatever the database's encoding
// (bytes that are not UTF-8 in a UTF-8 database are passed through).
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace dosql::btree {

class Value {
 public:
  enum class Type : uint8_t { kNull, kInteger, kReal, kText, kBlob };

  constexpr Value() : integer_(0) {}
  static Value integer(int64_t value) {
    Value result;
    result.integer_ = value;
    result.type_ = Type::kInteger;
    return result;
  }
  static Value real(double value) {
    Value result;
    result.real_ = value;
    result.type_ = Type::kReal;
    return result;
  }
  static Value text(std::string_view text) { return view(as_bytes(text), Type::kText); }
  static Value blob(Bytes bytes) { return view(bytes, Type::kBlob); }

  [[nodiscard]] Type type() const { return type_; }
  [[nodiscard]] bool is_null() const { return type_ == Type::kNull; }
  // Each only for a value of that type.
  [[nodiscard]] int64_t as_integer() const { return integer_; }
  [[nodiscard]] double as_real() const { return real_; }
  [[nodiscard]] std::string_view as_text() const { return dosql::as_text(as_blob()); }
  [[nodiscard]] Bytes as_blob() const { return {bytes_, size_}; }

  // Same type and same bytes: 1 and 1.0 differ.
  bool operator==(const Value& other) const { return (*this <=> other) == 0; }
  // NULL < numbers (by value, an integer before an equal float) < text < blob, both by bytes.
  std::strong_ordering operator<=>(const Value& other) const;

 private:
  static Value view(Bytes bytes, Type type) {
    Value result;
    result.bytes_ = bytes.data();
    result.size_ = static_cast<uint32_t>(bytes.size());
    result.type_ = type;
    return result;
  }

  union {
    int64_t integer_;
    double real_;
    const uint8_t* bytes_;
  };
  uint32_t size_ = 0;
  Type type_ = Type::kNull;
};
static_assert(sizeof(Value) == 16);

// A Value with its bytes.
class OwnedValue {
 public:
  OwnedValue() = default;
  explicit OwnedValue(const Value& value);
  // Lives as long as this object stays where it is.
  [[nodiscard]] Value view() const;
  bool operator==(const OwnedValue& other) const { return view() == other.view(); }

 private:
  Value scalar_;
  std::string bytes_;
};

}  // namespace dosql::btree
