// Any bytes as a deletion vector, with the length, magic number and checksum that they need, and as
// a Puffin file. A vector that is accepted works: all its operations agree with each other.
#include <zlib.h>

#include <cstdint>

#include "base/result.h"
#include "iceberg/deletion_vector.h"

namespace dosql::iceberg {
namespace {

void append_be32(Buffer& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<uint8_t>(value >> shift));
}

Buffer framed(Bytes bitmap) {
  Buffer vector = {0xd1, 0xd3, 0x39, 0x64};
  append_bytes(vector, bitmap);
  Buffer blob;
  append_be32(blob, static_cast<uint32_t>(vector.size()));
  append_bytes(blob, vector);
  append_be32(blob,
              static_cast<uint32_t>(::crc32(0, vector.data(), static_cast<uInt>(vector.size()))));
  return blob;
}

void check_vector(const DeletionVector& vector) {
  uint64_t count = 0;
  uint64_t last = 0;
  const uint64_t cardinality = vector.cardinality();
  if (cardinality < 1U << 20) {
    vector.for_each([&](uint64_t position) {
      DOSQL_CHECK(count == 0 || position > last);
      DOSQL_CHECK(vector.contains(position));
      last = position;
      ++count;
    });
    DOSQL_CHECK(count == cardinality);
  }
  const auto back = DeletionVector::from_blob(vector.to_blob());
  DOSQL_CHECK(back.has_value() && *back == vector);
  DeletionVector more = vector;
  more.add(last + 1);
  more.add(5);
  more.add_all(vector);
  DOSQL_CHECK(more.contains(5) && more.cardinality() >= cardinality);
}

}  // namespace
}  // namespace dosql::iceberg

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using dosql::iceberg::DeletionVector;
  const dosql::Bytes input(data, size);
  static_cast<void>(DeletionVector::from_blob(input));
  const auto vector = DeletionVector::from_blob(dosql::iceberg::framed(input));
  if (vector) dosql::iceberg::check_vector(*vector);
  if (size < 4) return 0;
  const auto offset = static_cast<int64_t>(data[0]) - 4;
  const auto length = static_cast<int64_t>(data[1]) - 1;
  static_cast<void>(dosql::iceberg::read_puffin_blob(input.subspan(2), offset, length));
  static_cast<void>(dosql::iceberg::check_puffin(input.subspan(2), offset, length, "a", 1));
  return 0;
}
