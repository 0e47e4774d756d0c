// JsonFields: members of a JSON object that somebody else wrote. The first wrong one sticks, and
// outcome() names it.
#pragma once

#include <boost/json.hpp>
#include <limits>

#include "base/result.h"
#include "base/text.h"
#include "iceberg/schema.h"

namespace dosql::iceberg {

// kCorrupt when `text` is no JSON; doubles are exact.
Result<boost::json::value> parse_json(std::string_view text, std::string_view what);
Result<boost::json::object> parse_object(std::string_view text, std::string_view what);

// `text` with every byte that is no UTF-8 as "\xff": JSON that has such bytes cannot be read again.
[[nodiscard]] std::string json_text(std::string_view text);

class JsonFields {
 public:
  JsonFields(const boost::json::object& object, std::string_view what)
      : object_(object), what_(what) {}

  int64_t integer(std::string_view name, int64_t otherwise) {
    const auto* value = find(name);
    if (value == nullptr) return otherwise;
    if (value->is_int64()) return value->get_int64();
    note(name);
    return otherwise;
  }
  // An id or a version.
  int number(std::string_view name, int otherwise) {
    const int64_t value = integer(name, otherwise);
    if (value >= std::numeric_limits<int>::min() && value <= std::numeric_limits<int>::max()) {
      return static_cast<int>(value);
    }
    note(name);
    return otherwise;
  }
  int required_number(std::string_view name) {
    if (find(name) == nullptr) note(name);
    return number(name, 0);
  }
  int64_t required_integer(std::string_view name) {
    if (find(name) == nullptr) note(name);
    return integer(name, 0);
  }
  std::string text(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return {};
    if (value->is_string()) return std::string(value->get_string());
    note(name);
    return {};
  }
  std::string required_text(std::string_view name) {
    if (find(name) == nullptr) note(name);
    return text(name);
  }
  bool boolean(std::string_view name) {
    const auto* value = find(name);
    if (value != nullptr && value->is_bool()) return value->get_bool();
    if (value != nullptr) note(name);
    return false;
  }
  const boost::json::array* array(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) note(name);
    return value->if_array();
  }
  const boost::json::array* required_array(std::string_view name) {
    const auto* found = array(name);
    if (found == nullptr) note(name);
    return found;
  }
  const boost::json::object* object(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) note(name);
    return value->if_object();
  }
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }

  [[nodiscard]] Result<void> outcome() const {
    if (wrong_.empty()) return {};
    return fail(Code::kCorrupt,
                str_cat({"Iceberg ", what_, ": \"", wrong_, "\" is missing or of a wrong type"}));
  }

 private:
  const boost::json::value* find(std::string_view name) const {
    const auto* value = object_.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  void note(std::string_view name) {
    if (wrong_.empty()) wrong_ = name;
  }

  const boost::json::object& object_;
  const std::string_view what_;
  std::string wrong_;
};

[[nodiscard]] boost::json::object schema_to_json(const Schema& schema);
Result<Schema> schema_from_json(const boost::json::object& object);

}  // namespace dosql::iceberg
