#include "btree/row_merge.h"

#include <algorithm>

#include "base/text.h"

namespace dosql::btree {
namespace {

struct CellHash {
  uint64_t hash = 0;
  uint32_t index = 0;
};

// By the part in the page, which equal payloads share wherever their chains lie.
uint64_t hash_of(const Cell& cell) {
  uint64_t hash = cell.payload_size * 0x9e3779b97f4a7c15ULL;
  const uint8_t* at = cell.local.data();
  size_t left = cell.local.size();
  for (; left >= 8; left -= 8, at += 8) {
    hash = (hash ^ load_le<uint64_t>(at)) * 0xff51afd7ed558ccdULL;
    hash ^= hash >> 32;
  }
  uint64_t rest = 0;
  for (; left > 0; --left) rest = rest << 8 | *at++;
  hash = (hash ^ rest) * 0xff51afd7ed558ccdULL;
  return hash ^ hash >> 32;
}

// Ascending by hash.
std::vector<CellHash> hashes_of(const std::vector<Cell>& cells) {
  std::vector<CellHash> hashes;
  hashes.reserve(cells.size());
  for (const Cell& cell : cells) {
    hashes.push_back({hash_of(cell), static_cast<uint32_t>(hashes.size())});
  }
  std::ranges::sort(hashes, {}, &CellHash::hash);
  return hashes;
}

void remove_marked(std::vector<Cell>& cells, const std::vector<bool>& marks) {
  size_t kept = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (!marks[i]) cells[kept++] = cells[i];
  }
  cells.resize(kept);
}

std::strong_ordering compare_keys(const std::vector<OwnedValue>& a,
                                  const std::vector<OwnedValue>& b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const auto order = a[i].view() <=> b[i].view();
    if (order != 0) return order;
  }
  return a.size() <=> b.size();
}

std::optional<int64_t> rowid_of(const TableShape& shape, const Cell& cell) {
  if (shape.is_without_rowid) return std::nullopt;
  return cell.rowid;
}

}  // namespace

// --- CellSource

Result<bool> CellSource::next() {
  if (auto* scan = std::get_if<TreeScan>(&from_)) return scan->next(cell_);
  auto* list = std::get_if<CellList>(&from_);
  if (list == nullptr || index_ == list->cells.size()) return false;
  cell_ = list->cells[index_++];
  return true;
}

Result<CellList> CellSource::take_all() {
  if (auto* list = std::get_if<CellList>(&from_)) return std::move(*list);
  CellList list;
  auto* scan = std::get_if<TreeScan>(&from_);
  if (scan == nullptr) return list;
  for (;;) {
    DOSQL_TRY(const bool has_cell, scan->next(cell_));
    if (!has_cell) return list;
    // Cells of interior pages come between those of their children.
    if (scan->image().data() != (list.images.empty() ? nullptr : list.images.back().data())) {
      list.images.push_back(scan->image());
    }
    list.cells.push_back(cell_);
  }
}

// --- RowMerge

RowMerge::RowMerge(MergeSide& before, MergeSide& after, bool are_alike,
                   const TableDifference& table, RowSink& sink)
    : before_(before), after_(after), are_alike_(are_alike), table_(table), sink_(sink) {
  if (table.is_created() || table.is_dropped()) return;
  is_compatible_ = are_compatible(*table.before_shape, *table.after_shape);
  map_columns();
}

// Compatible shapes by position, so that a renamed column is the same one; others by name.
void RowMerge::map_columns() {
  const TableShape& before = *table_.before_shape;
  const TableShape& after = *table_.after_shape;
  if (&before == &after) return;
  counterpart_.assign(after.columns.size(), TableShape::kNone);
  if (is_compatible_) {
    for (size_t i = 0; i < before.storage.size(); ++i) {
      counterpart_[after.storage[i]] = before.storage[i];
    }
    return;
  }
  for (size_t i = 0; i < after.columns.size(); ++i) {
    for (const uint32_t candidate : before.storage) {
      if (equals_ignoring_case(before.columns[candidate].name, after.columns[i].name)) {
        counterpart_[i] = candidate;
      }
    }
  }
}

