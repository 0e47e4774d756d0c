#include "btree/table_pairs.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace dosql::btree {
namespace {

using TablesByName = std::map<std::string, const SchemaRow*>;

TablesByName tables_of(const Schema& schema) {
  TablesByName tables;
  for (const SchemaRow& row : schema.rows) {
    if (row.is_stored_table()) tables.emplace(to_lower(row.name), &row);
  }
  return tables;
}

Result<bool> is_rename(const SchemaRow& before, const SchemaRow& after, ShapeSource& shapes) {
  if (before.root != after.root) return false;
  DOSQL_TRY(const auto before_shape, shapes.table_shape(before));
  DOSQL_TRY(const auto after_shape, shapes.table_shape(after));
  return before_shape != nullptr && after_shape != nullptr &&
         are_compatible(*before_shape, *after_shape);
}

}  // namespace

Result<std::vector<TablePair>> pair_tables(const Schema& before, const Schema& after,
                                           ShapeSource& shapes) {
  TablesByName gone = tables_of(before);
  std::map<std::string, TablePair> pairs;
  std::vector<std::pair<std::string, const SchemaRow*>> unnamed;
  for (const auto& [name, row] : tables_of(after)) {
    if (const auto same = gone.find(name); same != gone.end()) {
      pairs[name] = {same->second, row};
      gone.erase(same);
    } else {
      unnamed.emplace_back(name, row);
    }
  }
  for (const auto& [name, row] : unnamed) {
    TablePair& pair = pairs[name];
    pair.after = row;
    for (auto at = gone.begin(); at != gone.end(); ++at) {
      DOSQL_TRY(const bool renamed, is_rename(*at->second, *row, shapes));
      if (!renamed) continue;
      pair.before = at->second;
      gone.erase(at);
      break;
    }
  }
  for (const auto& [name, row] : gone) pairs[name].before = row;
  std::vector<TablePair> list;
  list.reserve(pairs.size());
  for (const auto& [name, pair] : pairs) list.push_back(pair);
  return list;
}

std::vector<TablePair> pair_with_itself(const Schema& schema, std::span<const PageNo> roots) {
  std::vector<TablePair> pairs;
  for (const SchemaRow& row : schema.rows) {
    if (row.root > 1 && std::ranges::binary_search(roots, row.root) && row.is_stored_table()) {
      pairs.push_back({&row, &row});
    }
  }
  if (pairs.size() > 1) {
    std::ranges::sort(pairs, {}, [](const TablePair& pair) { return to_lower(pair.after->name); });
  }
  return pairs;
}

}  // namespace dosql::btree
