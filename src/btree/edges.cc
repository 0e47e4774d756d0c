#include "btree/edges.h"

#include "base/text.h"
#include "btree/record.h"

namespace dosql::btree {
namespace {

// PageRef::memo(): as a leaf that uses the whole page, no cell of the image has overflow pages.
constexpr uint8_t kNoOverflow = 1;

}  // namespace

std::unexpected<Error> claimed_twice(PageNo page) {
  return fail(Code::kCorrupt, str_cat({"page ", std::to_string(page),
                                       " is part of two structures of the database file"}));
}

Result<BtreePage> EdgeReader::load(PageNo page, PageRef& image) {
  if (usable_ == 0) {
    DOSQL_TRY(usable_, usable_size(pages_));
  }
  DOSQL_TRY(image, pages_.page(page));
  return BtreePage::parse(image.bytes(), page, usable_);
}

std::unexpected<Error> EdgeReader::leads_nowhere(PageNo page, PageNo to) const {
  return fail(Code::kCorrupt, str_cat({"page ", std::to_string(page), " leads to page ",
                                       std::to_string(to), ", which does not exist"}));
}

Result<PageNo> EdgeReader::first_trunk() {
  if (page_count() == 0) return PageNo{0};
  DOSQL_TRY(const PageRef image, pages_.page(1));
  return load_be<uint32_t>(image.data() + kHeaderFirstTrunk);
}

Result<uint32_t> EdgeReader::height(PageNo page) {
  // No sound tree is deeper than 20 levels (SQLite's BTCURSOR_MAX_DEPTH).
  for (uint32_t height = 0; height < 20; ++height) {
    if (page == 0 || page > page_count()) return leads_nowhere(page, page);
    PageRef image;
    DOSQL_TRY(const BtreePage tree, load(page, image));
    if (tree.is_leaf()) return height;
    DOSQL_TRY(page, tree.child(0));
  }
  return fail(Code::kCorrupt, "a tree of the database file is deeper than any can be");
}

Result<PageNo> EdgeReader::append_free_leaves(PageNo trunk, std::vector<PageNo>& leaves) {
  DOSQL_TRY(const PageRef image, pages_.page(trunk));
  const auto count = load_be<uint32_t>(image.data() + 4);
  if (count > image.size() / 4 - 2) {
    return fail(Code::kCorrupt,
                str_cat({"freelist page ", std::to_string(trunk), " lists too many pages"}));
  }
  for (uint32_t i = 0; i < count; ++i) {
    const auto leaf = load_be<uint32_t>(image.data() + 8 + 4 * static_cast<size_t>(i));
    if (leaf == 0 || leaf > page_count()) return leads_nowhere(trunk, leaf);
    leaves.push_back(leaf);
  }
  return load_be<uint32_t>(image.data());
}

// The rootpage column, the fourth of a row of sqlite_schema; 0 when the row has none. Long names
// push it into overflow pages; sql, which follows, is not read.
Result<PageNo> EdgeReader::root_of_schema_row(const Cell& cell) {
  Bytes payload = cell.local;
  Buffer whole;
  for (const bool is_second_try : {false, true}) {
    uint64_t needed = 0;
    if (const auto field = find_field(payload, 3, &needed)) {
      const auto root = read_integer(*field);
      return root && *root > 0 && *root <= UINT32_MAX ? static_cast<PageNo>(*root) : PageNo{0};
    }
    if (is_second_try || cell.overflow == 0) break;
    DOSQL_TRY(append_payload(pages_, cell, usable_, needed, whole));
    payload = whole;
  }
  return fail(Code::kCorrupt, "a row of sqlite_schema is damaged");
}

Result<void> EdgeReader::append_overflow_edges(const BtreePage& tree, std::vector<Edge>& edges) {
  Cell cell;
  for (uint32_t i = 0; i < tree.cell_count(); ++i) {
    if (!tree.may_overflow(i)) continue;
    if (!tree.read_cell(i, cell)) return tree.damaged("a cell reaches over the end");
    if (cell.overflow == 0) continue;
    edges.push_back({cell.overflow, Owner(Owner::Kind::kFirstOverflow, tree.number())});
  }
  return {};
}

Result<void> EdgeReader::append_schema_edges(const BtreePage& tree, std::vector<Edge>& edges) {
  for (uint32_t i = 0; i < tree.cell_count(); ++i) {
    DOSQL_TRY(const Cell cell, tree.cell(i));
    DOSQL_TRY(const PageNo root, root_of_schema_row(cell));
    if (root > 0) edges.push_back({root, Owner::tree(root), true});
  }
  return {};
}

Result<void> EdgeReader::append_tree_edges(PageNo page, PageNo root, std::vector<Edge>& edges) {
  PageRef image;
  DOSQL_TRY(const BtreePage tree, load(page, image));
  if (!tree.is_leaf()) {
    for (uint32_t i = 0; i <= tree.cell_count(); ++i) {
      DOSQL_TRY(const PageNo child, tree.child(i));
      edges.push_back({child, Owner::tree(root)});
    }
    if (tree.is_table()) return {};
  }
  // Leaves are read at every commit that changes them, before and after; few have overflow.
  const bool is_plain_leaf = tree.is_leaf() && page != 1 && usable_ == image.size();
  if (!is_plain_leaf || image.memo() != kNoOverflow) {
    const size_t first = edges.size();
    DOSQL_TRY(append_overflow_edges(tree, edges));
    if (is_plain_leaf && edges.size() == first) image.set_memo(kNoOverflow);
  }
  if (root == 1 && tree.is_leaf()) DOSQL_TRY(append_schema_edges(tree, edges));
  return {};
}

Result<void> EdgeReader::append_edges(PageNo page, Owner role, std::vector<Edge>& edges) {
  if (role.is_none()) return {};
  const size_t first = edges.size();
  if (role.is_tree()) {
    DOSQL_TRY(append_tree_edges(page, role.page(), edges));
    if (page == 1) {
      DOSQL_TRY(const PageNo trunk, first_trunk());
      if (trunk != 0) edges.push_back({trunk, Owner::trunk()});
    }
  } else {
    DOSQL_TRY(const PageRef image, pages_.page(page));
    const auto next = load_be<uint32_t>(image.data());
    const Owner below = role.is_trunk() ? Owner::trunk() : Owner(Owner::Kind::kNextOverflow, page);
    if (next != 0) edges.push_back({next, below});
  }
  for (size_t i = first; i < edges.size(); ++i) {
    if (edges[i].to == 0 || edges[i].to > page_count()) return leads_nowhere(page, edges[i].to);
  }
  return {};
}

Result<void> EdgeReader::check_lost(PageNo page) {
  constexpr size_t kLargestRoot = 52;  // in the database header; 0: no auto-vacuum
  constexpr uint32_t kLockByte = 0x40000000;
  constexpr uint32_t kEntryBytes = 5;
  DOSQL_TRY(const PageRef header, pages_.page(1));
  DOSQL_TRY(const uint32_t usable, usable_size(pages_));
  const uint32_t span = usable / kEntryBytes + 1;
  PageNo map = page < 2 ? 0 : (page - 2) / span * span + 2;
  if (map == kLockByte / pages_.page_size() + 1) ++map;
  if (map == page && load_be<uint32_t>(header.data() + kLargestRoot) != 0) return {};
  return fail(Code::kCorrupt, str_cat({"page ", std::to_string(page),
                                       " of the database file is lost: nothing leads to it"}));
}

}  // namespace dosql::btree
