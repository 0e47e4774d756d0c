// JsonFields: members of a JSON object that somebody else wrote. The first wrong one sticks, and
// outcome() names it.
#pragma once

#include <boost/json.hpp>

#include "base/result.h"
#include "base/text.h"
#include "iceberg/schema.h"

namespace dosql::iceberg {

inline Result<boost::json::object> parse_object(std::string_view text, std::string_view what) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(text, error);
  if (error || !value.is_object()) {
    return fail(Code::kCorrupt, str_cat({"Iceberg ", what, " is not a JSON object"}));
  }
  return std::move(value.get_object());
}

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
