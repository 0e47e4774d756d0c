#include "lake/files.h"

#include "base/text.h"
#include "lake/paths.h"

namespace dosql::lake {
namespace {

std::string parent_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

}  // namespace

Result<Buffer> read_uri(fsx::Disk& disk, const std::string& uri) {
  DOSQL_TRY(const std::string path, path_of(uri));
  DOSQL_TRY(auto file, disk.open(path, fsx::OpenMode::kRead));
  DOSQL_TRY(const uint64_t size, file->size());
  Buffer bytes(size);
  DOSQL_TRY(const size_t read, file->read_at(0, bytes));
  if (read != size)
    return fail(Code::kIo, str_cat({"\"", path, "\" got shorter while it was read"}));
  return bytes;
}

Result<uint64_t> size_of_uri(fsx::Disk& disk, const std::string& uri) {
  DOSQL_TRY(const std::string path, path_of(uri));
  DOSQL_TRY(auto file, disk.open(path, fsx::OpenMode::kRead));
  return file->size();
}

Result<void> DurableFiles::make_dir(const std::string& path) {
  DOSQL_TRY(disk_.make_dir(path));
  std::string dir = path;
  do {
    dir = parent_of(dir);
    unsynced_dirs_.insert(dir);
  } while (dir.size() > root_.size());
  return {};
}

Result<void> DurableFiles::write(const std::string& path, Bytes bytes) {
  DOSQL_TRY(auto file, disk_.open(path, fsx::OpenMode::kCreateNew));
  add(path);
  return file->write_at(0, bytes);
}

void DurableFiles::add(const std::string& path) {
  files_.insert(path);
  unsynced_files_.insert(path);
  unsynced_dirs_.insert(parent_of(path));
}

Result<void> DurableFiles::sync() {
  for (const std::string& path : unsynced_files_) {
    DOSQL_TRY(auto file, disk_.open(path, fsx::OpenMode::kReadWrite));
    DOSQL_TRY(file->sync());
  }
  unsynced_files_.clear();
  for (const std::string& dir : unsynced_dirs_) DOSQL_TRY(disk_.sync_dir(dir.empty() ? "/" : dir));
  unsynced_dirs_.clear();
  return {};
}

void DurableFiles::remove(const std::string& path) {
  static_cast<void>(disk_.remove(path));
  files_.erase(path);
  unsynced_files_.erase(path);
}

void DurableFiles::remove_all() {
  for (const std::string& path : files_) static_cast<void>(disk_.remove(path));
  files_.clear();
  unsynced_files_.clear();
  unsynced_dirs_.clear();
}

}  // namespace dosql::lake
