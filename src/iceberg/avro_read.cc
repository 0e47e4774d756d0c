#include <zlib.h>

#include <algorithm>
#include <bit>
#include <boost/json.hpp>
#include <memory>

#include "base/text.h"
#include "iceberg/avro.h"

namespace dosql::iceberg {
namespace {

constexpr int kDepthMax = 32;
// Input may be hostile (other writers share the table): what it makes us hold stays proportional to
// its size. Manifests compress about tenfold, and a value takes at least half a byte.
constexpr size_t kInflateFactorMax = 256;
constexpr size_t kInflateSlack = 64U << 10;
constexpr size_t kValuesPerByteMax = 3;
constexpr size_t kValuesSlack = 64;

std::unexpected<Error> damaged(std::string_view what) {
  return fail(Code::kCorrupt, str_cat({"an Avro file is damaged: ", what}));
}

// A type of the writer's schema.
struct AvroType {
  enum class Kind : uint8_t {
    kNull,
    kBoolean,
    kLong,
    kFloat,
    kDouble,
    kBytes,
    kFixed,
    kEnum,
    kRecord,
    kArray,
    kMap,
    kUnion,
  };
  Kind kind = Kind::kNull;
  size_t fixed_size = 0;
  std::vector<std::pair<int, const AvroType*>> fields;  // record; -1 without a field id
  std::vector<const AvroType*> branches;                // union
  const AvroType* items = nullptr;                      // array, map
};

class SchemaParser {
 public:
  Result<const AvroType*> parse(const boost::json::value& value, int depth = 0) {
    if (depth > kDepthMax) return damaged("its schema is too deep");
    if (value.is_string()) return parse_name(std::string(value.get_string()));
    if (value.is_array()) {
      AvroType* type = add(AvroType::Kind::kUnion);
      for (const auto& branch : value.get_array()) {
        DOSQL_TRY(const AvroType* parsed, parse(branch, depth + 1));
        type->branches.push_back(parsed);
      }
      return type;
    }
    if (!value.is_object()) return damaged("its schema is no schema");
    const auto& object = value.get_object();
    const auto* kind = object.if_contains("type");
    if (kind == nullptr) return damaged("its schema lacks a type");
    if (!kind->is_string()) return parse(*kind, depth + 1);
    return parse_complex(std::string(kind->get_string()), object, depth);
  }

 private:
  AvroType* add(AvroType::Kind kind) {
    types_.push_back(std::make_unique<AvroType>());
    types_.back()->kind = kind;
    return types_.back().get();
  }

  Result<const AvroType*> parse_name(const std::string& name) {
    using Kind = AvroType::Kind;
    static const std::map<std::string, Kind> kPrimitive = {
        {"null", Kind::kNull},   {"boolean", Kind::kBoolean}, {"int", Kind::kLong},
        {"long", Kind::kLong},   {"float", Kind::kFloat},     {"double", Kind::kDouble},
        {"bytes", Kind::kBytes}, {"string", Kind::kBytes}};
    if (const auto at = kPrimitive.find(name); at != kPrimitive.end()) return add(at->second);
    const std::string short_name = name.substr(name.rfind('.') + 1);
    if (const auto at = named_.find(short_name); at != named_.end()) return at->second;
    return damaged(str_cat({"its schema names an unknown type ", name}));
  }

  Result<const AvroType*> parse_complex(const std::string& kind, const boost::json::object& object,
                                        int depth) {
    const auto named = [&](AvroType* type) {
      if (const auto* name = object.if_contains("name"); name != nullptr && name->is_string()) {
        const std::string full(name->get_string());
        named_[full.substr(full.rfind('.') + 1)] = type;
      }
      return type;
    };
    if (kind == "record") {
      AvroType* type = named(add(AvroType::Kind::kRecord));
      const auto* fields = object.if_contains("fields");
      if (fields == nullptr || !fields->is_array()) return damaged("a record has no fields");
      for (const auto& field : fields->get_array()) {
        if (!field.is_object() || !field.get_object().contains("type")) return damaged("a field");
        const auto* id = field.get_object().if_contains("field-id");
        DOSQL_TRY(const AvroType* parsed, parse(field.get_object().at("type"), depth + 1));
        type->fields.emplace_back(
            id != nullptr && id->is_int64() ? static_cast<int>(id->get_int64()) : -1, parsed);
      }
      return type;
    }
    if (kind == "array" || kind == "map") {
      AvroType* type = add(kind == "array" ? AvroType::Kind::kArray : AvroType::Kind::kMap);
      const auto* items = object.if_contains(kind == "array" ? "items" : "values");
      if (items == nullptr) return damaged("an array has no item type");
      DOSQL_TRY(type->items, parse(*items, depth + 1));
      return type;
    }
    if (kind == "fixed") {
      AvroType* type = named(add(AvroType::Kind::kFixed));
      const auto* size = object.if_contains("size");
      if (size == nullptr || !size->is_int64() || size->get_int64() < 0)
        return damaged("a fixed type");
      type->fixed_size = static_cast<size_t>(size->get_int64());
      return type;
    }
    if (kind == "enum") return named(add(AvroType::Kind::kEnum));
    return parse_name(kind);
  }

