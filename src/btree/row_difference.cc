#include "btree/row_difference.h"

#include <algorithm>

#include "btree/row_merge.h"
#include "btree/table_pairs.h"

namespace dosql::btree {
namespace {

constexpr PageNo kSchemaRoot = 1;

const SchemaRow& schema_table() {
  static const SchemaRow row{
      .type = "table", .name = "sqlite_schema", .table = "sqlite_schema", .root = kSchemaRoot};
  return row;
}

class Difference {
 public:
  Difference(const VersionSide& before, const VersionSide& after, ShapeSource& shapes,
             RowSink& sink, MergeSide before_merge, MergeSide after_merge)
      : before_(before),
        after_(after),
        shapes_(shapes),
        sink_(sink),
        before_merge_(std::move(before_merge)),
        after_merge_(std::move(after_merge)) {
    are_alike_ = before.pages.page_size() == after.pages.page_size() &&
                 before_merge_.decoder.encoding() == after_merge_.decoder.encoding() &&
                 before_merge_.decoder.usable() == after_merge_.decoder.usable();
  }

  Result<void> run() {
    DOSQL_TRY(const bool schema_changed, difference_schema());
    DOSQL_TRY(const auto after_schema, load_schema(after_));
    auto before_schema = after_schema;
    if (schema_changed) {
      DOSQL_TRY(before_schema, load_schema(before_));
    }
    std::vector<TablePair> pairs;
    if (schema_changed || !are_alike_) {
      DOSQL_TRY(pairs, pair_tables(*before_schema, *after_schema, shapes_));
    } else {
      std::vector<PageNo> roots = before_merge_.changed->roots();
      const std::vector<PageNo>& more = after_merge_.changed->roots();
      roots.insert(roots.end(), more.begin(), more.end());
      std::ranges::sort(roots);
      pairs = pair_with_itself(*after_schema, roots);
    }
    for (const TablePair& pair : pairs) {
      DOSQL_TRY(difference_pair(pair));
    }
    return {};
  }

 private:
  static Result<std::shared_ptr<const Schema>> load_schema(const VersionSide& side) {
    if (side.schema != nullptr) return side.schema;
    DOSQL_TRY(Schema schema, read_schema(side.pages));
    return std::make_shared<const Schema>(std::move(schema));
  }

  // Whether sqlite_schema differs.
  Result<bool> difference_schema() {
    TableDifference table;
    if (before_.pages.page_count() > 0) table.before = &schema_table();
    if (after_.pages.page_count() > 0) table.after = &schema_table();
    if (table.before == nullptr && table.after == nullptr) return false;
    table.before_shape = table.before == nullptr ? nullptr : &schema_shape();
    table.after_shape = table.after == nullptr ? nullptr : &schema_shape();
    DOSQL_TRY(const bool has_changes, difference_table(table));
    return has_changes;
  }

  Result<void> difference_pair(const TablePair& pair) {
    std::shared_ptr<const TableShape> before_shape;
    std::shared_ptr<const TableShape> after_shape;
    if (pair.before != nullptr) {
      if (is_untouched(pair)) return {};
      DOSQL_TRY(before_shape, shapes_.table_shape(*pair.before));
      if (before_shape == nullptr) return {};
    }
    if (pair.after != nullptr) {
      const bool is_same_text = pair.before != nullptr && pair.before->sql == pair.after->sql;
      after_shape = before_shape;
      if (!is_same_text) {
        DOSQL_TRY(after_shape, shapes_.table_shape(*pair.after));
      }
      if (after_shape == nullptr) return {};
    }
    const TableDifference table{pair.before, pair.after, before_shape.get(), after_shape.get()};
    DOSQL_TRY(difference_table(table));
    return {};
  }

  // The same table at the same place, no page of which differs.
  [[nodiscard]] bool is_untouched(const TablePair& pair) const {
    if (!are_alike_ || pair.after == nullptr || pair.before->root != pair.after->root ||
        pair.before->sql != pair.after->sql || pair.before->name != pair.after->name) {
      return false;
    }
    return !std::ranges::binary_search(before_merge_.changed->roots(), pair.before->root) &&
           !std::ranges::binary_search(after_merge_.changed->roots(), pair.after->root);
  }

  Result<bool> difference_table(const TableDifference& table) {
    RowMerge merge(before_merge_, after_merge_, are_alike_, table, sink_);
    const bool is_paired = !table.is_created() && !table.is_dropped();
    const bool is_same_table = is_paired && table.before->name == table.after->name &&
                               table.before->sql == table.after->sql;
    const bool is_schema = table.name() == schema_table().name;
    if (!is_same_table && !is_schema) DOSQL_TRY(merge.begin());
    const bool is_whole = !is_paired || !are_alike_ || table.before->root != table.after->root ||
                          !are_compatible(*table.before_shape, *table.after_shape);
    CellSource before;
    CellSource after;
    if (is_whole) {
      DOSQL_TRY(before, whole(before_, table.before, table.before_shape));
      DOSQL_TRY(after, whole(after_, table.after, table.after_shape));
    } else {
      CellList before_cells;
      CellList after_cells;
      DOSQL_TRY(ChangedCells::load(*before_merge_.changed, *after_merge_.changed, table.after->root,
                                   kind_of(*table.after_shape), before_cells, after_cells));
      before = CellSource(std::move(before_cells));
      after = CellSource(std::move(after_cells));
    }
    DOSQL_TRY(merge.run(std::move(before), std::move(after)));
    if (merge.has_begun()) DOSQL_TRY(sink_.end_table());
    return merge.has_changes();
  }

  static TreeScan::Kind kind_of(const TableShape& shape) {
    return shape.is_without_rowid ? TreeScan::Kind::kIndex : TreeScan::Kind::kTable;
  }

  static Result<CellSource> whole(const VersionSide& side, const SchemaRow* table,
                                  const TableShape* shape) {
    if (table == nullptr) return CellSource();
    DOSQL_TRY(TreeScan scan, TreeScan::open(side.pages, table->root, kind_of(*shape)));
    return CellSource(std::move(scan));
  }

  const VersionSide& before_;
  const VersionSide& after_;
  ShapeSource& shapes_;
  RowSink& sink_;
  MergeSide before_merge_;
  MergeSide after_merge_;
  bool are_alike_ = true;
};

}  // namespace

Result<void> difference_rows(const VersionSide& before, const VersionSide& after,
                             std::span<const PageNo> differing, ShapeSource& shapes,
                             RowSink& sink) {
  DOSQL_TRY(const ChangedCells before_cells, ChangedCells::find(before, differing));
  DOSQL_TRY(const ChangedCells after_cells, ChangedCells::find(after, differing));
  DOSQL_TRY(RowDecoder before_decoder, RowDecoder::open(before.pages));
  DOSQL_TRY(RowDecoder after_decoder, RowDecoder::open(after.pages));
  return Difference(before, after, shapes, sink, {std::move(before_decoder), &before_cells},
                    {std::move(after_decoder), &after_cells})
      .run();
}

}  // namespace dosql::btree
