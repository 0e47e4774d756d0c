#include "iceberg/schema.h"

#include <boost/json.hpp>
#include <charconv>

#include "base/text.h"
#include "iceberg/json_fields.h"

namespace dosql::iceberg {
namespace {

constexpr std::string_view kNames[] = {"boolean", "int",  "long",  "float",     "double",
                                       "decimal", "date", "time",  "timestamp", "timestamptz",
                                       "string",  "uuid", "fixed", "binary"};

constexpr int kPrecisionMax = 38;

std::unexpected<Error> no_type(std::string_view text) {
  return fail(Code::kUnsupported, str_cat({"Iceberg type \"", text, "\" is not supported"}));
}

// Takes blanks, digits, blanks from the front of `text`; -1 when there is no number.
int take_number(std::string_view& text) {
  const auto skip_blanks = [&] {
    while (text.starts_with(' ')) text.remove_prefix(1);
  };
  skip_blanks();
  int number = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return -1;
  text.remove_prefix(static_cast<size_t>(read.ptr - text.data()));
  skip_blanks();
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// "(P, S)", "[L]", or nothing.
bool read_parameters(std::string_view text, Type& type) {
  if (type.kind == TypeKind::kDecimal) {
    if (!take(text, '(')) return false;
    type.precision = take_number(text);
    if (!take(text, ',')) return false;
    type.scale = take_number(text);
    const bool is_in_range = type.precision >= 1 && type.precision <= kPrecisionMax &&
                             type.scale >= 0 && type.scale <= type.precision;
    return is_in_range && text == ")";
  }
  if (type.kind != TypeKind::kFixed) return text.empty();
  if (!take(text, '[')) return false;
  type.length = take_number(text);
  return type.length > 0 && text == "]";
}

}  // namespace

std::string to_string(const Type& type) {
  const std::string name(kNames[static_cast<size_t>(type.kind)]);
  if (type.kind == TypeKind::kDecimal) {
    return str_cat(
        {name, "(", std::to_string(type.precision), ", ", std::to_string(type.scale), ")"});
  }
  if (type.kind == TypeKind::kFixed) return str_cat({name, "[", std::to_string(type.length), "]"});
  return name;
}

Result<Type> parse_type(std::string_view text) {
  const size_t end = text.find_first_of("([");
  const std::string_view name = text.substr(0, end);
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] != name) continue;
    Type type{static_cast<TypeKind>(i)};
    const bool is_good = read_parameters(
        end == std::string_view::npos ? std::string_view() : text.substr(end), type);
    if (!is_good) return no_type(text);
    return type;
  }
  return no_type(text);
}

boost::json::object schema_to_json(const Schema& schema) {
  boost::json::array fields;
  for (const Field& field : schema.fields) {
    boost::json::object object{{"id", field.id},
                               {"name", json_text(field.name)},
                               {"required", field.is_required},
                               {"type", to_string(field.type)}};
    if (!field.doc.empty()) object["doc"] = json_text(field.doc);
    const auto add_default = [&](const char* name, const std::optional<std::string>& json) {
      if (!json) return;
      auto value = parse_json(*json, "default");
      if (value) object[name] = *std::move(value);
    };
    add_default("initial-default", field.initial_default);
    add_default("write-default", field.write_default);
    fields.push_back(std::move(object));
  }
  boost::json::object object{{"type", "struct"}, {"schema-id", schema.id}};
  if (!schema.identifier_field_ids.empty()) {
    boost::json::array ids(schema.identifier_field_ids.begin(), schema.identifier_field_ids.end());
    object["identifier-field-ids"] = std::move(ids);
  }
  object["fields"] = std::move(fields);
  return object;
}

Result<Schema> schema_from_json(const boost::json::object& object) {
  JsonFields in(object, "schema");
  Schema schema;
  schema.id = in.number("schema-id", 0);
  if (const auto* ids = in.array("identifier-field-ids")) {
    for (const auto& id : *ids) {
      if (id.is_int64()) schema.identifier_field_ids.push_back(static_cast<int>(id.get_int64()));
    }
  }
  const auto* fields = in.required_array("fields");
  DOSQL_TRY(in.outcome());
  for (const auto& value : *fields) {
    if (!value.is_object())
      return fail(Code::kCorrupt, "a field of an Iceberg schema is not an object");
    const auto& member = value.get_object();
    JsonFields field_in(member, "field");
    Field field;
    field.id = field_in.required_number("id");
    field.name = field_in.required_text("name");
    field.is_required = field_in.boolean("required");
    field.doc = field_in.text("doc");
    const auto* nested = member.if_contains("type");
    if (nested != nullptr && nested->is_object()) return no_type(boost::json::serialize(*nested));
    const std::string type = field_in.required_text("type");
    DOSQL_TRY(field_in.outcome());
    DOSQL_TRY(field.type, parse_type(type));
    for (auto [name, target] : {std::pair{"initial-default", &field.initial_default},
                                std::pair{"write-default", &field.write_default}}) {
      if (const auto* found = member.if_contains(name); found != nullptr && !found->is_null()) {
        *target = boost::json::serialize(*found);
      }
    }
    schema.fields.push_back(std::move(field));
  }
  return schema;
}

std::string to_json(const Schema& schema) {
  return boost::json::serialize(schema_to_json(schema));
}

Result<Schema> parse_schema(std::string_view json) {
  DOSQL_TRY(const boost::json::object object, parse_object(json, "schema"));
  return schema_from_json(object);
}

}  // namespace dosql::iceberg
