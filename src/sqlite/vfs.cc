#include "sqlite/vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <new>

#include "base/text.h"
#include "sqlite/error.h"
#include "sqlite/temp_files.h"
#include "sqlite/versioned_file.h"

namespace dosql::sqlite {
namespace {

thread_local bool is_opening_main = false;

struct FileHandle {
  sqlite3_file base;
  VersionedFile* file;
};

VersionedFile& file_of(sqlite3_file* handle) {
  return *reinterpret_cast<FileHandle*>(handle)->file;
}

int on_close(sqlite3_file* handle) noexcept {
  delete std::exchange(reinterpret_cast<FileHandle*>(handle)->file, nullptr);
  return SQLITE_OK;
}
int on_read(sqlite3_file* handle, void* out, int size, sqlite3_int64 offset) noexcept {
  return file_of(handle).read(out, size, offset);
}
int on_write(sqlite3_file* handle, const void* bytes, int size, sqlite3_int64 offset) noexcept {
  return file_of(handle).write(bytes, size, offset);
}
int on_truncate(sqlite3_file* handle, sqlite3_int64 size) noexcept {
  return file_of(handle).truncate(size);
}
int on_sync(sqlite3_file*, int) noexcept {
  return SQLITE_OK;
}
int on_file_size(sqlite3_file* handle, sqlite3_int64* size) noexcept {
  int64_t bytes = 0;
  const int result = file_of(handle).file_size(&bytes);
  *size = bytes;
  return result;
}
int on_lock(sqlite3_file* handle, int level) noexcept {
  return file_of(handle).lock(level);
}
int on_unlock(sqlite3_file* handle, int level) noexcept {
  return file_of(handle).unlock(level);
}
int on_check_reserved(sqlite3_file* handle, int* out) noexcept {
  *out = file_of(handle).has_write_lock() ? 1 : 0;
  return SQLITE_OK;
}
int on_sector_size(sqlite3_file*) noexcept {
  return 512;
}
int on_characteristics(sqlite3_file* handle) noexcept {
  const int immutable = file_of(handle).port().is_immutable() ? SQLITE_IOCAP_IMMUTABLE : 0;
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE | immutable;
}

// Pragmas that are ours to answer: {file, name, value}.
int on_pragma(VersionedFile& file, char** arguments) noexcept {
  const std::string_view name = arguments[1];
  const char* value = arguments[2];
  const auto answer = [&](const char* text) {
    arguments[0] = sqlite3_mprintf("%s", text);
    return SQLITE_OK;
  };
  if (equals_ignoring_case(name, "journal_mode")) return answer("wal");
  if (equals_ignoring_case(name, "locking_mode")) return answer("normal");
  if (equals_ignoring_case(name, "mmap_size")) return answer("0");
  const std::string size = std::to_string(file.port().page_size());
  if (!equals_ignoring_case(name, "page_size")) return SQLITE_NOTFOUND;
  if (value == nullptr) return answer(size.c_str());
  return size == value ? SQLITE_NOTFOUND : SQLITE_OK;
}

int on_control(sqlite3_file* handle, int operation, void* argument) noexcept {
  VersionedFile& file = file_of(handle);
  switch (operation) {
    case SQLITE_FCNTL_COMMIT_PHASETWO:
      return file.publish();
    case SQLITE_FCNTL_PRAGMA:
      return on_pragma(file, static_cast<char**>(argument));
    case kPageSizeControl:
      *static_cast<uint32_t*>(argument) = file.port().page_size();
      return SQLITE_OK;
    case SQLITE_FCNTL_SYNC:
    case SQLITE_FCNTL_SIZE_HINT:
    case SQLITE_FCNTL_CHUNK_SIZE:
    case SQLITE_FCNTL_OVERWRITE:
      return SQLITE_OK;
    default:
      return SQLITE_NOTFOUND;
  }
}

const sqlite3_io_methods kMethods = {
    .iVersion = 1,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_file_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_check_reserved,
    .xFileControl = on_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_characteristics,
};

}  // namespace

struct Vfs::Impl {
  PortOpener& opener;
  VfsOptions options;
  std::string name;
  sqlite3_vfs* real = nullptr;  // the operating system's: temporary files, time, randomness
  sqlite3_vfs vfs{};
  std::unique_ptr<TempFiles> temp_files;

