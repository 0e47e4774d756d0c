#include "base/page_ref.h"

#include <cstdlib>

namespace dosql {

constexpr size_t kOverreadBytes = 256;

PageRef PageRef::allocate(uint32_t size) {
  void* memory = std::malloc(sizeof(Block) + size + kOverreadBytes);
  DOSQL_CHECK(memory != nullptr);
  auto* block = new (memory) Block{1, size};
  std::memset(block->image() + size, 0, kOverreadBytes);
  return PageRef(block);
}

PageRef PageRef::copy_of(Bytes bytes) {
  PageRef page = allocate(static_cast<uint32_t>(bytes.size()));
  std::memcpy(page.block_->image(), bytes.data(), bytes.size());
  return page;
}

void PageRef::release() {
  if (block_ == nullptr) return;
  if (block_->count.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    block_->~Block();
    std::free(block_);
  }
  block_ = nullptr;
}

}  // namespace dosql
