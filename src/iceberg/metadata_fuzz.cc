// Any bytes as table metadata and as a schema; what is accepted is written and read again and must
// be the same.
#include <cstdint>

#include "base/result.h"
#include "iceberg/metadata.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dosql::iceberg;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto metadata = parse_metadata(text)) {
    static_cast<void>(metadata->current_schema().fields.size());
    const auto back = parse_metadata(to_json(*metadata));
    DOSQL_CHECK(back.has_value() && *back == *metadata);
  }
  if (const auto schema = parse_schema(text)) {
    const auto back = parse_schema(to_json(*schema));
    DOSQL_CHECK(back.has_value() && *back == *schema);
  }
  static_cast<void>(parse_type(text));
  return 0;
}
