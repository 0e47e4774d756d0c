// Value: what a cell of a row or a parameter holds. SQLite's five storage classes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dosql {

struct Blob {
  std::vector<uint8_t> bytes;
  bool operator==(const Blob&) const = default;
};

using Value = std::variant<std::monostate, int64_t, double, std::string, Blob>;

// Parameters by position (?, ?1) and by name (:name, @name, $name; give the name without prefix).
struct Params {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> named;

  Params() = default;
  Params(std::initializer_list<Value> values) : positional(values) {}
};

}  // namespace dosql
