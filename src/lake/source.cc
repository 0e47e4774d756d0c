#include "lake/source.h"

#include <algorithm>
#include <numeric>

#include "changes/change_stream.h"
#include "store/view_pages.h"

namespace dosql::lake {
namespace {

// The version before anything was written.
class NoPages final : public btree::PageReader, public btree::OwnerReader {
 public:
  explicit NoPages(uint32_t page_size) : page_size_(page_size) {}
  Result<PageRef> page(PageNo) override {
    return fail(Code::kInternal, "an empty version was asked for a page");
  }
  Result<btree::Owner> owner(PageNo) override { return btree::Owner(); }
  [[nodiscard]] uint32_t page_count() const override { return 0; }
  [[nodiscard]] uint32_t page_size() const override { return page_size_; }

 private:
  const uint32_t page_size_;
};

Cell cell_of(const btree::Value& value) {
  using Type = btree::Value::Type;
  switch (value.type()) {
    case Type::kNull:
      return {};
    case Type::kInteger:
      return Cell::of(value.as_integer());
    case Type::kReal:
      return Cell::of(value.as_real());
    case Type::kText:
      return Cell::text(value.as_text());
    case Type::kBlob:
      return Cell::blob(as_text(value.as_blob()));
  }
  return {};
}

Cell cell_of(const btree::OwnedValue& value) {
  return cell_of(value.view());
}

// Columns of the shape that the lake has, and what a row of values gives for them.
class StoredColumns {
 public:
  void set_shape(const btree::TableShape* shape) {
    stored_.clear();
    if (shape == nullptr) return;
    for (size_t i = 0; i < shape->columns.size(); ++i) {
      if (shape->columns[i].is_stored()) stored_.push_back(i);
    }
  }
  [[nodiscard]] const std::vector<size_t>& indices() const { return stored_; }
  std::span<const Cell> cells_of(std::span<const btree::Value> values) {
    cells_.clear();
    if (values.empty()) return {};
    for (const size_t column : stored_) cells_.push_back(cell_of(values[column]));
    return cells_;
  }

 private:
  std::vector<size_t> stored_;
  std::vector<Cell> cells_;
};

SourceTable table_of(const btree::SchemaRow& row, const btree::TableShape& shape,
                     const std::vector<size_t>& stored) {
  SourceTable table{.name = row.name, .columns = {}, .key = {}};
  std::vector<std::pair<uint32_t, size_t>> key;
  bool has_null_free_key = true;
  for (size_t i = 0; i < stored.size(); ++i) {
    const btree::ColumnShape& column = shape.columns[stored[i]];
    table.columns.push_back({column.name, column.declared_type, cell_of(column.default_value)});
    if (column.key_position == 0) continue;
    key.emplace_back(column.key_position, i);
    has_null_free_key &= column.is_not_null;
  }
  std::ranges::sort(key);
  for (const auto& [position, column] : key) table.key.push_back(column);
  const bool is_alias = shape.rowid_alias != btree::TableShape::kNone;
  table.key_is_not_null = has_null_free_key || is_alias || shape.is_without_rowid;
  return table;
}

class DifferenceSink final : public btree::RowSink {
 public:
  DifferenceSink(const btree::Schema& before, const btree::Schema& after, SourceSink& sink)
      : before_schema_(before), after_schema_(after), sink_(sink) {}

  Result<bool> begin_table(const btree::TableDifference& table) override {
    is_wanted_ = false;
    const btree::Schema& schema = table.is_dropped() ? before_schema_ : after_schema_;
    if (!changes::is_user_table(schema, table.name())) return false;
    before_.set_shape(table.before_shape);
    after_.set_shape(table.after_shape);
    SourceDifference difference;
    if (!table.is_created() && table.before_shape != nullptr) {
      difference.before = table_of(*table.before, *table.before_shape, before_.indices());
    }
    if (!table.is_dropped() && table.after_shape != nullptr) {
      difference.after = table_of(*table.after, *table.after_shape, after_.indices());
    }
    if (!difference.before && !difference.after) return false;
    const bool has_both = difference.before.has_value() && difference.after.has_value();
    if (has_both && btree::are_compatible(*table.before_shape, *table.after_shape)) {
      difference.match = ColumnMatch::kByPosition;
    }
    DOSQL_TRY(is_wanted_, sink_.begin_table(difference));
    return is_wanted_;
  }

  Result<void> row(const btree::RowChange& change) override {
    return sink_.row({.rowid = change.rowid.value_or(0),
                      .before = before_.cells_of(change.before),
                      .after = after_.cells_of(change.after)});
  }

  Result<void> end_table() override { return is_wanted_ ? sink_.end_table() : Result<void>(); }

 private:
  const btree::Schema& before_schema_;
  const btree::Schema& after_schema_;
  SourceSink& sink_;
  StoredColumns before_;
  StoredColumns after_;
  bool is_wanted_ = false;
};

Result<void> difference(const btree::VersionSide& before, const btree::VersionSide& after,
                        std::span<const PageNo> differing, changes::SqliteShapes& shapes,
                        SourceSink& sink) {
  DOSQL_TRY(btree::Schema before_schema, btree::read_schema(before.pages));
  DOSQL_TRY(btree::Schema after_schema, btree::read_schema(after.pages));
  const auto old_schema = std::make_shared<const btree::Schema>(std::move(before_schema));
  const auto new_schema = std::make_shared<const btree::Schema>(std::move(after_schema));
  DifferenceSink rows(*old_schema, *new_schema, sink);
  return btree::difference_rows({before.pages, before.owners, old_schema},
                                {after.pages, after.owners, new_schema}, differing, shapes, rows);
}

}  // namespace

Result<void> read_difference(const store::Snapshot* before, const store::Snapshot& after,
                             changes::SqliteShapes& shapes, SourceSink& sink) {
  store::ViewPages new_pages(after.view());
  if (before != nullptr) {
    store::ViewPages old_pages(before->view());
    DOSQL_TRY(const auto differing, store::changed_pages(before->view(), after.view()));
    return difference({old_pages, old_pages}, {new_pages, new_pages}, differing, shapes, sink);
  }
  NoPages nothing(after.view().page_size());
  std::vector<PageNo> all(new_pages.page_count());
  std::iota(all.begin(), all.end(), PageNo{1});
  return difference({nothing, nothing}, {new_pages, new_pages}, all, shapes, sink);
}

Result<std::vector<std::string>> table_names(const store::Snapshot& snapshot) {
  store::ViewPages pages(snapshot.view());
  DOSQL_TRY(const btree::Schema schema, btree::read_schema(pages));
  std::vector<std::string> names;
  for (const btree::SchemaRow& row : schema.rows) {
    if (row.is_stored_table() && changes::is_user_table(schema, row.name)) {
      names.push_back(row.name);
    }
  }
  return names;
}

}  // namespace dosql::lake
