#include "iceberg/schema.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "iceberg/json_fields.h"

namespace dosql::iceberg {
namespace {

constexpr std::string_view kNames[] = {"boolean", "int",  "long",  "float",     "double",
                                       "decimal", "date", "time",  "timestamp", "timestamptz",
                                       "string",  "uuid", "fixed", "binary"};

std::unexpected<Error> no_type(std::string_view text) {
  return fail(Code::kUnsupported, str_cat({"Iceberg type \"", text, "\" is not supported"}));
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
    const std::string rest(end == std::string_view::npos ? std::string_view() : text.substr(end));
    if (type.kind == TypeKind::kDecimal) {
      if (std::sscanf(rest.c_str(), "(%d , %d)", &type.precision, &type.scale) != 2)
        return no_type(text);
    } else if (type.kind == TypeKind::kFixed) {
      if (std::sscanf(rest.c_str(), "[%d]", &type.length) != 1) return no_type(text);
    } else if (!rest.empty()) {
      return no_type(text);
    }
    return type;
  }
  return no_type(text);
}

boost::json::object schema_to_json(const Schema& schema) {
  boost::json::array fields;
  for (const Field& field : schema.fields) {
    boost::json::object object{{"id", field.id},
                               {"name", field.name},
                               {"required", field.is_required},
                               {"type", to_string(field.type)}};
    const auto add_default = [&](const char* name, const std::optional<std::string>& json) {
      boost::system::error_code error;
      if (json) object[name] = boost::json::parse(*json, error);
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
  schema.id = static_cast<int>(in.integer("schema-id", 0));
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
    field.id = static_cast<int>(field_in.required_integer("id"));
    field.name = field_in.required_text("name");
    field.is_required = field_in.boolean("required");
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
