// RowMerge: the changed rows of one table, from the cells of its two sides.
// Thread rule: one thread.
#pragma once

#include <variant>

#include "btree/changed_cells.h"
#include "btree/row_decoder.h"

namespace dosql::btree {

// Rows of one side, one at a time: none, listed cells, or a whole tree.
class CellSource {
 public:
  CellSource() = default;
  explicit CellSource(CellList list) : from_(std::move(list)) {}
  explicit CellSource(TreeScan scan) : from_(std::move(scan)) {}

  // False at the end.
  Result<bool> next();
  // The current one; its views live until the next call of next().
  [[nodiscard]] const Cell& cell() const { return cell_; }
  // All that is left, as a list.
  Result<CellList> take_all();
  [[nodiscard]] bool is_none() const { return std::holds_alternative<std::monostate>(from_); }

 private:
  std::variant<std::monostate, CellList, TreeScan> from_;
  size_t index_ = 0;
  Cell cell_;
};

// What the merges of one difference share for a side.
struct MergeSide {
  RowDecoder decoder;
  const ChangedCells* changed = nullptr;
};

class RowMerge {
 public:
  // `are_alike`: both versions have the same page size and encoding.
  RowMerge(MergeSide& before, MergeSide& after, bool are_alike, const TableDifference& table,
           RowSink& sink);

  // Sends the rows. begin_table() is called before the first, or by begin() when the table itself
  // changed; end_table() is for the caller, when has_begun().
  Result<void> begin();
  Result<void> run(CellSource before, CellSource after);

  [[nodiscard]] bool has_begun() const { return has_begun_; }
  // Whether any row differs, also when the sink left the rows out.
  [[nodiscard]] bool has_changes() const { return has_changes_; }

 private:
  struct KeyedCell {
    std::vector<OwnedValue> key;
    Cell cell;
  };

  Result<void> merge_by_rowid(CellSource& before, CellSource& after);
  Result<void> merge_by_key(CellList before, CellList after);
  Result<void> send_all(CellSource& before, CellSource& after);
  Result<void> cancel(CellList& before, CellList& after);
  Result<std::vector<KeyedCell>> with_keys(MergeSide& side, const TableShape& shape,
                                           const CellList& list);

  Result<bool> have_same_payload(const Cell& before, const Cell& after);
  Result<void> compare(const Cell& before, const Cell& after);
  Result<void> insert(const Cell& cell);
  Result<void> remove(const Cell& cell);
  Result<void> send(const RowChange& change);
  [[nodiscard]] bool are_equal(std::span<const Value> before, std::span<const Value> after) const;
  void map_columns();

  MergeSide& before_;
  MergeSide& after_;
  const bool are_alike_;
  const TableDifference& table_;
  RowSink& sink_;
  bool is_compatible_ = true;
  bool has_begun_ = false;
  bool is_wanted_ = true;
  bool has_changes_ = false;
  std::vector<uint32_t> counterpart_;  // of each column after, the one before; kNone: its default
  Buffer before_payload_;
  Buffer after_payload_;
};

}  // namespace dosql::btree
