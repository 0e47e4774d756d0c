// Stored nodes in memory, for tests of what sits on a PageTree.
// Thread rule: load_node() from many threads, else one thread.
#pragma once

#include <atomic>
#include <map>

#include "pages/page_tree.h"

namespace dosql::pages {

class FakeNodes final : public NodeSource, public NodeSink {
 public:
  Result<Buffer> load_node(Address address) override {
    ++loads;
    if (fails) return fail(Code::kIo, "no disk");
    const auto at = blocks_.find(address.raw());
    if (at == blocks_.end()) return fail(Code::kCorrupt, "no such node");
    return at->second;
  }
  // Each at an address of its own in pack 1.
  Result<Address> store_node(Bytes bytes) override {
    if (fails || blocks_.size() >= stored_max) return fail(Code::kDiskFull, "no disk");
    const Address address = Address::pack({1, next_, 100});
    next_ += 8;
    blocks_[address.raw()] = Buffer(bytes.begin(), bytes.end());
    return address;
  }
  [[nodiscard]] size_t stored() const { return blocks_.size(); }
  void damage_all() {
    for (auto& [address, bytes] : blocks_) bytes.pop_back();
  }

  std::atomic<int> loads{0};
  bool fails = false;
  size_t stored_max = SIZE_MAX;

 private:
  uint32_t next_ = 32;
  std::map<uint64_t, Buffer> blocks_;
};

}  // namespace dosql::pages
