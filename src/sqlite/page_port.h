// PagePort: what the VFS needs of a versioned page store. One port is the door of one file handle
// (main or attached schema of one connection) to one database and branch, or to one fixed version,
// for life. Implemented in engine/ over store/, and in memory by the tests.
//
// A port has at most one pin at a time. The sequence that SQLite drives:
//   pin  page*  unpin                                     a read transaction
//   pin  page*  begin_write  page*  begin_change  page*  commit  end_write  unpin     one that
//   writes pin  page*  begin_write  page*  end_write  unpin                      ... rolled back
// Thread rule: one thread at a time, the one that uses the connection.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/page_ref.h"

namespace dosql::sqlite {

struct Pin {
  Version version;
  uint32_t page_count = 0;
};

struct DirtyPage {
  PageNo page = 0;
  PageRef image;
};

class PagePort {
 public:
  virtual ~PagePort() = default;

  // Fixed for the life of the database: 512 .. 65536, a power of two.
  [[nodiscard]] virtual uint32_t page_size() const = 0;
  // A fixed version: no locks, no writes (SQLITE_IOCAP_IMMUTABLE).
  [[nodiscard]] virtual bool is_immutable() const = 0;

  // Pins the version this transaction sees: the durable root, or the head when this port's session
  // holds the write permit. Costs well under a microsecond.
  virtual Result<Pin> pin() = 0;
  virtual void unpin() = 0;
  // The image of `page` in the pinned version; zeros for a page never written. page <= page_count.
  virtual Result<PageRef> page(PageNo page) = 0;

  // Takes the write permit. kBusy: another session kept it past the busy timeout. kBusySnapshot:
  // the pinned version is no longer the head. kReadOnly, kUnsupported, kIo (log broken), ...
  virtual Result<void> begin_write() = 0;
  // Before the first changed page of the transaction leaves SQLite's cache, which may be at the
  // commit only. An error ends the whole transaction.
  virtual Result<void> begin_change() = 0;
  // Publishes a new version. `pages` ascend; pages beyond `page_count` are gone. Pages equal to
  // the pinned version's may be in it. On success the version is the head (durable a moment later:
  // whoever answers the user waits for that) and becomes this port's pin. On an error nothing was
  // published. Never kBusy.
  virtual Result<Pin> commit(std::span<const DirtyPage> pages, uint32_t page_count) = 0;
  // Gives the permit back, after a commit or without one.
  virtual void end_write() = 0;
};

// Resolves the file name of an xOpen (main database or ATTACH) to a port.
class PortOpener {
 public:
  virtual ~PortOpener() = default;
  virtual Result<std::unique_ptr<PagePort>> open_port(std::string_view name) = 0;
};

}  // namespace dosql::sqlite
