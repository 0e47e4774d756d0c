// KeyHash: 64 bits of a row's key, folded column by column with 64x64->128 bit products as wyhash
// does (Wang Yi, public domain). In memory only: never stored, may change.
#pragma once

#include <cstring>
#include <string_view>

#include "base/bytes.h"
#include "duck/row_buffer.h"

namespace dosql::lake {

class KeyHash {
 public:
  void add_null() { fold(0x2d358dccaa6c78a5ULL); }
  void add(uint64_t value) { fold(value ^ 0x8bb84b93962eacc9ULL); }
  void add(std::string_view bytes) {
    const char* at = bytes.data();
    size_t left = bytes.size();
    for (; left >= 8; at += 8, left -= 8)
      fold(load_le<uint64_t>(reinterpret_cast<const uint8_t*>(at)));
    uint64_t tail = 0;
    if (left > 0) std::memcpy(&tail, at, left);
    fold(tail);
    fold(bytes.size() ^ 0x4b33a62ed433d4a3ULL);
  }
  [[nodiscard]] uint64_t value() const { return product(state_ ^ 0xa0761d6478bd642fULL, state_); }

 private:
  static uint64_t product(uint64_t a, uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide wide = static_cast<Wide>(a) * b;
    return static_cast<uint64_t>(wide) ^ static_cast<uint64_t>(wide >> 64);
  }
  void fold(uint64_t word) {
    state_ = product(word ^ 0xe7037ed1a0b428dbULL, state_ ^ 0x589965cc75374cc3ULL);
  }

  uint64_t state_ = 0x1d8e4e27c47d124fULL;
};

}  // namespace dosql::lake
