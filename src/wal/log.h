// wal::Log: the node's one log. It carries opaque payloads (commit records) and knows bytes and
// lsns, not pages. DESIGN 4.1; the layout on disk is in wal/format.h and docs/format.md.
//
// An lsn is a byte position: a payload at lsn L lies in the frame that starts at L - kFrameHeader.
// Payload lsns are 8-byte aligned and ascend; segments continue each other's lsns.
//
// Group commit is leader and follower: append() only buffers; whoever needs durability calls
// wait_durable() or flush(), and the first to come writes and syncs everything buffered while later
// ones wait for it. It works without threads too.
//
// After a failed write or sync the log is broken for good: whoever waits gets kOutcomeUnknown,
// append() fails with the cause (kDiskFull, kIo), read() goes on. Nothing is retried.
//
// Thread rule: thread-safe, except open() and close().
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/ids.h"
#include "fsx/disk.h"

namespace dosql::wal {

struct Options {
  uint64_t segment_bytes = 64ULL << 20;  // a record that is larger gets a larger segment
  uint64_t fill_bytes = 1ULL << 20;  // zeros written ahead of the end, so that syncs change no size
};

// Where recovery begins, from the store's root.
struct Start {
  Lsn begin{0};    // the first payload still wanted (trimmed below)
  Epoch epoch{1};  // the epoch to write with; at least the largest ever written
  Lsn durable{0};  // what the root knows to be durable: a round's cut, the mark of a clean close
};

struct Appended {
  Lsn payload;  // where the payload's first byte lies
  Lsn end;      // durable() >= end means the payload is on stable storage
};

// What opening found. `dropped_bytes` > 0: a torn tail that was never known to be durable.
struct Recovery {
  uint64_t frames = 0;
  uint64_t dropped_bytes = 0;
  Lsn end{0};
};

class Log {
 public:
  // `visit(payload lsn, payload)` is called for each valid payload from start.begin on, in order,
  // before open() returns; the bytes are valid during the call. An error from visit ends the open.
  using Visit = std::function<Result<void>(Lsn payload, Bytes bytes)>;

  // Opens the log in `dir`, creating it when it is empty and start.begin is 0.
  // kCorrupt: a damaged frame before the last position known to be durable (names file and offset).
  // What it shows is durable when it returns. A log opened with another epoch than its last
  // segment's begins a new segment at its first append.
  static Result<std::unique_ptr<Log>> open(fsx::Disk& disk, std::string dir, const Options& options,
                                           const Start& start, const Visit& visit,
                                           Recovery* recovery);
  virtual ~Log() = default;

  // Buffers one payload (up to 1 GiB - 1) and assigns its place.
  virtual Result<Appended> append(Bytes payload) = 0;

  // Everything before this lsn is on stable storage. Never goes back. Lock-free.
  [[nodiscard]] virtual Lsn durable() const = 0;
  // The position after the last appended payload.
  [[nodiscard]] virtual Lsn end() const = 0;
  // Returns once durable() >= end, leading a batch when nobody else does.
  virtual Result<void> wait_durable(Lsn end) = 0;
  // wait_durable(end()).
  virtual Result<void> flush() = 0;
  // Called once after `end` became durable (ok) or the log broke (kOutcomeUnknown), from whichever
  // thread led the batch, without locks held; at once when it is durable already. Does not itself
  // start a flush.
  virtual void on_durable(Lsn end, std::function<void(Result<void>)> done) = 0;

  // Reads bytes inside payloads, buffered ones too. kNotFound below the trimmed position.
  virtual Result<void> read(Lsn at, MutableBytes out) = 0;

  // Payloads before `before` are not needed any more: whole segments below it are removed or
  // recycled. The caller has made its root durable with begin = `before` first.
  virtual Result<void> trim(Lsn before) = 0;

  // Flushes and writes a durable mark; the position after it goes into the root as clean_end. No
  // append after it.
  virtual Result<Lsn> close() = 0;

  struct Stats {
    uint64_t syncs = 0;
    uint64_t bytes_appended = 0;
    uint64_t frames = 0;
    uint64_t segments = 0;
    Lsn begin{0};
  };
  [[nodiscard]] virtual Stats stats() const = 0;
};

}  // namespace dosql::wal
