#include "lake/key_index.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

namespace dosql::lake {
namespace {

uint16_t high_of(uint64_t hash) {
  return static_cast<uint16_t>(hash >> 48);
}
uint32_t low_of(uint64_t hash) {
  return static_cast<uint32_t>(hash >> 16);
}

}  // namespace

size_t KeyIndex::Run::byte_count() const {
  return high.size() * 2 + bucket_begin.size() * 4 + size() * (4 + 2 + 4) + files.size() * 4;
}

std::pair<size_t, size_t> KeyIndex::Run::bucket(uint16_t prefix) const {
  if (!bucket_begin.empty()) return {bucket_begin[prefix], bucket_begin[prefix + 1U]};
  const auto range = std::equal_range(high.begin(), high.end(), prefix);
  return {range.first - high.begin(), range.second - high.begin()};
}

void KeyIndex::find(uint64_t hash, std::vector<RowPlace>& places) const {
  for (const Run& run : runs_) {
    const auto [begin, end] = run.bucket(high_of(hash));
    const auto from = run.low.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto to = run.low.begin() + static_cast<std::ptrdiff_t>(end);
    const auto first = std::lower_bound(from, to, low_of(hash));
    for (auto at = first; at != to && *at == low_of(hash); ++at) {
      places.push_back(run.place(static_cast<size_t>(at - run.low.begin())));
    }
  }
}

// Sorted, as the run is.
std::vector<KeyIndex::Entry> KeyIndex::entries_of(const Run& run, const IsLive& is_live) {
  std::vector<Entry> entries;
  entries.reserve(run.size());
  const auto add = [&](uint64_t prefix, size_t i) {
    const RowPlace place = run.place(i);
    const uint64_t hash = prefix << 48 | static_cast<uint64_t>(run.low[i]) << 16;
    if (is_live(place)) entries.push_back({hash, place});
  };
  if (run.bucket_begin.empty()) {
    for (size_t i = 0; i < run.size(); ++i) add(run.high[i], i);
    return entries;
  }
  for (size_t prefix = 0; prefix + 1 < run.bucket_begin.size(); ++prefix) {
    for (size_t i = run.bucket_begin[prefix]; i < run.bucket_begin[prefix + 1]; ++i) add(prefix, i);
  }
  return entries;
}

// `entries` are sorted and lie in at most kRunFilesMax files.
KeyIndex::Run KeyIndex::build(const std::vector<Entry>& entries) {
  Run run;
  run.low.reserve(entries.size());
  run.file.reserve(entries.size());
  run.position.reserve(entries.size());
  const bool has_directory = entries.size() >= kDirectoryMin;
  if (has_directory) run.bucket_begin.assign(65537, 0);
  std::unordered_map<uint32_t, uint16_t> numbers;
  for (const Entry& entry : entries) {
    const auto [at, is_new] =
        numbers.try_emplace(entry.place.file, static_cast<uint16_t>(run.files.size()));
    if (is_new) run.files.push_back(entry.place.file);
    run.low.push_back(low_of(entry.hash));
    run.file.push_back(at->second);
    run.position.push_back(entry.place.position);
    if (has_directory) {
      ++run.bucket_begin[high_of(entry.hash) + 1U];
    } else {
      run.high.push_back(high_of(entry.hash));
    }
  }
  for (size_t i = 1; i < run.bucket_begin.size(); ++i)
    run.bucket_begin[i] += run.bucket_begin[i - 1];
  return run;
}

// Cuts where a run's files could not be numbered in 16 bits.
void KeyIndex::add_runs(const std::vector<Entry>& entries) {
  std::unordered_map<uint32_t, size_t> part_of_file;
  std::vector<std::vector<Entry>> parts;
  for (const Entry& entry : entries) {
    const size_t next = part_of_file.size() / kRunFilesMax;
    const size_t part = part_of_file.try_emplace(entry.place.file, next).first->second;
    if (part == parts.size()) parts.emplace_back();
    parts[part].push_back(entry);
  }
  for (const std::vector<Entry>& part : parts) runs_.push_back(build(part));
}

void KeyIndex::settle(const IsLive& is_live) {
  const auto before = [](const Entry& a, const Entry& b) { return a.hash >> 16 < b.hash >> 16; };
  std::vector<Entry> newest = std::exchange(pending_, {});
  std::sort(newest.begin(), newest.end(), before);
  // A run at most twice as large as what is in hand is merged into it, so that each run is more
  // than twice the next: few runs to look into, each entry merged O(log n) times.
  while (!runs_.empty() && !newest.empty() && runs_.back().size() <= 2 * newest.size()) {
    const std::vector<Entry> older = entries_of(runs_.back(), is_live);
    runs_.pop_back();
    std::vector<Entry> merged(older.size() + newest.size());
    std::merge(older.begin(), older.end(), newest.begin(), newest.end(), merged.begin(), before);
    newest = std::move(merged);
  }
  if (!newest.empty()) add_runs(newest);
}

size_t KeyIndex::entry_count() const {
  size_t count = 0;
  for (const Run& run : runs_) count += run.size();
  return count;
}

size_t KeyIndex::byte_count() const {
  size_t bytes = pending_.size() * sizeof(Entry);
  for (const Run& run : runs_) bytes += run.byte_count();
  return bytes;
}

}  // namespace dosql::lake
