// Segments: the files of the log, as one range of lsns. The LogDevice of DESIGN 3 for a local disk.
// Thread rule: read() from any thread; the others by one thread at a time (the leader of a batch, a
// trim); they exclude each other by a mutex of their own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/sync.h"
#include "fsx/disk.h"

namespace dosql::wal {

struct Recovered {
  uint64_t frames = 0;
  uint64_t dropped_bytes = 0;
  uint64_t end = 0;
  bool may_continue = false;  // the newest segment is of the wanted epoch
};

class Segments {
 public:
  using Visit = std::function<Result<void>(Lsn payload, Bytes bytes)>;

  Segments(fsx::Disk& disk, std::string directory, uint64_t fill_bytes)
      : disk_(disk), directory_(std::move(directory)), fill_bytes_(fill_bytes) {}

  // Finds the valid frames from `begin` on (wal/log.h has the rule) and makes them durable.
  Result<Recovered> recover(uint64_t begin, Epoch epoch, uint64_t durable, const Visit& visit);

  // Begins a segment at `first_lsn`; everything before it is durable.
  Result<void> begin_segment(uint64_t first_lsn, Epoch epoch);
  // Writes into the newest segment.
  Result<void> write(uint64_t lsn, Bytes bytes);
  Result<void> sync();
  // kNotFound below the trimmed position.
  Result<void> read(uint64_t lsn, MutableBytes out);
  Result<void> trim(uint64_t before);

  [[nodiscard]] uint64_t newest_first_lsn() const;
  [[nodiscard]] uint64_t count() const;

 private:
  struct Segment {
    uint64_t first_lsn = 0;
    Epoch epoch{0};
    std::shared_ptr<fsx::File> file;
    uint64_t filled = 0;  // file bytes that exist
    std::string path;
  };
  struct Scan {
    uint64_t end = 0;  // of the valid frames
    uint64_t frames = 0;
    uint64_t synced = 0;  // known to be durable before it
  };

  Result<void> open_files();
  Result<Segment> open_segment(const std::string& name);
  Result<Scan> scan(const Segment& segment, Bytes content, uint64_t from, uint64_t limit,
                    const Visit& visit) const;
  Result<void> check_damage(const Segment& segment, Bytes content, uint64_t at,
                            uint64_t durable) const;
  Result<void> make_durable(const Segment& segment, Bytes content, uint64_t from,
                            uint64_t to) const;
  uint64_t count_dropped(const Segment& segment, Bytes content, uint64_t at) const;
  Result<std::shared_ptr<fsx::File>> take_file(const std::string& path) DOSQL_REQUIRES(mutex_);

  fsx::Disk& disk_;
  const std::string directory_;
  const uint64_t fill_bytes_;
  mutable Mutex mutex_;
  std::vector<Segment> segments_ DOSQL_GUARDED_BY(mutex_);  // ascending
  std::vector<std::string> spares_ DOSQL_GUARDED_BY(mutex_);
  uint64_t next_spare_ DOSQL_GUARDED_BY(mutex_) = 0;
};

}  // namespace dosql::wal
