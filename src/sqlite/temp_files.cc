#include "sqlite/temp_files.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "sqlite/error.h"
#include "sqlite/vfs.h"

namespace dosql::sqlite {
namespace {

constexpr int kPathMax = 512;

// In SQLite's memory: this, the real file's handle, its path (of which the real VFS keeps only a
// pointer).
struct TempFile {
  sqlite3_file base;
  TempFiles* files;
  int64_t size;  // what counts against the quota
};

TempFile& file_of(sqlite3_file* handle) {
  return *reinterpret_cast<TempFile*>(handle);
}
sqlite3_file* real_of(sqlite3_file* handle) {
  return reinterpret_cast<sqlite3_file*>(&file_of(handle) + 1);
}

bool grow_to(sqlite3_file* handle, int64_t size) {
  TempFile& file = file_of(handle);
  if (size <= file.size) return true;
  if (!file.files->grow(file.size, size)) return false;
  file.size = size;
  return true;
}

int on_close(sqlite3_file* handle) noexcept {
  sqlite3_file* real = real_of(handle);
  const int result = real->pMethods->xClose(real);
  TempFile& file = file_of(handle);
  file.files->shrink(std::exchange(file.size, 0));
  return result;
}
int on_read(sqlite3_file* handle, void* out, int size, sqlite3_int64 offset) noexcept {
  sqlite3_file* real = real_of(handle);
  return real->pMethods->xRead(real, out, size, offset);
}
int on_write(sqlite3_file* handle, const void* bytes, int size, sqlite3_int64 offset) noexcept {
  if (!grow_to(handle, offset + size)) return SQLITE_FULL;
  sqlite3_file* real = real_of(handle);
  return real->pMethods->xWrite(real, bytes, size, offset);
}
int on_truncate(sqlite3_file* handle, sqlite3_int64 size) noexcept {
  if (!grow_to(handle, size)) return SQLITE_FULL;
  sqlite3_file* real = real_of(handle);
  const int result = real->pMethods->xTruncate(real, size);
  TempFile& file = file_of(handle);
  if (result == SQLITE_OK) file.files->shrink(std::exchange(file.size, size) - size);
  return result;
}
int on_sync(sqlite3_file*, int) noexcept {
  return SQLITE_OK;
}
int on_file_size(sqlite3_file* handle, sqlite3_int64* size) noexcept {
  sqlite3_file* real = real_of(handle);
  return real->pMethods->xFileSize(real, size);
}
// Nobody else can open the file.
int on_lock(sqlite3_file*, int) noexcept {
  return SQLITE_OK;
}
int on_check_reserved(sqlite3_file*, int* out) noexcept {
  *out = 0;
  return SQLITE_OK;
}
int on_control(sqlite3_file* handle, int operation, void* argument) noexcept {
  // The real VFS makes the file this large at once.
  if (operation == SQLITE_FCNTL_SIZE_HINT &&
      !grow_to(handle, *static_cast<sqlite3_int64*>(argument))) {
    return SQLITE_FULL;
  }
  sqlite3_file* real = real_of(handle);
  return real->pMethods->xFileControl(real, operation, argument);
}
int on_sector_size(sqlite3_file* handle) noexcept {
  sqlite3_file* real = real_of(handle);
  return real->pMethods->xSectorSize(real);
}
int on_characteristics(sqlite3_file* handle) noexcept {
  sqlite3_file* real = real_of(handle);
  return real->pMethods->xDeviceCharacteristics(real);
}
int on_fetch(sqlite3_file* handle, sqlite3_int64 offset, int size, void** out) noexcept {
  sqlite3_file* real = real_of(handle);
  *out = nullptr;
  if (real->pMethods->iVersion < 3) return SQLITE_OK;
  return real->pMethods->xFetch(real, offset, size, out);
}
int on_unfetch(sqlite3_file* handle, sqlite3_int64 offset, void* image) noexcept {
  sqlite3_file* real = real_of(handle);
  if (real->pMethods->iVersion < 3) return SQLITE_OK;
  return real->pMethods->xUnfetch(real, offset, image);
}

constexpr sqlite3_io_methods methods(int version) {
  return {
      .iVersion = version,
      .xClose = on_close,
      .xRead = on_read,
      .xWrite = on_write,
      .xTruncate = on_truncate,
      .xSync = on_sync,
      .xFileSize = on_file_size,
      .xLock = on_lock,
      .xUnlock = on_lock,
      .xCheckReservedLock = on_check_reserved,
      .xFileControl = on_control,
      .xSectorSize = on_sector_size,
      .xDeviceCharacteristics = on_characteristics,
      .xFetch = on_fetch,
      .xUnfetch = on_unfetch,
  };
}

// Sorters read through a mapping of the file. Temporary tables do not: the connection's mmap limit
// is for immutable pages of versions.
constexpr sqlite3_io_methods kMapped = methods(3);
constexpr sqlite3_io_methods kPlain = methods(1);

}  // namespace

bool is_temp_file_name(std::string_view name) {
  return name.size() == 20 && name.ends_with(".tmp") &&
         name.find_first_not_of("0123456789abcdef") == 16;
}

int TempFiles::handle_bytes() const {
  return static_cast<int>(sizeof(TempFile)) + real_.szOsFile + kPathMax;
}

int TempFiles::open(sqlite3_file* handle, int flags, int* out_flags) {
  sqlite3_file* real = real_of(handle);
  char* path = reinterpret_cast<char*>(real) + real_.szOsFile;
  uint64_t name = 0;
  real_.xRandomness(&real_, sizeof name, reinterpret_cast<char*>(&name));
  const int size = std::snprintf(path, kPathMax, "%s/%016llx.tmp", directory_.c_str(),
                                 static_cast<unsigned long long>(name));
  if (size < 0 || size >= kPathMax - 2) return SQLITE_CANTOPEN;
  path[size + 1] = '\0';  // SQLite's file names end with two
  const int wanted = flags | SQLITE_OPEN_DELETEONCLOSE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE;
  const int result = real_.xOpen(&real_, path, real, wanted, out_flags);
  if (result != SQLITE_OK) return result;
  TempFile& file = file_of(handle);
  file.files = this;
  file.size = 0;
  file.base.pMethods = (flags & SQLITE_OPEN_TEMP_JOURNAL) != 0 ? &kMapped : &kPlain;
  return SQLITE_OK;
}

bool TempFiles::grow(int64_t from, int64_t to) {
  const auto more = static_cast<uint64_t>(to - from);
  if (bytes_.fetch_add(more) + more <= bytes_max_) return true;
  bytes_.fetch_sub(more);
  set_port_error({Code::kDiskFull,
                  str_cat({"the temporary files of all connections would take more than ",
                           std::to_string(bytes_max_ >> 20),
                           " MiB (limit temp_bytes_max): sort or keep less at once, or try again "
                           "when others are done"})});
  return false;
}

}  // namespace dosql::sqlite
