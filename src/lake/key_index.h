// KeyIndex: from the hash of a row's key to where in the lake the row lies, at most 12 bytes a row.
//
// Only appends: when a row moves, its new place is inserted and the old entry dies with the old row
// (its position is in a deletion vector). find() therefore gives candidates; the caller leaves out
// dead positions and, if more than one is left, compares rows. 48 bits of the hash are kept.
//
// Entries wait unsorted until settle(), which sorts them into a run and merges runs of similar size
// (a log-structured merge tree in memory); dead entries go away in merges. It is rebuilt from the
// files by a scan, so nothing of it is durable.
// Thread rule: one writer; find() from many threads between settles.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace dosql::lake {

struct RowPlace {
  uint32_t file = 0;      // the table's number of a data file
  uint32_t position = 0;  // row in the file
  bool operator==(const RowPlace&) const = default;
};

class KeyIndex {
 public:
  using IsLive = std::function<bool(RowPlace)>;

  // Found from the next settle() on.
  void insert(uint64_t hash, RowPlace place) { pending_.push_back({hash, place}); }

  // Appends every settled place whose key may have this hash.
  void find(uint64_t hash, std::vector<RowPlace>& places) const;

  // Sorts what was inserted and merges; `is_live` may be asked for any entry. Call after about
  // kPendingMax inserts at the latest.
  void settle(const IsLive& is_live);
  static constexpr size_t kPendingMax = 1 << 20;

  // Settled entries, dead ones that no merge has met yet included.
  [[nodiscard]] size_t entry_count() const;
  [[nodiscard]] size_t byte_count() const;
  [[nodiscard]] size_t pending_count() const { return pending_.size(); }

 private:
  struct Entry {
    uint64_t hash;
    RowPlace place;
  };

  // Sorted by the upper 48 bits of the hash. The upper 16 are a directory where the run is large
  // enough to pay for one, else an array.
  struct Run {
    std::vector<uint16_t> high;
    std::vector<uint32_t> bucket_begin;  // 65,537 entries, or empty
    std::vector<uint32_t> low;
    std::vector<uint16_t> file;  // index into `files`
    std::vector<uint32_t> position;
    std::vector<uint32_t> files;

    [[nodiscard]] size_t size() const { return low.size(); }
    [[nodiscard]] size_t byte_count() const;
    [[nodiscard]] RowPlace place(size_t i) const { return {files[file[i]], position[i]}; }
    // The entries of the upper 16 bits.
    [[nodiscard]] std::pair<size_t, size_t> bucket(uint16_t prefix) const;
  };

  static constexpr size_t kRunFilesMax = 65536;
  static constexpr size_t kDirectoryMin = 1 << 17;

  [[nodiscard]] static std::vector<Entry> entries_of(const Run& run, const IsLive& is_live);
  [[nodiscard]] static Run build(const std::vector<Entry>& entries);
  void add_runs(const std::vector<Entry>& entries);

  std::vector<Entry> pending_;
  std::vector<Run> runs_;  // larger ones first
};

}  // namespace dosql::lake
