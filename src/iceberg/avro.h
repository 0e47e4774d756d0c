// Avro object container files, the part that Iceberg's manifests need.
// https://avro.apache.org/docs/1.11.1/specification/. Writing: values in schema order through an
// AvroEncoder, then one container. Reading: any schema, as a tree of values whose record fields are
// known by Iceberg field id.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace dosql::iceberg {

class AvroEncoder {
 public:
  void put_long(int64_t value);  // int and long: zig-zag varint
  void put_int(int32_t value) { put_long(value); }
  void put_string(std::string_view value) { put_bytes(as_bytes(value)); }
  void put_bytes(Bytes value);
  // The branch of a union; of ["null", T]: 0 null, 1 a value.
  void put_branch(int index) { put_long(index); }
  // An array or map block of `count` items; 0 ends it.
  void put_count(int64_t count) { put_long(count); }
  [[nodiscard]] const Buffer& bytes() const { return bytes_; }

 private:
  Buffer bytes_;
};

using AvroHeader = std::vector<std::pair<std::string, std::string>>;

// `rows` concatenated in `encoded`; the codec is deflate and named explicitly.
[[nodiscard]] Buffer encode_container(const AvroHeader& header, std::string_view schema,
                                      int64_t rows, Bytes encoded);

struct AvroField;

struct AvroValue {
  enum class Kind : uint8_t { kNull, kInteger, kDouble, kBytes, kRecord, kArray };
  Kind kind = Kind::kNull;
  int64_t integer = 0;  // boolean, int, long, enum
  double real = 0;
  std::string bytes;              // string, bytes, fixed
  std::vector<AvroField> fields;  // of a record
  std::vector<AvroValue> items;   // of an array; a map: records of ids 0 and 1

  // nullptr when the field is absent or null.
  [[nodiscard]] const AvroValue* field(int id) const;
};

struct AvroField {
  int id = -1;  // Iceberg's field id
  AvroValue value;
};

struct AvroFile {
  std::map<std::string, std::string> header;
  std::vector<AvroValue> rows;
};

// Codecs null and deflate. kCorrupt, kUnsupported.
Result<AvroFile> parse_container(Bytes bytes);

}  // namespace dosql::iceberg