  std::vector<std::unique_ptr<AvroType>> types_;
  std::map<std::string, const AvroType*> named_;
};

class Decoder {
 public:
  explicit Decoder(Bytes bytes)
      : bytes_(bytes), values_left_(bytes.size() * kValuesPerByteMax + kValuesSlack) {}

  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }

  Result<int64_t> read_long() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ == bytes_.size()) return damaged("it ends early");
      const uint8_t byte = bytes_[at_++];
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) {
        return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
      }
    }
    return damaged("a number is too long");
  }

  Result<Bytes> read_raw(size_t size) {
    if (size > bytes_.size() - at_) return damaged("it ends early");
    at_ += size;
    return bytes_.subspan(at_ - size, size);
  }

  Result<Bytes> read_bytes() {
    DOSQL_TRY(const int64_t size, read_long());
    if (size < 0) return damaged("a length is negative");
    return read_raw(static_cast<size_t>(size));
  }

  Result<AvroValue> read(const AvroType& type, int depth = 0) {
    using Kind = AvroType::Kind;
    if (depth > kDepthMax) return damaged("it is too deep");
    // Values of no bytes (null, empty records) could be without number otherwise.
    if (values_left_-- == 0) return damaged("it has more values than bytes for them");
    AvroValue value;
    switch (type.kind) {
      case Kind::kNull:
        break;
      case Kind::kBoolean: {
        DOSQL_TRY(const Bytes byte, read_raw(1));
        value.kind = AvroValue::Kind::kInteger;
        value.integer = byte[0];
        break;
      }
      case Kind::kLong:
      case Kind::kEnum: {
        value.kind = AvroValue::Kind::kInteger;
        DOSQL_TRY(value.integer, read_long());
        break;
      }
      case Kind::kFloat: {
        DOSQL_TRY(const Bytes bytes, read_raw(4));
        value.kind = AvroValue::Kind::kDouble;
        value.real = std::bit_cast<float>(load_le<uint32_t>(bytes.data()));
        break;
      }
      case Kind::kDouble: {
        DOSQL_TRY(const Bytes bytes, read_raw(8));
        value.kind = AvroValue::Kind::kDouble;
        value.real = std::bit_cast<double>(load_le<uint64_t>(bytes.data()));
        break;
      }
      case Kind::kBytes:
      case Kind::kFixed: {
        value.kind = AvroValue::Kind::kBytes;
        DOSQL_TRY(const Bytes bytes,
                  type.kind == Kind::kBytes ? read_bytes() : read_raw(type.fixed_size));
        value.bytes = as_text(bytes);
        break;
      }
      case Kind::kRecord:
        value.kind = AvroValue::Kind::kRecord;
        for (const auto& [id, field] : type.fields) {
          DOSQL_TRY(AvroValue read_value, read(*field, depth + 1));
          value.fields.push_back({id, std::move(read_value)});
        }
        break;
      case Kind::kArray:
      case Kind::kMap:
        return read_items(type, depth);
      case Kind::kUnion: {
        DOSQL_TRY(const int64_t branch, read_long());
        if (branch < 0 || static_cast<size_t>(branch) >= type.branches.size()) {
          return damaged("a union has no such branch");
        }
        return read(*type.branches[static_cast<size_t>(branch)], depth + 1);
      }
    }
    return value;
  }

 private:
  Result<AvroValue> read_items(const AvroType& type, int depth) {
    AvroValue value;
    value.kind = AvroValue::Kind::kArray;
    for (;;) {
      DOSQL_TRY(int64_t count, read_long());
      if (count == 0) return value;
      if (count < 0) {
        DOSQL_TRY(read_long());  // the block's size in bytes
        count = static_cast<int64_t>(0 - static_cast<uint64_t>(count));
      }
      if (count < 0) return damaged("a count is wrong");
      for (int64_t i = 0; i < count; ++i) {
        AvroValue item;
        if (type.kind == AvroType::Kind::kMap) {
          AvroValue key;
          key.kind = AvroValue::Kind::kBytes;
          DOSQL_TRY(const Bytes name, read_bytes());
          key.bytes = as_text(name);
          item.kind = AvroValue::Kind::kRecord;
          item.fields.push_back({0, std::move(key)});
          DOSQL_TRY(AvroValue mapped, read(*type.items, depth + 1));
          item.fields.push_back({1, std::move(mapped)});
        } else {
          DOSQL_TRY(item, read(*type.items, depth + 1));
        }
        value.items.push_back(std::move(item));
      }
    }
  }

  Bytes bytes_;
  size_t at_ = 0;
  size_t values_left_;
};

