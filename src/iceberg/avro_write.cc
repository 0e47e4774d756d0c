#include <zlib.h>

#include "base/crc32c.h"
#include "iceberg/avro.h"

namespace dosql::iceberg {
namespace {

constexpr char kMagic[] = {'O', 'b', 'j', 1};
constexpr size_t kSyncSize = 16;

// Raw deflate: Avro wants no zlib header. The level is a constant of ours, so this cannot fail.
Buffer deflate_raw(Bytes bytes) {
  z_stream stream{};
  DOSQL_CHECK(
      deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Buffer out(deflateBound(&stream, static_cast<uLong>(bytes.size())));
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  DOSQL_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

void AvroEncoder::put_long(int64_t value) {
  uint64_t zigzag = (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
  while (zigzag >= 0x80) {
    bytes_.push_back(static_cast<uint8_t>(zigzag | 0x80));
    zigzag >>= 7;
  }
  bytes_.push_back(static_cast<uint8_t>(zigzag));
}

void AvroEncoder::put_bytes(Bytes value) {
  put_long(static_cast<int64_t>(value.size()));
  append_bytes(bytes_, value);
}

Buffer encode_container(const AvroHeader& header, std::string_view schema, int64_t rows,
                        Bytes encoded) {
  // The marker only has to be unlikely inside of a block; content decides it, so equal inputs give
  // equal files.
  Buffer sync;
  for (uint32_t i = 0; sync.size() < kSyncSize; ++i) append_le(sync, crc32c(encoded, i + 1));
  AvroEncoder out;
  out.put_count(static_cast<int64_t>(header.size()) + 2);
  out.put_string("avro.schema");
  out.put_string(schema);
  out.put_string("avro.codec");
  out.put_string("deflate");
  for (const auto& [key, value] : header) {
    out.put_string(key);
    out.put_string(value);
  }
  out.put_count(0);
  Buffer file(kMagic, kMagic + sizeof kMagic);
  append_bytes(file, out.bytes());
  append_bytes(file, sync);
  if (rows > 0) {
    AvroEncoder block;
    block.put_long(rows);
    block.put_bytes(deflate_raw(encoded));
    append_bytes(file, block.bytes());
    append_bytes(file, sync);
  }
  return file;
}

}  // namespace dosql::iceberg
