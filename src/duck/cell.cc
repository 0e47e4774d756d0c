#include "duck/cell_impl.h"

#include <vector>

namespace dosql::duck {
namespace {

template <class T>
T load(duckdb_vector vector, idx_t row) {
  return static_cast<const T*>(duckdb_vector_get_data(vector))[row];
}

std::string shown(duckdb_value value) {
  const ValueHandle owned(value);
  return take_text(duckdb_get_varchar(owned.get()));
}

// Integers of every width that fit 64 bits.
std::optional<int64_t> small_integer(duckdb_type id, duckdb_vector vector, idx_t row) {
  switch (id) {
    case DUCKDB_TYPE_TINYINT:
      return load<int8_t>(vector, row);
    case DUCKDB_TYPE_SMALLINT:
      return load<int16_t>(vector, row);
    case DUCKDB_TYPE_INTEGER:
      return load<int32_t>(vector, row);
    case DUCKDB_TYPE_BIGINT:
      return load<int64_t>(vector, row);
    case DUCKDB_TYPE_UTINYINT:
      return load<uint8_t>(vector, row);
    case DUCKDB_TYPE_USMALLINT:
      return load<uint16_t>(vector, row);
    case DUCKDB_TYPE_UINTEGER:
      return load<uint32_t>(vector, row);
    default:
      return std::nullopt;
  }
}

duckdb_hugeint decimal_cell(duckdb_logical_type type, duckdb_vector vector, idx_t row) {
  int64_t value = 0;
  switch (duckdb_decimal_internal_type(type)) {
    case DUCKDB_TYPE_SMALLINT:
      value = load<int16_t>(vector, row);
      break;
    case DUCKDB_TYPE_INTEGER:
      value = load<int32_t>(vector, row);
      break;
    case DUCKDB_TYPE_BIGINT:
      value = load<int64_t>(vector, row);
      break;
    default:
      return load<duckdb_hugeint>(vector, row);
  }
  return {static_cast<uint64_t>(value), value < 0 ? -1 : 0};
}

// The stored form flips the sign bit, so that integer order is text order.
duckdb_uhugeint uuid_cell(duckdb_vector vector, idx_t row) {
  const auto stored = load<duckdb_uhugeint>(vector, row);
  return {stored.lower, stored.upper ^ (1ULL << 63)};
}

// Stored as 3 bytes of header, then the magnitude, most significant first; all inverted for
// negative numbers.
std::string bignum_text(std::string_view stored) {
  if (stored.size() < 3) return "0";
  const bool is_negative = (static_cast<uint8_t>(stored[0]) & 0x80) == 0;
  std::vector<uint8_t> magnitude;
  for (const char c : stored.substr(3)) {
    const auto byte = static_cast<uint8_t>(c);
    magnitude.push_back(is_negative ? static_cast<uint8_t>(~byte) : byte);
  }
  return shown(duckdb_create_bignum({magnitude.data(), magnitude.size(), is_negative}));
}

std::string enum_text(duckdb_logical_type type, duckdb_vector vector, idx_t row) {
  idx_t index = 0;
  switch (duckdb_enum_internal_type(type)) {
    case DUCKDB_TYPE_UTINYINT:
      index = load<uint8_t>(vector, row);
      break;
    case DUCKDB_TYPE_USMALLINT:
      index = load<uint16_t>(vector, row);
      break;
    default:
      index = load<uint32_t>(vector, row);
  }
  return take_text(duckdb_enum_dictionary_value(type, index));
}

std::string scalar_text(duckdb_type id, duckdb_logical_type type, duckdb_vector vector, idx_t row) {
  switch (id) {
    case DUCKDB_TYPE_BOOLEAN:
      return load<bool>(vector, row) ? "true" : "false";
    case DUCKDB_TYPE_UBIGINT:
      return std::to_string(load<uint64_t>(vector, row));
    case DUCKDB_TYPE_FLOAT:
      return shown(duckdb_create_float(load<float>(vector, row)));
    case DUCKDB_TYPE_DOUBLE:
      return shown(duckdb_create_double(load<double>(vector, row)));
    case DUCKDB_TYPE_TIMESTAMP:
      return shown(duckdb_create_timestamp(load<duckdb_timestamp>(vector, row)));
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return shown(duckdb_create_timestamp_tz(load<duckdb_timestamp>(vector, row)));
    case DUCKDB_TYPE_TIMESTAMP_S:
      return shown(duckdb_create_timestamp_s(load<duckdb_timestamp_s>(vector, row)));
    case DUCKDB_TYPE_TIMESTAMP_MS:
      return shown(duckdb_create_timestamp_ms(load<duckdb_timestamp_ms>(vector, row)));
    case DUCKDB_TYPE_TIMESTAMP_NS:
      return shown(duckdb_create_timestamp_ns(load<duckdb_timestamp_ns>(vector, row)));
    case DUCKDB_TYPE_DATE:
      return shown(duckdb_create_date(load<duckdb_date>(vector, row)));
    case DUCKDB_TYPE_TIME:
      return shown(duckdb_create_time(load<duckdb_time>(vector, row)));
    case DUCKDB_TYPE_TIME_NS:
      return shown(duckdb_create_time_ns(load<duckdb_time_ns>(vector, row)));
    case DUCKDB_TYPE_TIME_TZ:
      return shown(duckdb_create_time_tz_value(load<duckdb_time_tz>(vector, row)));
    case DUCKDB_TYPE_INTERVAL:
      return shown(duckdb_create_interval(load<duckdb_interval>(vector, row)));
    case DUCKDB_TYPE_HUGEINT:
      return shown(duckdb_create_hugeint(load<duckdb_hugeint>(vector, row)));
    case DUCKDB_TYPE_UHUGEINT:
      return shown(duckdb_create_uhugeint(load<duckdb_uhugeint>(vector, row)));
    case DUCKDB_TYPE_UUID:
      return shown(duckdb_create_uuid(uuid_cell(vector, row)));
    case DUCKDB_TYPE_DECIMAL:
      return shown(duckdb_create_decimal({duckdb_decimal_width(type), duckdb_decimal_scale(type),
                                          decimal_cell(type, vector, row)}));
    case DUCKDB_TYPE_ENUM:
      return enum_text(type, vector, row);
    case DUCKDB_TYPE_BIGNUM:
      return bignum_text(cell_bytes(vector, row));
    case DUCKDB_TYPE_BIT: {
      std::string bits(cell_bytes(vector, row));
      return shown(duckdb_create_bit({reinterpret_cast<uint8_t*>(bits.data()), bits.size()}));
    }
    case DUCKDB_TYPE_BLOB: {
      const std::string_view bytes = cell_bytes(vector, row);
      return shown(
          duckdb_create_blob(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
    }
    default:
      return {};
  }
}

// Text inside a list or struct is quoted where it could be misread.
std::string element_text(const VectorView& view, idx_t row) {
  std::string text = cell_text(view, row);
  const bool is_text = duckdb_get_type_id(view.type) == DUCKDB_TYPE_VARCHAR;
  if (!is_text || is_null(view.vector, row)) return text;
  const bool is_plain = !text.empty() && text != "NULL" &&
                        text.find_first_of(",[]{}()'\"\\=: \t\n") == std::string::npos;
  if (is_plain) return text;
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string joined_elements(const VectorView& child, idx_t begin, idx_t count) {
  std::string text = "[";
  for (idx_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    text += element_text(child, begin + i);
  }
  return text + "]";
}

std::string list_text(const VectorView& view, idx_t row) {
  const TypeHandle child_type(duckdb_list_type_child_type(view.type));
  const auto entry = load<duckdb_list_entry>(view.vector, row);
  const VectorView child{duckdb_list_vector_get_child(view.vector), child_type.get()};
  return joined_elements(child, entry.offset, entry.length);
}

std::string array_text(const VectorView& view, idx_t row) {
  const TypeHandle child_type(duckdb_array_type_child_type(view.type));
  const idx_t size = duckdb_array_type_array_size(view.type);
  const VectorView child{duckdb_array_vector_get_child(view.vector), child_type.get()};
  return joined_elements(child, row * size, size);
}

std::string map_text(const VectorView& view, idx_t row) {
  const TypeHandle key_type(duckdb_map_type_key_type(view.type));
  const TypeHandle value_type(duckdb_map_type_value_type(view.type));
  const duckdb_vector entries = duckdb_list_vector_get_child(view.vector);
  const VectorView keys{duckdb_struct_vector_get_child(entries, 0), key_type.get()};
  const VectorView values{duckdb_struct_vector_get_child(entries, 1), value_type.get()};
  const auto entry = load<duckdb_list_entry>(view.vector, row);
  std::string text = "{";
  for (idx_t i = entry.offset; i < entry.offset + entry.length; ++i) {
    if (i > entry.offset) text += ", ";
    text += element_text(keys, i) + "=" + element_text(values, i);
  }
  return text + "}";
}

std::string struct_text(const VectorView& view, idx_t row) {
  std::string text = "{";
  for (idx_t i = 0; i < duckdb_struct_type_child_count(view.type); ++i) {
    const TypeHandle type(duckdb_struct_type_child_type(view.type, i));
    if (i > 0) text += ", ";
    text += "'" + take_text(duckdb_struct_type_child_name(view.type, i)) + "': ";
    text += element_text({duckdb_struct_vector_get_child(view.vector, i), type.get()}, row);
  }
  return text + "}";
}

// A union is a struct whose first child tells which of the others holds the value.
std::string union_text(const VectorView& view, idx_t row) {
  const idx_t tag = load<uint8_t>(duckdb_struct_vector_get_child(view.vector, 0), row);
  const TypeHandle type(duckdb_union_type_member_type(view.type, tag));
  return cell_text({duckdb_struct_vector_get_child(view.vector, tag + 1), type.get()}, row);
}

}  // namespace

bool is_null(duckdb_vector vector, idx_t row) {
  const uint64_t* validity = duckdb_vector_get_validity(vector);
  return validity != nullptr && ((validity[row / 64] >> (row % 64)) & 1) == 0;
}

std::string_view cell_bytes(duckdb_vector vector, idx_t row) {
  const auto& cell = static_cast<const duckdb_string_t*>(duckdb_vector_get_data(vector))[row];
  const uint32_t size = cell.value.inlined.length;
  if (size <= sizeof cell.value.inlined.inlined) return {cell.value.inlined.inlined, size};
  return {cell.value.pointer.ptr, size};
}

Value cell_value(const VectorView& view, idx_t row) {
  if (is_null(view.vector, row)) return {};
  const duckdb_type id = duckdb_get_type_id(view.type);
  if (const auto integer = small_integer(id, view.vector, row)) return *integer;
  switch (id) {
    case DUCKDB_TYPE_BOOLEAN:
      return load<bool>(view.vector, row);
    case DUCKDB_TYPE_FLOAT:
      return static_cast<double>(load<float>(view.vector, row));
    case DUCKDB_TYPE_DOUBLE:
      return load<double>(view.vector, row);
    case DUCKDB_TYPE_VARCHAR:
      return std::string(cell_bytes(view.vector, row));
    case DUCKDB_TYPE_BLOB:
      return Blob{std::string(cell_bytes(view.vector, row))};
    case DUCKDB_TYPE_UBIGINT:
      if (const auto value = load<uint64_t>(view.vector, row); value <= INT64_MAX) {
        return static_cast<int64_t>(value);
      }
      return cell_text(view, row);
    case DUCKDB_TYPE_HUGEINT: {  // what sum() of integers gives
      const auto value = load<duckdb_hugeint>(view.vector, row);
      const auto low = static_cast<int64_t>(value.lower);
      if (value.upper == (low < 0 ? -1 : 0)) return low;
      return cell_text(view, row);
    }
    default:
      return cell_text(view, row);
  }
}

std::string cell_text(const VectorView& view, idx_t row) {
  if (is_null(view.vector, row)) return "NULL";
  const duckdb_type id = duckdb_get_type_id(view.type);
  if (const auto integer = small_integer(id, view.vector, row)) return std::to_string(*integer);
  switch (id) {
    case DUCKDB_TYPE_VARCHAR:
      return std::string(cell_bytes(view.vector, row));
    case DUCKDB_TYPE_LIST:
      return list_text(view, row);
    case DUCKDB_TYPE_ARRAY:
      return array_text(view, row);
    case DUCKDB_TYPE_MAP:
      return map_text(view, row);
    case DUCKDB_TYPE_STRUCT:
      return struct_text(view, row);
    case DUCKDB_TYPE_UNION:
      return union_text(view, row);
    default:
      return scalar_text(id, view.type, view.vector, row);
  }
}

size_t fixed_width(duckdb_logical_type type) {
  switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_BOOLEAN:
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_UTINYINT:
      return 1;
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_USMALLINT:
      return 2;
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DATE:
      return 4;
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_DOUBLE:
    case DUCKDB_TYPE_TIMESTAMP:
      return 8;
    case DUCKDB_TYPE_HUGEINT:
      return 16;
    case DUCKDB_TYPE_DECIMAL: {
      const int digits = duckdb_decimal_width(type);
      if (digits <= 4) return 2;
      if (digits <= 9) return 4;
      return digits <= 18 ? 8 : 16;
    }
    default:
      return 0;
  }
}

bool is_readable(duckdb_logical_type type) {
  switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_LIST:
      return is_readable(TypeHandle(duckdb_list_type_child_type(type)).get());
    case DUCKDB_TYPE_ARRAY:
      return is_readable(TypeHandle(duckdb_array_type_child_type(type)).get());
    case DUCKDB_TYPE_MAP:
      return is_readable(TypeHandle(duckdb_map_type_key_type(type)).get()) &&
             is_readable(TypeHandle(duckdb_map_type_value_type(type)).get());
    case DUCKDB_TYPE_STRUCT:
      for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
        if (!is_readable(TypeHandle(duckdb_struct_type_child_type(type, i)).get())) return false;
      }
      return true;
    case DUCKDB_TYPE_UNION:
      for (idx_t i = 0; i < duckdb_union_type_member_count(type); ++i) {
        if (!is_readable(TypeHandle(duckdb_union_type_member_type(type, i)).get())) return false;
      }
      return true;
    default:
      return type_name(type) != "UNKNOWN";
  }
}

}  // namespace dosql::duck
