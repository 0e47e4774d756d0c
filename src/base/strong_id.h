// StrongId: an integer that does not mix with other integers.
//   using Version = StrongId<struct VersionTag, uint64_t>;
#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace dosql {

template <class Tag, class Int>
class StrongId {
 public:
  using Value = Int;
  constexpr StrongId() = default;
  constexpr explicit StrongId(Int value) : value_(value) {}
  [[nodiscard]] constexpr Int value() const { return value_; }
  constexpr auto operator<=>(const StrongId&) const = default;

 private:
  Int value_{};
};

}  // namespace dosql

template <class Tag, class Int>
struct std::hash<dosql::StrongId<Tag, Int>> {
  size_t operator()(const dosql::StrongId<Tag, Int>& id) const {
    return std::hash<Int>()(id.value());
  }
};