Result<void> RowMerge::begin() {
  if (has_begun_) return {};
  has_begun_ = true;
  DOSQL_TRY(is_wanted_, sink_.begin_table(table_));
  return {};
}

Result<void> RowMerge::run(CellSource before, CellSource after) {
  if (!is_wanted_) return {};
  if (before.is_none() || after.is_none()) return send_all(before, after);
  // A key column that was renamed (compatible shapes) still is the key.
  if (!is_compatible_ && !have_same_key(*table_.before_shape, *table_.after_shape)) {
    return send_all(before, after);
  }
  if (!table_.after_shape->is_without_rowid) return merge_by_rowid(before, after);
  DOSQL_TRY(CellList before_cells, before.take_all());
  DOSQL_TRY(CellList after_cells, after.take_all());
  return merge_by_key(std::move(before_cells), std::move(after_cells));
}

Result<void> RowMerge::send_all(CellSource& before, CellSource& after) {
  for (;;) {
    DOSQL_TRY(const bool has_cell, before.next());
    if (!has_cell) break;
    DOSQL_TRY(remove(before.cell()));
  }
  for (;;) {
    DOSQL_TRY(const bool has_cell, after.next());
    if (!has_cell) return {};
    DOSQL_TRY(insert(after.cell()));
  }
}

Result<void> RowMerge::merge_by_rowid(CellSource& before, CellSource& after) {
  DOSQL_TRY(bool has_before, before.next());
  DOSQL_TRY(bool has_after, after.next());
  while (has_before || has_after) {
    const bool takes_before =
        has_before && (!has_after || before.cell().rowid <= after.cell().rowid);
    const bool takes_after =
        has_after && (!has_before || after.cell().rowid <= before.cell().rowid);
    if (takes_before && takes_after) {
      DOSQL_TRY(const bool is_same, have_same_payload(before.cell(), after.cell()));
      if (!is_same) {
        DOSQL_TRY(compare(before.cell(), after.cell()));
      }
    } else if (takes_before) {
      DOSQL_TRY(remove(before.cell()));
    } else {
      DOSQL_TRY(insert(after.cell()));
    }
    if (takes_before) {
      DOSQL_TRY(has_before, before.next());
    }
    if (takes_after) {
      DOSQL_TRY(has_after, after.next());
    }
  }
  return {};
}

Result<bool> RowMerge::have_same_payload(const Cell& before, const Cell& after) {
  if (!is_compatible_ || !are_alike_ || before.payload_size != after.payload_size ||
      !std::ranges::equal(before.local, after.local)) {
    return false;
  }
  if (before.overflow == 0) return true;
  if (before.overflow == after.overflow && !before_.changed->is_changed_chain(before.overflow) &&
      !after_.changed->is_changed_chain(after.overflow)) {
    return true;
  }
  DOSQL_TRY(const Bytes a, before_.decoder.payload(before, before_payload_));
  DOSQL_TRY(const Bytes b, after_.decoder.payload(after, after_payload_));
  return std::ranges::equal(a, b);
}

// --- WITHOUT ROWID: the tree's order depends on collations, so cells are matched by content

Result<void> RowMerge::merge_by_key(CellList before, CellList after) {
  if (is_compatible_ && are_alike_) {
    DOSQL_TRY(cancel(before, after));
  }
  DOSQL_TRY(const auto left, with_keys(before_, *table_.before_shape, before));
  DOSQL_TRY(const auto right, with_keys(after_, *table_.after_shape, after));
  auto a = left.begin();
  auto b = right.begin();
  while (a != left.end() || b != right.end()) {
    const auto order = a == left.end()    ? std::strong_ordering::greater
                       : b == right.end() ? std::strong_ordering::less
                                          : compare_keys(a->key, b->key);
    if (order < 0) {
      DOSQL_TRY(remove((a++)->cell));
    } else if (order > 0) {
      DOSQL_TRY(insert((b++)->cell));
    } else {
      DOSQL_TRY(compare((a++)->cell, (b++)->cell));
    }
  }
  return {};
}

