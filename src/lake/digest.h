// Digest: of a set of rows, independent of their order. Two tables with equal digests hold the same
// rows with overwhelming probability (128 bits; not against an adversary).
#pragma once

#include <cstdint>

#include "lake/key_hash.h"

namespace dosql::lake {

class Digest {
 public:
  // `row_hash` is a KeyHash over all columns of the row.
  void add(uint64_t row_hash) {
    ++rows_;
    sum_ += row_hash;
    KeyHash again;
    again.add(row_hash);
    mixed_ += again.value();
  }
  [[nodiscard]] uint64_t rows() const { return rows_; }
  bool operator==(const Digest&) const = default;

 private:
  uint64_t rows_ = 0;
  uint64_t sum_ = 0;
  uint64_t mixed_ = 0;
};

}  // namespace dosql::lake
