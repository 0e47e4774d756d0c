#include "fsx/local_blob_store.h"

#include <algorithm>

#include "base/crc32c.h"
#include "base/text.h"

namespace dosql::fsx {
namespace {

constexpr size_t kOpenFilesMax = 24;
constexpr uint64_t kSlotBytes = 4096;
constexpr uint64_t kMagic = 0x31544f4f524f4444;  // "DDOROOT1"
constexpr uint32_t kFormat = 1;
constexpr size_t kBytesMax = 4000;

std::string directory_of(std::string_view path) {
  return std::string(path.substr(0, path.rfind('/')));
}

Buffer encode_slot(Etag etag, Bytes bytes) {
  Buffer slot;
  append_le(slot, kMagic);
  append_le(slot, kFormat);
  append_le(slot, etag.generation);
  append_sized(slot, bytes);
  append_le(slot, crc32c(slot));
  slot.resize(kSlotBytes, 0);
  return slot;
}

enum class SlotState : uint8_t { kEmpty, kValid, kDamaged, kNewer };

SlotState decode_slot(Bytes slot, VersionedBlob& blob) {
  if (std::ranges::all_of(slot, [](uint8_t byte) { return byte == 0; })) return SlotState::kEmpty;
  ByteReader in(slot);
  const auto magic = in.read_le<uint64_t>();
  const auto format = in.read_le<uint32_t>();
  blob.etag.generation = in.read_le<uint64_t>();
  const Bytes bytes = in.read_sized();
  const size_t covered = in.offset();
  const auto crc = in.read_le<uint32_t>();
  if (!in.ok() || magic != kMagic || crc != crc32c(slot.subspan(0, covered))) {
    return SlotState::kDamaged;
  }
  if (format > kFormat) return SlotState::kNewer;
  blob.bytes.assign(bytes.begin(), bytes.end());
  return SlotState::kValid;
}

}  // namespace

LocalBlobStore::LocalBlobStore(Disk& disk, std::string directory)
    : disk_(disk), directory_(std::move(directory)) {}

std::string LocalBlobStore::path_of(std::string_view name) const {
  return str_cat({directory_, "/", name});
}

Result<void> LocalBlobStore::put(std::string_view name, Bytes bytes) {
  const std::string path = path_of(name);
  DOSQL_TRY(const bool exists, disk_.exists(path));
  {
    MutexLock lock(mutex_);
    if (exists && !undone_.contains(name)) {
      return fail(Code::kAlreadyExists, str_cat({path, " exists already"}));
    }
    undone_.emplace(name);
  }
  const std::string temporary = path + ".tmp";
  const auto write = [&]() -> Result<void> {
    DOSQL_TRY(const auto file, disk_.open(temporary, OpenMode::kCreate));
    DOSQL_TRY(file->truncate(0));
    DOSQL_TRY(file->write_at(0, bytes));
    return file->sync();
  };
  if (auto written = write(); !written) {
    static_cast<void>(disk_.remove(temporary));
    return written;
  }
  DOSQL_TRY(disk_.rename(temporary, path));
  DOSQL_TRY(disk_.sync_dir(directory_of(path)));
  MutexLock lock(mutex_);
  undone_.erase(undone_.find(name));
  return {};
}

Result<std::shared_ptr<File>> LocalBlobStore::open_cached(std::string_view name) {
  MutexLock lock(mutex_);
  const auto at =
      std::ranges::find(open_, name, &std::pair<std::string, std::shared_ptr<File>>::first);
  if (at != open_.end()) return at->second;
  DOSQL_TRY(std::shared_ptr<File> file, disk_.open(path_of(name), OpenMode::kRead));
  if (open_.size() >= kOpenFilesMax) open_.erase(open_.begin());
  open_.emplace_back(name, file);
  return file;
}

Result<void> LocalBlobStore::get_range(std::string_view name, uint64_t offset, MutableBytes out) {
  DOSQL_TRY(const auto file, open_cached(name));
  DOSQL_TRY(const size_t size, file->read_at(offset, out));
  if (size == out.size()) return {};
  return fail(Code::kCorrupt,
              str_cat({path_of(name), " ends at byte ", std::to_string(offset + size),
                       ", before byte ", std::to_string(offset + out.size()), " that is needed"}));
}

Result<uint64_t> LocalBlobStore::size_of(std::string_view name) {
  DOSQL_TRY(const auto file, open_cached(name));
  return file->size();
}

Result<std::vector<std::string>> LocalBlobStore::list(std::string_view prefix) {
  const size_t slash = prefix.rfind('/');
  const std::string_view folder =
      slash == std::string_view::npos ? std::string_view() : prefix.substr(0, slash + 1);
  const std::string directory =
      folder.empty() ? directory_ : path_of(folder.substr(0, folder.size() - 1));
  DOSQL_TRY(const bool exists, disk_.exists(directory));
  std::vector<std::string> names;
  if (!exists) return names;
  DOSQL_TRY(const auto entries, disk_.list(directory));
  for (const std::string& entry : entries) {
    std::string name = str_cat({folder, entry});
    if (name.starts_with(prefix) && !name.ends_with(".tmp")) names.push_back(std::move(name));
  }
  return names;
}

Result<void> LocalBlobStore::remove(std::string_view name) {
  {
    MutexLock lock(mutex_);
    std::erase_if(open_, [&](const auto& entry) { return entry.first == name; });
  }
  const std::string path = path_of(name);
  auto removed = disk_.remove(path);
  if (!removed && removed.error().code == Code::kNotFound) return {};
  DOSQL_TRY(std::move(removed));
  return disk_.sync_dir(directory_of(path));
}

Result<std::optional<VersionedBlob>> LocalBlobStore::read_slots(File& file, std::string_view name) {
  Buffer bytes(2 * kSlotBytes, 0);
  DOSQL_TRY(const size_t size, file.read_at(0, bytes));
  std::optional<VersionedBlob> newest;
  bool is_damaged = size < bytes.size();
  for (size_t i = 0; i < 2; ++i) {
    VersionedBlob blob;
    switch (decode_slot(Bytes(bytes).subspan(i * kSlotBytes, kSlotBytes), blob)) {
      case SlotState::kEmpty:
        break;
      case SlotState::kDamaged:
        is_damaged = true;
        break;
      case SlotState::kNewer:
        return fail(Code::kNewerFormat,
                    str_cat({path_of(name),
                             " was written by a newer version of dosql: use that "
                             "version"}));
      case SlotState::kValid:
        if (!newest || newest->etag.generation < blob.etag.generation) newest = std::move(blob);
    }
  }
  // A crash during the very first put leaves one damaged slot and an empty one: never written.
  if (!newest && is_damaged && size == bytes.size()) {
    const bool has_second = !std::ranges::all_of(Bytes(bytes).subspan(kSlotBytes),
                                                 [](uint8_t byte) { return byte == 0; });
    if (has_second) {
      return fail(Code::kCorrupt, str_cat({path_of(name),
                                           " is damaged in both of its slots: "
                                           "restore the file from a backup"}));
    }
  }
  return newest;
}

Result<std::optional<VersionedBlob>> LocalBlobStore::get_versioned(std::string_view name) {
  auto file = disk_.open(path_of(name), OpenMode::kRead);
  if (!file) {
    if (file.error().code == Code::kNotFound) return std::optional<VersionedBlob>();
    return std::unexpected(file.error());
  }
  return read_slots(**file, name);
}

Result<Etag> LocalBlobStore::put_if(std::string_view name, Bytes bytes,
                                    std::optional<Etag> expected) {
  if (bytes.size() > kBytesMax) {
    return fail(Code::kTooBig, str_cat({path_of(name), " cannot hold more than 4000 bytes"}));
  }
  MutexLock lock(mutex_);
  const std::string path = path_of(name);
  DOSQL_TRY(const bool exists, disk_.exists(path));
  std::optional<Etag> found;
  DOSQL_TRY(const auto file, disk_.open(path, OpenMode::kCreate));
  if (exists) {
    DOSQL_TRY(const auto blob, read_slots(*file, name));
    if (blob) found = blob->etag;
  }
  const auto undone = undone_etags_.find(name);
  if (undone != undone_etags_.end() && found == undone->second) found = expected;
  if (found != expected) {
    return fail(Code::kBusySnapshot, str_cat({path, " was changed by somebody else"}));
  }
  if (!found) {
    DOSQL_TRY(file->write_at(0, Buffer(2 * kSlotBytes, 0)));
    DOSQL_TRY(file->sync());
    DOSQL_TRY(disk_.sync_dir(directory_));
  }
  const Etag next{found ? found->generation + 1 : 1};
  undone_etags_[std::string(name)] = next;
  DOSQL_TRY(file->write_at((next.generation - 1) % 2 * kSlotBytes, encode_slot(next, bytes)));
  DOSQL_TRY(file->sync());
  undone_etags_.erase(undone_etags_.find(name));
  return next;
}

}  // namespace dosql::fsx