  int open_main(const char* path, sqlite3_file* handle, int flags, int* out_flags) {
    auto port = opener.open_port(path);
    if (!port) {
      set_port_error(port.error());
      return SQLITE_CANTOPEN;
    }
    auto* file = reinterpret_cast<FileHandle*>(handle);
    const auto role = is_opening_main ? VersionedFile::Role::kMain : VersionedFile::Role::kAttached;
    file->file =
        new (std::nothrow) VersionedFile(*std::move(port), role, options.transaction_bytes_max);
    if (file->file == nullptr) return SQLITE_NOMEM;
    file->base.pMethods = &kMethods;
    // SQLITE_OPEN_MEMORY makes SQLite keep the rollback journal in memory.
    const int access = flags & SQLITE_OPEN_READONLY;
    if (out_flags != nullptr)
      *out_flags = SQLITE_OPEN_MEMORY | (access != 0 ? access : SQLITE_OPEN_READWRITE);
    return SQLITE_OK;
  }
};

namespace {

Vfs::Impl& impl_of(sqlite3_vfs* vfs) {
  return *static_cast<Vfs::Impl*>(vfs->pAppData);
}

int on_open(sqlite3_vfs* vfs, const char* path, sqlite3_file* handle, int flags,
            int* out_flags) noexcept {
  handle->pMethods = nullptr;
  if (path == nullptr) return impl_of(vfs).temp_files->open(handle, flags, out_flags);
  // Journals have no files: SQLite keeps them in memory.
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return SQLITE_CANTOPEN;
  return impl_of(vfs).open_main(path, handle, flags, out_flags);
}
int on_delete(sqlite3_vfs*, const char*, int) noexcept {
  return SQLITE_OK;
}
int on_access(sqlite3_vfs*, const char*, int, int* out) noexcept {
  *out = 0;
  return SQLITE_OK;
}
int on_full_path(sqlite3_vfs*, const char* path, int size, char* out) noexcept {
  if (std::strlen(path) >= static_cast<size_t>(size)) return SQLITE_CANTOPEN;
  std::strcpy(out, path);
  return SQLITE_OK;
}
int on_randomness(sqlite3_vfs* vfs, int size, char* out) noexcept {
  sqlite3_vfs* real = impl_of(vfs).real;
  return real->xRandomness(real, size, out);
}
int on_sleep(sqlite3_vfs* vfs, int microseconds) noexcept {
  sqlite3_vfs* real = impl_of(vfs).real;
  return real->xSleep(real, microseconds);
}
int on_time(sqlite3_vfs* vfs, double* out) noexcept {
  sqlite3_vfs* real = impl_of(vfs).real;
  return real->xCurrentTime(real, out);
}
int on_time64(sqlite3_vfs* vfs, sqlite3_int64* out) noexcept {
  sqlite3_vfs* real = impl_of(vfs).real;
  return real->xCurrentTimeInt64(real, out);
}
int on_last_error(sqlite3_vfs*, int, char*) noexcept {
  return 0;
}

}  // namespace

MainFileOpening::MainFileOpening() {
  is_opening_main = true;
}
MainFileOpening::~MainFileOpening() {
  is_opening_main = false;
}

Vfs::Vfs(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Vfs::~Vfs() {
  static_cast<void>(sqlite3_vfs_unregister(&impl_->vfs));
}

const std::string& Vfs::name() const {
  return impl_->name;
}

Result<std::unique_ptr<Vfs>> Vfs::create(PortOpener& opener, const VfsOptions& options) {
  static std::atomic<uint64_t> count = 0;
  auto impl = std::unique_ptr<Impl>(new Impl{opener, options, "", nullptr, {}, nullptr});
  impl->name = str_cat({"dosql-", std::to_string(count.fetch_add(1))});
  impl->real = sqlite3_vfs_find(nullptr);
  if (impl->real == nullptr) return fail(Code::kInternal, "SQLite has no default VFS");
  impl->temp_files =
      std::make_unique<TempFiles>(*impl->real, options.temp_directory, options.temp_bytes_max);
  sqlite3_vfs& vfs = impl->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = std::max(static_cast<int>(sizeof(FileHandle)), impl->temp_files->handle_bytes());
  vfs.mxPathname = 512;
  vfs.zName = impl->name.c_str();
  vfs.pAppData = impl.get();
  vfs.xOpen = on_open;
  vfs.xDelete = on_delete;
  vfs.xAccess = on_access;
  vfs.xFullPathname = on_full_path;
  vfs.xRandomness = on_randomness;
  vfs.xSleep = on_sleep;
  vfs.xCurrentTime = on_time;
  vfs.xCurrentTimeInt64 = on_time64;
  vfs.xGetLastError = on_last_error;
  const int result = sqlite3_vfs_register(&vfs, 0);
  if (result != SQLITE_OK) return sqlite_failure(nullptr, result);
  return std::unique_ptr<Vfs>(new Vfs(std::move(impl)));
}

}  // namespace dosql::sqlite
