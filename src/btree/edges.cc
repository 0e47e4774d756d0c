#include "btree/edges.h"

#include "base/text.h"
#include "btree/page.h"

namespace dosql::btree {
namespace {

// Bytes that a value of this serial type takes in a record.
uint64_t serial_size(uint64_t type) {
  constexpr uint8_t kSizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return type < 12 ? kSizes[type] : (type - 12) / 2;
}

}  // namespace

Result<uint32_t> EdgeReader::usable() {
  if (usable_ == 0) { DOSQL_TRY(usable_, usable_size(pages_)); }
  return usable_;
}

Result<PageNo> EdgeReader::first_trunk() {
  if (pages_.page_count() == 0) return PageNo{0};
  DOSQL_TRY(const PageRef image, pages_.page(1));
  return load_be<uint32_t>(image.data() + kHeaderFirstTrunk);
}

Result<bool> EdgeReader::is_interior(PageNo page) {
  DOSQL_TRY(const PageRef image, pages_.page(page));
  DOSQL_TRY(const uint32_t usable, this->usable());
  DOSQL_TRY(const BtreePage tree, BtreePage::parse(image.bytes(), page, usable));
  return !tree.is_leaf();
}

Result<PageNo> EdgeReader::append_free_leaves(PageNo trunk, std::vector<PageNo>& leaves) {
  DOSQL_TRY(const PageRef image, pages_.page(trunk));
  const auto count = load_be<uint32_t>(image.data() + 4);
  if (count > image.size() / 4 - 2) {
    return fail(Code::kCorrupt,
                str_cat({"freelist page ", std::to_string(trunk), " lists too many pages"}));
  }
  for (uint32_t i = 0; i < count; ++i) {
    leaves.push_back(load_be<uint32_t>(image.data() + 8 + 4 * static_cast<size_t>(i)));
  }
  return load_be<uint32_t>(image.data());
}

// The rootpage column, the fourth of a row of sqlite_schema; 0 when the row has none.
Result<PageNo> EdgeReader::root_of_schema_row(Bytes payload) {
  uint64_t header_size = 0;
  size_t at = read_varint(payload, &header_size);
  size_t value_at = header_size;
  for (int column = 0; at > 0; ++column) {
    uint64_t type = 0;
    const size_t size = at < payload.size() ? read_varint(payload.subspan(at), &type) : 0;
    if (size == 0) break;
    at += size;
    if (column < 3) {
      value_at += serial_size(type);
      continue;
    }
    const uint64_t width = serial_size(type);
    if (type > 9 || type == 7 || width > 4 || value_at + width > payload.size()) return PageNo{0};
    if (type == 9) return PageNo{1};
    PageNo root = 0;
    for (uint64_t i = 0; i < width; ++i) root = root << 8 | payload[value_at + i];
    return root;
  }
  return fail(Code::kCorrupt, "a row of sqlite_schema is damaged");
}

Result<void> EdgeReader::append_tree_edges(PageNo page, PageNo root, std::vector<Edge>& edges) {
  DOSQL_TRY(const PageRef image, pages_.page(page));
  DOSQL_TRY(const uint32_t usable, this->usable());
  DOSQL_TRY(const BtreePage tree, BtreePage::parse(image.bytes(), page, usable));
  if (!tree.is_leaf() && tree.is_table()) {
    for (uint32_t i = 0; i <= tree.cell_count(); ++i) {
      DOSQL_TRY(const PageNo child, tree.child(i));
      edges.push_back({child, Owner::tree(root)});
    }
    return {};
  }
  for (uint32_t i = 0; i < tree.cell_count(); ++i) {
    DOSQL_TRY(const Cell cell, tree.cell(i));
    if (!tree.is_leaf()) edges.push_back({cell.left_child, Owner::tree(root)});
    if (cell.overflow != 0) {
      edges.push_back({cell.overflow, Owner(Owner::Kind::kFirstOverflow, page)});
    }
    if (root != 1 || !tree.is_leaf()) continue;
    // Long names push rootpage into overflow pages; sql, which follows, is not needed.
    Result<PageNo> named = PageNo{0};
    if (cell.overflow == 0) {
      named = root_of_schema_row(cell.local);
    } else {
      DOSQL_TRY(const Buffer payload, read_payload(pages_, cell, usable, cell.payload_size));
      named = root_of_schema_row(payload);
    }
    DOSQL_TRY(const PageNo table, std::move(named));
    if (table > 0) edges.push_back({table, Owner::tree(table), true});
  }
  if (!tree.is_leaf()) edges.push_back({tree.right_child(), Owner::tree(root)});
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
    if (next != 0) {
      edges.push_back({next, role.is_trunk() ? Owner::trunk()
                                             : Owner(Owner::Kind::kNextOverflow, page)});
    }
  }
  for (size_t i = first; i < edges.size(); ++i) {
    if (edges[i].to == 0 || edges[i].to > pages_.page_count()) {
      return fail(Code::kCorrupt, str_cat({"page ", std::to_string(page), " leads to page ",
                                           std::to_string(edges[i].to), ", which does not exist"}));
    }
  }
  return {};
}

}  // namespace dosql::btree
