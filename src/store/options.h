// Settings of a store; each has a name, a default and a documented meaning.
#pragma once

#include <cstdint>

#include "wal/log.h"

namespace dosql::store {

struct Options {
  uint64_t cache_bytes = 256ULL << 20;       // page images in memory
  uint64_t checkpoint_bytes = 256ULL << 20;  // log tail that makes a round due
  uint64_t history_bytes = 128ULL << 20;     // log kept behind the newest cut
  uint64_t log_tail_bytes_max = 1ULL << 30;  // beyond it commits are refused until a round succeeds
  uint64_t transaction_bytes_max = 256ULL << 20;  // pages of one transaction
  bool read_only = false;                         // never writes: no lease needed by the caller
  wal::Options log;
};

}  // namespace dosql::store
