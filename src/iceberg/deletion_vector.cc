#include "iceberg/deletion_vector.h"

#include <zlib.h>

#include <map>
#include <optional>
#include <roaring/roaring.hh>

#include "base/text.h"
#include "iceberg/bitmap_check.h"
#include "iceberg/json_fields.h"

namespace dosql::iceberg {
namespace {

constexpr uint8_t kBlobMagic[] = {0xd1, 0xd3, 0x39, 0x64};
constexpr uint8_t kPuffinMagic[] = {'P', 'F', 'A', '1'};
constexpr uint32_t kKeyMax = 0x7fffffff;      // positions are not negative
constexpr int kPositionFieldId = 2147483645;  // _pos

template <class T>
void append_be(Buffer& out, T value) {
  for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<uint8_t>(value >> shift));
  }
}

uint32_t crc32_of(Bytes bytes) {
  return static_cast<uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::unexpected<Error> damaged(std::string_view what) {
  return fail(Code::kCorrupt, str_cat({"a deletion vector is damaged: ", what}));
}

bool is_magic_at(Bytes file, size_t at) {
  return std::memcmp(file.data() + at, kPuffinMagic, sizeof kPuffinMagic) == 0;
}

// Where the footer begins: magic, JSON, and at the very end its length, flags, magic.
std::optional<size_t> footer_start(Bytes file) {
  constexpr size_t kTail = 12;
  constexpr size_t kFrame = 4 + 4 + kTail;
  if (file.size() < kFrame || !is_magic_at(file, 0) || !is_magic_at(file, file.size() - 4)) {
    return std::nullopt;
  }
  const size_t length = load_le<uint32_t>(file.data() + file.size() - kTail);
  if (length > file.size() - kFrame) return std::nullopt;
  const size_t start = file.size() - kTail - length - 4;
  return is_magic_at(file, start) ? std::optional(start) : std::nullopt;
}

}  // namespace

// One 32-bit bitmap for each upper half of positions, as the portable form has it.
struct DeletionVector::Impl {
  std::map<uint32_t, Roaring> parts;
};

DeletionVector::DeletionVector() : impl_(std::make_unique<Impl>()) {}
DeletionVector::DeletionVector(const DeletionVector& other)
    : impl_(std::make_unique<Impl>(*other.impl_)) {}
DeletionVector::DeletionVector(DeletionVector&& other) noexcept = default;
DeletionVector& DeletionVector::operator=(DeletionVector other) noexcept {
  std::swap(impl_, other.impl_);
  return *this;
}
DeletionVector::~DeletionVector() = default;

bool DeletionVector::add(uint64_t position) {
  return impl_->parts[static_cast<uint32_t>(position >> 32)].addChecked(
      static_cast<uint32_t>(position));
}

bool DeletionVector::contains(uint64_t position) const {
  const auto at = impl_->parts.find(static_cast<uint32_t>(position >> 32));
  return at != impl_->parts.end() && at->second.contains(static_cast<uint32_t>(position));
}

uint64_t DeletionVector::cardinality() const {
  uint64_t count = 0;
  for (const auto& [key, part] : impl_->parts) count += part.cardinality();
  return count;
}

void DeletionVector::add_all(const DeletionVector& other) {
  for (const auto& [key, part] : other.impl_->parts) impl_->parts[key] |= part;
}

void DeletionVector::for_each(const std::function<void(uint64_t)>& visit) const {
  for (const auto& [key, part] : impl_->parts) {
    for (const uint32_t low : part) visit(static_cast<uint64_t>(key) << 32 | low);
  }
}

bool DeletionVector::operator==(const DeletionVector& other) const {
  return impl_->parts == other.impl_->parts;
}

Buffer DeletionVector::to_blob() const {
  Buffer vector(kBlobMagic, kBlobMagic + 4);
  append_le(vector, static_cast<uint64_t>(impl_->parts.size()));
  for (const auto& [key, part] : impl_->parts) {
    append_le(vector, key);
    const size_t at = vector.size();
    Roaring packed = part;
    packed.runOptimize();  // the deletion of a range is a few bytes then
    vector.resize(at + packed.getSizeInBytes(true));
    packed.write(reinterpret_cast<char*>(vector.data() + at), true);
  }
  Buffer blob;
  append_be(blob, static_cast<uint32_t>(vector.size()));
  append_bytes(blob, vector);
  append_be(blob, crc32_of(vector));
  return blob;
}

