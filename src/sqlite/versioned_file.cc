#include "sqlite/versioned_file.h"

#include <sqlite3.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "sqlite/error.h"

namespace dosql::sqlite {
namespace {

// Database header, byte offsets: https://sqlite.org/fileformat2.html#the_database_header
constexpr int64_t kChangeCounter = 24;
constexpr int64_t kVersionValidFor = 92;
constexpr size_t kWriteVersion = 18;
constexpr size_t kReadVersion = 19;
constexpr size_t kPageSize = 16;
constexpr size_t kHeaderBytes = 100;
constexpr uint32_t kDefaultPageSize = 4096;  // SQLite's own

int refuse(const Error& error, int otherwise) {
  set_port_error(error);
  switch (error.code) {
    case Code::kBusy:
      return SQLITE_BUSY;
    case Code::kBusySnapshot:
      return SQLITE_BUSY_SNAPSHOT;
    case Code::kReadOnly:
      return SQLITE_READONLY;
    // A refusal, not a fault: SQLite ends the statement and leaves the transaction open.
    case Code::kUnsupported:
      return SQLITE_PERM;
    case Code::kDiskFull:
    case Code::kTooBig:
      return SQLITE_FULL;
    case Code::kCorrupt:
      return SQLITE_CORRUPT;
    default:
      return otherwise;
  }
}

}  // namespace

VersionedFile::~VersionedFile() {
  static_cast<void>(unlock(SQLITE_LOCK_NONE));
}

Result<void> VersionedFile::ensure_pinned() {
  if (is_pinned_) return {};
  DOSQL_TRY(pin_, port_->pin());
  is_pinned_ = true;
  page_count_ = pin_.page_count;
  if (pin_.version != seen_) {
    ++counter_;
    seen_ = pin_.version;
  }
  return {};
}

Result<PageRef> VersionedFile::image_of(PageNo page) {
  if (const auto at = overlay_.find(page); at != overlay_.end()) return at->second;
  if (page <= pin_.page_count) return port_->page(page);
  PageRef zeros = PageRef::allocate(port_->page_size());
  std::memset(zeros.mutable_bytes().data(), 0, zeros.size());
  return zeros;
}

void VersionedFile::patch_counter(MutableBytes out, int64_t offset) const {
  const uint32_t counter = overlay_.contains(1) ? written_counter_ : counter_;
  for (const int64_t field : {kChangeCounter, kVersionValidFor}) {
    for (int64_t i = 0; i < 4; ++i) {
      const int64_t at = field + i - offset;
      if (at < 0 || at >= static_cast<int64_t>(out.size())) continue;
      out[static_cast<size_t>(at)] = static_cast<uint8_t>(counter >> (24 - 8 * i));
    }
  }
}

// SQLite takes the page size of an empty attached database from what it finds in the header when
// it opens the file.
void VersionedFile::announce_page_size(MutableBytes header) const {
  const uint32_t size = port_->page_size();
  if (role_ == Role::kMain || size == kDefaultPageSize || header.size() != kHeaderBytes) return;
  header[kPageSize] = static_cast<uint8_t>(size >> 8);  // 65536 is written as 1
  header[kPageSize + 1] = static_cast<uint8_t>(size >> 16);
}

int VersionedFile::read(void* out, int size, int64_t offset) {
  const bool was_pinned = is_pinned_;
  if (auto pinned = ensure_pinned(); !pinned) return refuse(pinned.error(), SQLITE_IOERR_READ);
  const int64_t page_size = port_->page_size();
  auto* bytes = static_cast<uint8_t*>(out);
  int64_t done = 0;
  int result = SQLITE_OK;
  while (done < size && result == SQLITE_OK) {
    const int64_t at = offset + done;
    const auto page = static_cast<PageNo>(at / page_size + 1);
    const int64_t within = at % page_size;
    const int64_t part = std::min<int64_t>(size - done, page_size - within);
    if (page > page_count_) {
      std::memset(bytes + done, 0, static_cast<size_t>(size - done));
      if (at == 0) announce_page_size({bytes, static_cast<size_t>(size)});
      result = SQLITE_IOERR_SHORT_READ;
      break;
    }
    auto image = image_of(page);
    if (!image) {
      result = refuse(image.error(), SQLITE_IOERR_READ);
      break;
    }
    std::memcpy(bytes + done, image->data() + within, static_cast<size_t>(part));
    if (page == 1) patch_counter({bytes + done, static_cast<size_t>(part)}, within);
    done += part;
  }
  // SQLite looks at the header once before it takes any lock.
  if (!was_pinned && level_ == SQLITE_LOCK_NONE) {
    port_->unpin();
    is_pinned_ = false;
  }
  return result;
}

int VersionedFile::begin_change() {
  if (has_changed_) return SQLITE_OK;
  auto begun = port_->begin_change();
  if (begun) return SQLITE_OK;
  set_port_error(begun.error());
  return SQLITE_IOERR_WRITE;
}

int VersionedFile::write(const void* bytes, int size, int64_t offset) {
  const int64_t page_size = port_->page_size();
  if (!is_writing_ || size != page_size || offset % page_size != 0) return SQLITE_IOERR_WRITE;
  if (const int begun = begin_change(); begun != SQLITE_OK) return begun;
  const auto page = static_cast<PageNo>(offset / page_size + 1);
  PageRef& kept = overlay_[page];
  if (kept.empty() && overlay_.size() * static_cast<uint64_t>(page_size) > transaction_bytes_max_) {
    overlay_.erase(page);
    return refuse(too_big(), SQLITE_FULL);
  }
  PageRef image = PageRef::copy_of({static_cast<const uint8_t*>(bytes), static_cast<size_t>(size)});
  if (page == 1) {
    uint8_t* header = image.mutable_bytes().data();
    written_counter_ = load_be<uint32_t>(header + kChangeCounter);
    std::memset(header + kChangeCounter, 0, 4);
    std::memset(header + kVersionValidFor, 0, 4);
    // A copy of a database in WAL mode: there is no WAL here.
    was_wal_ = header[kReadVersion] != 1;
    header[kWriteVersion] = 1;
    header[kReadVersion] = 1;
  }
  kept = std::move(image);
  page_count_ = std::max(page_count_, page);
  has_changed_ = true;
  return SQLITE_OK;
}

Error VersionedFile::too_big() const {
  return {
      Code::kTooBig,
      str_cat({"the transaction changes more than ", std::to_string(transaction_bytes_max_ >> 20),
               " MiB of pages (limit transaction_bytes_max): commit in smaller steps"})};
}

int VersionedFile::truncate(int64_t size) {
  if (!is_writing_) return SQLITE_IOERR_TRUNCATE;
  if (const int begun = begin_change(); begun != SQLITE_OK) return begun;
  page_count_ = static_cast<uint32_t>(size / port_->page_size());
  overlay_.erase(overlay_.upper_bound(page_count_), overlay_.end());
  has_changed_ = true;
  return SQLITE_OK;
}

int VersionedFile::file_size(int64_t* size) {
  const bool was_pinned = is_pinned_;
  if (auto pinned = ensure_pinned(); !pinned) return refuse(pinned.error(), SQLITE_IOERR_FSTAT);
  *size = static_cast<int64_t>(page_count_) * port_->page_size();
  if (!was_pinned && level_ == SQLITE_LOCK_NONE) {
    port_->unpin();
    is_pinned_ = false;
  }
  return SQLITE_OK;
}

int VersionedFile::lock(int level) {
  if (level <= level_) return SQLITE_OK;
  if (auto pinned = ensure_pinned(); !pinned) return refuse(pinned.error(), SQLITE_IOERR_LOCK);
  if (level >= SQLITE_LOCK_RESERVED && !is_writing_) {
    if (auto begun = port_->begin_write(); !begun) return refuse(begun.error(), SQLITE_IOERR_LOCK);
    is_writing_ = true;
  }
  level_ = level;
  return SQLITE_OK;
}

int VersionedFile::unlock(int level) {
  if (level <= SQLITE_LOCK_SHARED) {
    drop_overlay();
    if (is_writing_) {
      is_writing_ = false;
      port_->end_write();
    }
  }
  if (level == SQLITE_LOCK_NONE && is_pinned_) {
    port_->unpin();
    is_pinned_ = false;
  }
  level_ = std::min(level_, level);
  return SQLITE_OK;
}

void VersionedFile::drop_overlay() {
  overlay_.clear();
  has_changed_ = false;
  was_wal_ = false;
  page_count_ = pin_.page_count;
}

// Page 1 is written by every commit for its change counter alone; a statement may also write what
// was there before. Then there is no new version.
Result<bool> VersionedFile::changes_something() {
  if (page_count_ != pin_.page_count) return true;
  for (const auto& [page, image] : overlay_) {
    if (page > pin_.page_count) return true;
    DOSQL_TRY(const PageRef before, port_->page(page));
    if (std::memcmp(before.data(), image.data(), image.size()) != 0) return true;
  }
  return false;
}

int VersionedFile::publish() {
  if (!has_changed_) return SQLITE_OK;
  const auto changes = changes_something();
  if (!changes) return refuse(changes.error(), SQLITE_IOERR_WRITE);
  if (*changes) {
    std::vector<DirtyPage> pages;
    pages.reserve(overlay_.size());
    for (const auto& [page, image] : overlay_) {
      if (page <= page_count_) pages.push_back({page, image});
    }
    auto pin = port_->commit(pages, page_count_);
    if (!pin) {
      Error error = pin.error();
      drop_overlay();
      // Never BUSY from here: SQLite would keep its changed pages in the cache.
      const int result = refuse(error, SQLITE_IOERR_WRITE);
      return (result & 0xff) == SQLITE_BUSY ? SQLITE_IOERR_WRITE : result;
    }
    pin_ = *pin;
    seen_ = pin_.version;
  }
  if (overlay_.contains(1)) counter_ = written_counter_;
  if (was_wal_) seen_ = Version(0);  // the next lock finds another counter and drops the cache
  drop_overlay();
  return SQLITE_OK;
}

}  // namespace dosql::sqlite
