// PageRef: a shared, immutable page image. Copying a PageRef copies no bytes.
//
// A page is filled once through PageRef::allocate(...).mutable_bytes() while its creator is the
// only holder, and never changes after it is handed out (invariant: no code path writes in place).
// 256 zero bytes follow every image, because SQLite may read slightly past a corrupt page.
// Beside the image stands one byte in which whoever interprets it may keep what follows from the
// bytes alone, so that it is found out once.
// Thread rule: the count is atomic; the bytes are immutable once shared.
#pragma once

#include <atomic>
#include <utility>

#include "base/bytes.h"

namespace dosql {

class PageRef {
 public:
  PageRef() = default;
  PageRef(const PageRef& other) : block_(other.block_) {
    if (block_ != nullptr) block_->count.fetch_add(1, std::memory_order_relaxed);
  }
  PageRef(PageRef&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  PageRef& operator=(PageRef other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~PageRef() { release(); }

  // Uninitialised content. Aborts when memory is exhausted.
  [[nodiscard]] static PageRef allocate(uint32_t size);
  [[nodiscard]] static PageRef copy_of(Bytes bytes);

  [[nodiscard]] bool empty() const { return block_ == nullptr; }
  [[nodiscard]] Bytes bytes() const {
    return block_ == nullptr ? Bytes{} : Bytes{block_->image(), block_->size};
  }
  [[nodiscard]] const uint8_t* data() const { return block_->image(); }
  [[nodiscard]] uint32_t size() const { return block_ == nullptr ? 0 : block_->size; }
  // 0 until set.
  [[nodiscard]] uint8_t memo() const { return block_->memo.load(std::memory_order_relaxed); }
  void set_memo(uint8_t memo) const { block_->memo.store(memo, std::memory_order_relaxed); }
  // Only for the sole holder.
  [[nodiscard]] MutableBytes mutable_bytes() {
    DOSQL_CHECK(is_unique());
    return {block_->image(), block_->size};
  }
  [[nodiscard]] bool is_unique() const {
    return block_ != nullptr && block_->count.load(std::memory_order_acquire) == 1;
  }

 private:
  struct Block {
    std::atomic<uint32_t> count;
    uint32_t size;
    std::atomic<uint8_t> memo = 0;
    uint8_t* image() { return reinterpret_cast<uint8_t*>(this + 1); }
  };
  explicit PageRef(Block* block) : block_(block) {}
  void release();

  Block* block_ = nullptr;
};

}  // namespace dosql
