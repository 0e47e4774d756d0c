// What changes cost: claims, at most 3 us for each changed leaf (100 rows, one of them changed),
// and a million rows a second when a whole table is new.
#include <benchmark/benchmark.h>

#include "btree/row_difference.h"

namespace dosql::btree {
namespace {

constexpr uint32_t kPageSize = 4096;
constexpr size_t kRows = 100;  // in a leaf

void store_be(uint8_t* to, size_t value, size_t width) {
  for (size_t i = width; i > 0; --i, value >>= 8) to[i - 1] = static_cast<uint8_t>(value);
}

PageRef empty_page() {
  PageRef page = PageRef::allocate(kPageSize);
  std::memset(page.mutable_bytes().data(), 0, kPageSize);
  return page;
}

// Rows (id INTEGER PRIMARY KEY, k INT, v TEXT) with ids from `first`; `changed` has another k.
PageRef leaf(size_t first, size_t changed) {
  PageRef page = empty_page();
  uint8_t* bytes = page.mutable_bytes().data();
  bytes[0] = 13;
  store_be(bytes + 3, kRows, 2);
  for (size_t i = 0; i < kRows; ++i) {
    const size_t at = kPageSize - 36 * (i + 1);
    const size_t rowid = first + i;
    store_be(bytes + 8 + 2 * i, at, 2);
    const uint8_t row[] = {28,
                           static_cast<uint8_t>(0x80 | rowid >> 14),
                           static_cast<uint8_t>(0x80 | (rowid >> 7 & 0x7f)),
                           static_cast<uint8_t>(rowid & 0x7f),
                           4,
                           0,
                           4,
                           53};
    std::memcpy(bytes + at, row, sizeof row);
    store_be(bytes + at + 8, rowid == changed ? 1 : rowid * 7, 4);
    std::memset(bytes + at + 12, 'x', 20);
  }
  return page;
}

// Page 1 with the row of table t, its interior root at 2, leaves from 3.
class Version final : public PageReader, public OwnerReader {
 public:
  Version() = default;
  explicit Version(size_t leaves) {
    images_ = {empty_page(), empty_page()};
    uint8_t* bytes = images_[0].mutable_bytes().data();
    bytes[100] = 13;
    store_be(bytes + 103, 1, 2);
    store_be(bytes + 105, 4000, 2);
    store_be(bytes + 108, 4000, 2);
    const uint8_t row[] = {15, 1, 6, 23, 15, 15, 1, 15, 't', 'a', 'b', 'l', 'e', 't', 't', 2, 's'};
    std::memcpy(bytes + 4000, row, sizeof row);
    bytes = images_[1].mutable_bytes().data();
    bytes[0] = 5;
    store_be(bytes + 3, leaves - 1, 2);
    store_be(bytes + 8, leaves + 2, 4);
    for (size_t i = 0; i + 1 < leaves; ++i) {
      const size_t at = kPageSize - 8 * (i + 1);
      store_be(bytes + 12 + 2 * i, at, 2);
      store_be(bytes + at, i + 3, 4);
      bytes[at + 4] = 1;
    }
    for (size_t i = 0; i < leaves; ++i) images_.push_back(leaf(1 + kRows * i, 0));
    owners_ = trace_owners(*this).value();
  }
  // Leaf `i` with one row changed.
  void change(size_t i) { images_[i + 2] = leaf(1 + kRows * i, kRows * i + 50); }

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

class OneShape final : public ShapeSource {
 public:
  OneShape() {
    auto shape = std::make_shared<TableShape>();
    shape->columns.resize(3);
    shape->rowid_alias = 0;
    shape->storage = {0, 1, 2};
    shape_ = std::move(shape);
  }
  Result<std::shared_ptr<const TableShape>> table_shape(const SchemaRow&) override {
    return shape_;
  }

 private:
  std::shared_ptr<const TableShape> shape_;
};

class CountingSink final : public RowSink {
 public:
  Result<bool> begin_table(const TableDifference&) override { return true; }
  Result<void> row(const RowChange& change) override {
    rows += change.after.size() == 3 ? 1 : 0;
    return {};
  }
  Result<void> end_table() override { return {}; }
  int64_t rows = 0;
};

void one_row_in_each_leaf(benchmark::State& state) {
  const auto leaves = static_cast<size_t>(state.range(0));
  Version before(300);
  Version after(300);
  std::vector<PageNo> differing;
  for (size_t i = 0; i < leaves; ++i) {
    after.change(i);
    differing.push_back(static_cast<PageNo>(i + 3));
  }
  OneShape shapes;
  CountingSink sink;
  for (auto _ : state) {
    const auto done = difference_rows({before, before}, {after, after}, differing, shapes, sink);
    if (!done) state.SkipWithError(done.error().message.c_str());
  }
  if (sink.rows != static_cast<int64_t>(leaves) * static_cast<int64_t>(state.iterations())) {
    state.SkipWithError("wrong number of rows");
  }
  state.counters["per_leaf"] = benchmark::Counter(
      static_cast<double>(leaves),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(one_row_in_each_leaf)->Arg(1)->Arg(3)->Arg(100);

void whole_new_table(benchmark::State& state) {
  Version before;
  Version after(300);
  std::vector<PageNo> differing;
  for (PageNo page = 1; page <= after.page_count(); ++page) differing.push_back(page);
  OneShape shapes;
  CountingSink sink;
  for (auto _ : state) {
    const auto done = difference_rows({before, before}, {after, after}, differing, shapes, sink);
    if (!done) state.SkipWithError(done.error().message.c_str());
  }
  state.SetItemsProcessed(sink.rows);
}
BENCHMARK(whole_new_table);

}  // namespace
}  // namespace dosql::btree
