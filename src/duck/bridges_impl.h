// The functions through which SQL reaches our memory: dosql_rows(id) and keep_row(id, file, pos).
// For this folder's .cc files alone.
#pragma once

#include <atomic>
#include <memory>
#include <unordered_map>

#include "base/sync.h"
#include "duck/handles_impl.h"
#include "duck/row_buffer.h"
#include "duck/row_filter.h"

namespace dosql::duck {

// What a Database lends right now, by id. Thread-safe.
template <class T>
class Registry {
 public:
  void add(uint64_t id, T value) {
    const MutexLock lock(mutex_);
    entries_.emplace(id, std::move(value));
  }
  void remove(uint64_t id) {
    const MutexLock lock(mutex_);
    entries_.erase(id);
  }
  // T{} when the id is not lent (any more).
  [[nodiscard]] T find(uint64_t id) const {
    const MutexLock lock(mutex_);
    const auto at = entries_.find(id);
    return at == entries_.end() ? T{} : at->second;
  }

 private:
  mutable Mutex mutex_;
  std::unordered_map<uint64_t, T> entries_ DOSQL_GUARDED_BY(mutex_);
};

struct Bridges {
  std::atomic<uint64_t> next_id{1};
  Registry<const RowBuffer*> rows;
  Registry<std::shared_ptr<const RowFilter>> filters;
};

// Makes both functions known to every connection of the database; each keeps `bridges` alive.
Result<void> register_bridges(duckdb_connection connection, std::shared_ptr<Bridges> bridges);

}  // namespace dosql::duck
