// Any bytes as two database files, the first and the second half: nothing may crash or run forever.
#include <algorithm>
#include <cstdint>
#include <optional>

#include "btree/owners.h"
#include "btree/row_difference.h"

namespace dosql::btree {
namespace {

constexpr uint32_t kPageSize = 512;

class FuzzedFile final : public PageReader, public OwnerReader {
 public:
  explicit FuzzedFile(Bytes bytes) {
    for (; !bytes.empty(); bytes = bytes.subspan(std::min<size_t>(bytes.size(), kPageSize))) {
      PageRef image = PageRef::allocate(kPageSize);
      const MutableBytes to = image.mutable_bytes();
      const Bytes from = bytes.first(std::min<size_t>(bytes.size(), kPageSize));
      std::ranges::fill(std::ranges::copy(from, to.begin()).out, to.end(), uint8_t{0});
      images_.push_back(std::move(image));
    }
  }

  Result<PageRef> page(PageNo page) override { return images_[page - 1]; }
  [[nodiscard]] uint32_t page_count() const override {
    return static_cast<uint32_t>(images_.size());
  }
  [[nodiscard]] uint32_t page_size() const override { return kPageSize; }
  Result<Owner> owner(PageNo page) override {
    return page < owners_.size() ? owners_[page] : Owner();
  }
  // False for a file that no full traversal accepts.
  bool trace() {
    auto owners = trace_owners(*this);
    if (owners) owners_ = *std::move(owners);
    return owners_.size() == images_.size() + 1;
  }

 private:
  std::vector<PageRef> images_;
  std::vector<Owner> owners_;
};

// Every table has three columns, the first one a REAL.
class FixedShapes final : public ShapeSource {
 public:
  FixedShapes() {
    TableShape shape;
    shape.columns.resize(3);
    shape.columns[0].affinity = Affinity::kReal;
    shape.storage = {0, 1, 2};
    rowid_ = std::make_shared<const TableShape>(shape);
    shape.is_without_rowid = true;
    shape.key_fields = 1;
    shape.storage = {1, 0, 2};
    without_rowid_ = std::make_shared<const TableShape>(shape);
  }
  Result<std::shared_ptr<const TableShape>> table_shape(const SchemaRow& table) override {
    return table.sql.size() % 2 == 0 ? rowid_ : without_rowid_;
  }

 private:
  std::shared_ptr<const TableShape> rowid_;
  std::shared_ptr<const TableShape> without_rowid_;
};

class DeafSink final : public RowSink {
 public:
  Result<bool> begin_table(const TableDifference&) override { return true; }
  Result<void> row(const RowChange&) override { return {}; }
  Result<void> end_table() override { return {}; }
};

void run(Bytes bytes) {
  if (bytes.size() > 64 * kPageSize) return;
  const size_t half = bytes.size() / 2 / kPageSize * kPageSize;
  FuzzedFile before(bytes.first(half));
  FuzzedFile after(bytes.subspan(half));
  (void)read_schema(after);
  const bool before_is_sound = before.trace();
  std::vector<PageNo> pages;
  const PageNo most = std::max(before.page_count(), after.page_count());
  for (PageNo page = 1; page <= most; ++page) pages.push_back(page);
  const auto in_after = std::span<const PageNo>(pages).first(after.page_count());
  if (before_is_sound) (void)step_owners(before, before, after, in_after);
  const bool after_is_sound = after.trace();
  if (!before_is_sound || !after_is_sound) return;
  FixedShapes shapes;
  DeafSink sink;
  (void)difference_rows({before, before}, {after, after}, pages, shapes, sink);
}

}  // namespace
}  // namespace dosql::btree

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  dosql::btree::run({bytes, size});
  return 0;
}