Result<DeletionVector> DeletionVector::from_blob(Bytes blob) {
  if (blob.size() < 20) return damaged("too short");
  const auto length = load_be<uint32_t>(blob.data());
  if (length != blob.size() - 8) return damaged("its length is wrong");
  const Bytes vector = blob.subspan(4, length);
  if (std::memcmp(vector.data(), kBlobMagic, 4) != 0) return damaged("no magic number");
  if (crc32_of(vector) != load_be<uint32_t>(blob.data() + 4 + length)) {
    return damaged("its checksum does not match");
  }
  ByteReader in(vector.subspan(4));
  const auto count = in.read_le<uint64_t>();
  DeletionVector result;
  std::optional<uint32_t> last_key;
  for (uint64_t i = 0; i < count && in.ok(); ++i) {
    const auto key = in.read_le<uint32_t>();
    const Bytes rest = vector.subspan(4 + in.offset());
    const bool is_next = (!last_key || key > *last_key) && key <= kKeyMax;
    last_key = key;
    const size_t size = is_next ? checked_bitmap_size(rest) : 0;
    if (size == 0) return damaged("its bitmap cannot be read");
    roaring_bitmap_t* bitmap =
        roaring_bitmap_portable_deserialize_safe(reinterpret_cast<const char*>(rest.data()), size);
    if (bitmap == nullptr) return damaged("its bitmap cannot be read");
    Roaring part(bitmap);
    if (!part.isEmpty()) result.impl_->parts[key] = std::move(part);  // Java fills gaps of keys
    in.read_bytes(size);
  }
  if (!in.at_end()) return damaged("it has bytes too many or too few");
  return result;
}

PuffinFile encode_puffin(const DeletionVector& vector, std::string_view data_file) {
  const Buffer blob = vector.to_blob();
  PuffinFile file;
  file.blob_offset = 4;
  file.blob_size = static_cast<int64_t>(blob.size());
  boost::json::object footer{{"blobs",
                              {{{"type", "deletion-vector-v1"},
                                {"fields", boost::json::array{kPositionFieldId}},
                                {"snapshot-id", -1},
                                {"sequence-number", -1},
                                {"offset", file.blob_offset},
                                {"length", file.blob_size},
                                {"properties",
                                 {{"referenced-data-file", data_file},
                                  {"cardinality", std::to_string(vector.cardinality())}}}}}},
                             {"properties", {{"created-by", "DoSQL"}}}};
  const std::string json = boost::json::serialize(footer);
  append_bytes(file.bytes, Bytes(kPuffinMagic));
  append_bytes(file.bytes, blob);
  append_bytes(file.bytes, Bytes(kPuffinMagic));
  append_bytes(file.bytes, json);
  append_le(file.bytes, static_cast<uint32_t>(json.size()));
  append_le(file.bytes, uint32_t{0});  // flags: the footer is not compressed
  append_bytes(file.bytes, Bytes(kPuffinMagic));
  return file;
}

Result<DeletionVector> read_puffin_blob(Bytes file, int64_t offset, int64_t size) {
  const auto footer = footer_start(file);
  if (!footer) return damaged("the file is no Puffin file");
  if (offset < 4 || size < 0 || static_cast<uint64_t>(offset) > *footer ||
      static_cast<uint64_t>(size) > *footer - static_cast<uint64_t>(offset)) {
    return damaged("it lies outside of its Puffin file");
  }
  return DeletionVector::from_blob(
      file.subspan(static_cast<size_t>(offset), static_cast<size_t>(size)));
}

Result<void> check_puffin(Bytes file, int64_t offset, int64_t size, std::string_view data_file,
                          int64_t cardinality) {
  DOSQL_TRY(const DeletionVector vector, read_puffin_blob(file, offset, size));
  const std::string count = std::to_string(vector.cardinality());
  if (count != std::to_string(cardinality)) return damaged("its manifest tells another number");
  const auto flags = load_le<uint32_t>(file.data() + file.size() - 8);
  if (flags != 0) return damaged("the footer of its file has unknown flags");
  const size_t begin = *footer_start(file) + sizeof kPuffinMagic;
  const Bytes footer = file.subspan(begin, file.size() - 12 - begin);
  DOSQL_TRY(const auto object, parse_object(as_text(footer), "Puffin footer"));
  JsonFields fields(object, "Puffin footer");
  const boost::json::array* blobs = fields.required_array("blobs");
  DOSQL_TRY(fields.outcome());
  for (const boost::json::value& value : *blobs) {
    if (!value.is_object()) continue;
    JsonFields blob(value.get_object(), "Puffin footer");
    const boost::json::object* properties = blob.object("properties");
    if (blob.integer("offset", -1) != offset || properties == nullptr) continue;
    JsonFields named(*properties, "Puffin footer");
    const bool is_same =
        blob.text("type") == "deletion-vector-v1" && blob.integer("length", -1) == size &&
        named.text("referenced-data-file") == data_file && named.text("cardinality") == count;
    if (is_same) return {};
  }
  return damaged("the footer of its file says something else");
}

}  // namespace dosql::iceberg
