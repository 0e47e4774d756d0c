// Any bytes as an Avro file, a manifest and a manifest list; what parses as ours is written again
// and must read as the same.
#include <cstdint>
#include <cstdlib>

#include "base/result.h"
#include "iceberg/avro.h"
#include "iceberg/manifest.h"

namespace dosql::iceberg {
namespace {

// With the first byte even: the rest as it is. Odd: the rest as rows of our own manifest, so that
// the fuzzer needs not find a container's magic numbers and schema first.
Buffer input_of(Bytes bytes) {
  if (bytes.empty() || bytes[0] % 2 == 0) return {bytes.begin(), bytes.end()};
  const Buffer ours = encode_manifest(3, ManifestContent::kData, Schema(), {});
  const auto parsed = parse_container(ours);
  DOSQL_CHECK(parsed.has_value());
  AvroHeader header;
  for (const auto& [name, value] : parsed->header) {
    if (!name.starts_with("avro.")) header.emplace_back(name, value);
  }
  return encode_container(header, parsed->header.at("avro.schema"), bytes[0] / 2, bytes.subspan(1));
}

void check_manifest(Bytes bytes) {
  ManifestFile file;
  file.first_row_id = 7;
  const auto entries = parse_manifest(bytes, file);
  if (!entries) return;
  const Buffer again = encode_manifest(3, ManifestContent::kData, Schema(), *entries);
  const auto back = parse_manifest(again, file);
  DOSQL_CHECK(back.has_value() && *back == *entries);
}

void check_list(Bytes bytes) {
  const auto manifests = parse_manifest_list(bytes);
  if (!manifests) return;
  const auto back = parse_manifest_list(encode_manifest_list(3, 1, {}, 1, 0, *manifests));
  DOSQL_CHECK(back.has_value() && *back == *manifests);
}

}  // namespace
}  // namespace dosql::iceberg

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const dosql::Buffer input = dosql::iceberg::input_of({data, size});
  static_cast<void>(dosql::iceberg::parse_container(input));
  dosql::iceberg::check_manifest(input);
  dosql::iceberg::check_list(input);
  return 0;
}
