// What owners cost a commit: claim, at most 2 us for each changed page of the common commit.
#include <benchmark/benchmark.h>

#include "btree/owners.h"

namespace dosql::btree {
namespace {

constexpr uint32_t kPageSize = 4096;

void store_be(uint8_t* to, size_t value, size_t width) {
  for (size_t i = width; i > 0; --i, value >>= 8) to[i - 1] = static_cast<uint8_t>(value);
}

// A leaf of a table with `cells` rows of 36 bytes, from `first_rowid`.
PageRef leaf(size_t cells, size_t first_rowid) {
  PageRef image = PageRef::allocate(kPageSize);
  uint8_t* bytes = image.mutable_bytes().data();
  std::memset(bytes, 0, kPageSize);
  bytes[0] = 13;
  store_be(bytes + 3, cells, 2);
  for (size_t i = 0; i < cells; ++i) {
    const size_t at = kPageSize - 36 * (i + 1);
    store_be(bytes + 8 + 2 * i, at, 2);
    const size_t rowid = first_rowid + i;
    bytes[at] = 32;
    bytes[at + 1] = static_cast<uint8_t>(0x80 | rowid >> 7);
    bytes[at + 2] = static_cast<uint8_t>(rowid & 0x7f);
    bytes[at + 3] = 2;  // header: one blob of 30 bytes
    bytes[at + 4] = 12 + 2 * 30;
  }
  return image;
}

// Page 1 with one schema row, an interior root at 2, and leaves below.
class Table final : public PageReader, public OwnerReader {
 public:
  explicit Table(size_t leaves) {
    PageRef header = PageRef::allocate(kPageSize);
    uint8_t* bytes = header.mutable_bytes().data();
    std::memset(bytes, 0, kPageSize);
    bytes[100] = 13;
    store_be(bytes + 103, 1, 2);
    store_be(bytes + 108, 4000, 2);
    const uint8_t row[] = {15, 1, 6, 23, 15, 15, 1, 15, 't', 'a', 'b', 'l', 'e', 't', 't', 2, 's'};
    std::memcpy(bytes + 4000, row, sizeof row);
    PageRef root = PageRef::allocate(kPageSize);
    bytes = root.mutable_bytes().data();
    std::memset(bytes, 0, kPageSize);
    bytes[0] = 5;
    store_be(bytes + 3, leaves - 1, 2);
    store_be(bytes + 8, leaves + 2, 4);
    for (size_t i = 0; i + 1 < leaves; ++i) {
      const size_t at = kPageSize - 8 * (i + 1);
      store_be(bytes + 12 + 2 * i, at, 2);
      store_be(bytes + at, i + 3, 4);
      bytes[at + 4] = 1;
    }
    images_ = {std::move(header), std::move(root)};
    for (size_t i = 0; i < leaves; ++i) images_.push_back(leaf(100, 1 + 100 * i));
    owners_ = trace_owners(*this).value();
  }
  void replace(PageNo page, PageRef image) { images_[page - 1] = std::move(image); }

  Result<PageRef> page(PageNo page) override { return images_[page - 1]; }
  Result<Owner> owner(PageNo page) override { return owners_[page]; }
  [[nodiscard]] uint32_t page_count() const override {
    return static_cast<uint32_t>(images_.size());
  }
  [[nodiscard]] uint32_t page_size() const override { return kPageSize; }

 private:
  std::vector<PageRef> images_;
  std::vector<Owner> owners_;
};

void one_row_insert(benchmark::State& state) {
  Table before(200);
  Table after(200);
  after.replace(50, leaf(101, 4701));
  const std::vector<PageNo> changed = {50};
  for (auto _ : state) benchmark::DoNotOptimize(step_owners(before, before, after, changed));
}
BENCHMARK(one_row_insert);

void row_in_three_leaves(benchmark::State& state) {
  Table before(200);
  Table after(200);
  const std::vector<PageNo> changed = {50, 60, 70};
  for (const PageNo page : changed) after.replace(page, leaf(101, 100 * page));
  for (auto _ : state) benchmark::DoNotOptimize(step_owners(before, before, after, changed));
}
BENCHMARK(row_in_three_leaves);

void leaf_split(benchmark::State& state) {
  Table before(200);
  Table after(201);  // the root has a child more
  const std::vector<PageNo> changed = {2, 202, 203};
  for (auto _ : state) benchmark::DoNotOptimize(step_owners(before, before, after, changed));
}
BENCHMARK(leaf_split);

}  // namespace
}  // namespace dosql::btree