// At most `size_max` bytes come out, which is taken off it.
Result<Buffer> inflate_raw(Bytes bytes, size_t& size_max) {
  z_stream stream{};
  if (inflateInit2(&stream, -15) != Z_OK) return damaged("inflate cannot start");
  Buffer out;
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  int result = Z_OK;
  while (result == Z_OK && out.size() < size_max) {
    const size_t at = out.size();
    const size_t room = std::min<size_t>(size_max - at, 64U << 10);
    out.resize(at + room);
    stream.next_out = out.data() + at;
    stream.avail_out = static_cast<uInt>(room);
    result = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  // An input that ends early is Z_BUF_ERROR: no progress was possible.
  if (result != Z_STREAM_END) return damaged("a block cannot be inflated");
  size_max -= out.size();
  return out;
}

}  // namespace

const AvroValue* AvroValue::field(int id) const {
  for (const auto& [field_id, value] : fields) {
    if (field_id == id) return value.kind == Kind::kNull ? nullptr : &value;
  }
  return nullptr;
}

Result<AvroFile> parse_container(Bytes bytes) {
  if (bytes.size() < 4 || std::memcmp(bytes.data(), "Obj\1", 4) != 0)
    return damaged("no magic number");
  AvroFile file;
  Decoder in(bytes.subspan(4));
  AvroType text;
  text.kind = AvroType::Kind::kBytes;
  AvroType map;
  map.kind = AvroType::Kind::kMap;
  map.items = &text;
  DOSQL_TRY(const AvroValue header, in.read(map));
  for (const AvroValue& item : header.items) {
    file.header[item.fields[0].value.bytes] = item.fields[1].value.bytes;
  }
  const std::string codec = file.header.contains("avro.codec") ? file.header["avro.codec"] : "null";
  if (codec != "null" && codec != "deflate") {
    return fail(Code::kUnsupported, str_cat({"Avro codec \"", codec, "\" is not supported"}));
  }
  boost::system::error_code error;
  const auto schema = boost::json::parse(file.header["avro.schema"], error);
  if (error) return damaged("its schema is not JSON");
  SchemaParser parser;
  DOSQL_TRY(const AvroType* row_type, parser.parse(schema));
  DOSQL_TRY(const Bytes sync, in.read_raw(16));
  size_t inflated_max = bytes.size() * kInflateFactorMax + kInflateSlack;
  while (!in.at_end()) {
    DOSQL_TRY(const int64_t count, in.read_long());
    DOSQL_TRY(const Bytes stored, in.read_bytes());
    DOSQL_TRY(const Bytes marker, in.read_raw(16));
    if (std::memcmp(marker.data(), sync.data(), 16) != 0)
      return damaged("a block's end is not there");
    Buffer inflated;
    if (codec == "deflate") {
      DOSQL_TRY(inflated, inflate_raw(stored, inflated_max));
    }
    const Bytes block = codec == "deflate" ? Bytes(inflated) : stored;
    if (count < 0) return damaged("a count is wrong");
    Decoder rows(block);
    for (int64_t i = 0; i < count; ++i) {
      DOSQL_TRY(AvroValue row, rows.read(*row_type));
      file.rows.push_back(std::move(row));
    }
    if (!rows.at_end()) return damaged("a block has bytes left");
  }
  return file;
}

}  // namespace dosql::iceberg
