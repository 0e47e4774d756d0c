#include "btree/value.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace dosql::btree {
namespace {

using Type = Value::Type;

// NULL, number, text, blob.
int rank(Type type) {
  return type == Type::kReal ? 1 : static_cast<int>(type);
}

std::strong_ordering compare_bytes(Bytes a, Bytes b) {
  const size_t size = std::min(a.size(), b.size());
  const int order = size == 0 ? 0 : std::memcmp(a.data(), b.data(), size);
  return order != 0 ? order <=> 0 : a.size() <=> b.size();
}

// Exact for all int64 values, which a conversion to double would not be.
std::strong_ordering compare_integer_real(int64_t integer, double real) {
  if (real >= 9223372036854775808.0) return std::strong_ordering::less;
  if (real < -9223372036854775808.0) return std::strong_ordering::greater;
  const auto whole = static_cast<int64_t>(real);  // towards zero
  if (integer != whole) return integer <=> whole;
  const double rest = real - static_cast<double>(whole);
  return rest < 0 ? std::strong_ordering::greater : std::strong_ordering::less;
}

std::strong_ordering compare_reals(double a, double b) {
  if (a < b) return std::strong_ordering::less;
  if (a > b) return std::strong_ordering::greater;
  return std::bit_cast<int64_t>(a) <=> std::bit_cast<int64_t>(b);  // 0.0 and -0.0
}

}  // namespace

std::strong_ordering Value::operator<=>(const Value& other) const {
  if (rank(type_) != rank(other.type_)) return rank(type_) <=> rank(other.type_);
  switch (type_) {
    case Type::kNull:
      return std::strong_ordering::equal;
    case Type::kInteger:
      if (other.type_ == Type::kInteger) return integer_ <=> other.integer_;
      return compare_integer_real(integer_, other.real_);
    case Type::kReal:
      if (other.type_ == Type::kReal) return compare_reals(real_, other.real_);
      return 0 <=> compare_integer_real(other.integer_, real_);
    case Type::kText:
    case Type::kBlob:
      break;
  }
  return compare_bytes(as_blob(), other.as_blob());
}

OwnedValue::OwnedValue(const Value& value) : scalar_(value) {
  if (value.type() != Type::kText && value.type() != Type::kBlob) return;
  bytes_.assign(value.as_text());
}

Value OwnedValue::view() const {
  if (scalar_.type() == Type::kText) return Value::text(bytes_);
  if (scalar_.type() == Type::kBlob) return Value::blob(as_bytes(bytes_));
  return scalar_;
}

}  // namespace dosql::btree