// Leaves the cells out that have an equal on the other side, as multisets.
Result<void> RowMerge::cancel(CellList& before, CellList& after) {
  std::vector<CellHash> a = hashes_of(before.cells);
  std::vector<CellHash> b = hashes_of(after.cells);
  std::vector<bool> is_gone_before(before.cells.size());
  std::vector<bool> is_gone_after(after.cells.size());
  auto first = b.begin();
  for (const CellHash& cell : a) {
    while (first != b.end() && first->hash < cell.hash) ++first;
    for (auto at = first; at != b.end() && at->hash == cell.hash; ++at) {
      if (is_gone_after[at->index]) continue;
      DOSQL_TRY(const bool is_same,
                have_same_payload(before.cells[cell.index], after.cells[at->index]));
      if (!is_same) continue;
      is_gone_before[cell.index] = true;
      is_gone_after[at->index] = true;
      break;
    }
  }
  remove_marked(before.cells, is_gone_before);
  remove_marked(after.cells, is_gone_after);
  return {};
}

Result<std::vector<RowMerge::KeyedCell>> RowMerge::with_keys(MergeSide& side,
                                                             const TableShape& shape,
                                                             const CellList& list) {
  std::vector<KeyedCell> keyed;
  keyed.reserve(list.cells.size());
  for (const Cell& cell : list.cells) {
    DOSQL_TRY(const std::span<const Value> row, side.decoder.decode(cell, shape));
    KeyedCell& entry = keyed.emplace_back();
    entry.cell = cell;
    for (uint32_t i = 0; i < shape.key_fields; ++i) {
      entry.key.emplace_back(row[shape.storage[i]]);
    }
  }
  std::ranges::sort(
      keyed, [](const KeyedCell& a, const KeyedCell& b) { return compare_keys(a.key, b.key) < 0; });
  return keyed;
}

// --- rows

Result<void> RowMerge::compare(const Cell& before, const Cell& after) {
  DOSQL_TRY(const std::span<const Value> a, before_.decoder.decode(before, *table_.before_shape));
  DOSQL_TRY(const std::span<const Value> b, after_.decoder.decode(after, *table_.after_shape));
  if (are_equal(a, b)) return {};
  return send({RowChange::Kind::kUpdate, rowid_of(*table_.after_shape, after), a, b});
}

bool RowMerge::are_equal(std::span<const Value> before, std::span<const Value> after) const {
  const TableShape& shape = *table_.after_shape;
  for (const uint32_t column : shape.storage) {
    const uint32_t other = counterpart_.empty() ? column : counterpart_[column];
    const bool is_equal = other == TableShape::kNone
                              ? shape.columns[column].default_value.view() == after[column]
                              : before[other] == after[column];
    if (!is_equal) return false;
  }
  return true;
}

Result<void> RowMerge::insert(const Cell& cell) {
  DOSQL_TRY(const std::span<const Value> row, after_.decoder.decode(cell, *table_.after_shape));
  return send({RowChange::Kind::kInsert, rowid_of(*table_.after_shape, cell), {}, row});
}

Result<void> RowMerge::remove(const Cell& cell) {
  DOSQL_TRY(const std::span<const Value> row, before_.decoder.decode(cell, *table_.before_shape));
  return send({RowChange::Kind::kDelete, rowid_of(*table_.before_shape, cell), row, {}});
}

Result<void> RowMerge::send(const RowChange& change) {
  has_changes_ = true;
  DOSQL_TRY(begin());
  return is_wanted_ ? sink_.row(change) : Result<void>();
}

}  // namespace dosql::btree
