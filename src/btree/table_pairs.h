// Which table of one schema is which of another: by lower-case name; the rest by equal root when
// the shapes are compatible (a rename); what remains was created or dropped.
#pragma once

#include "btree/table_shape.h"

namespace dosql::btree {

struct TablePair {
  const SchemaRow* before = nullptr;  // null: created
  const SchemaRow* after = nullptr;   // null: dropped
};

// All stored tables of both, by lower-case name (the later one where it changed). The pairs point
// into the schemas.
Result<std::vector<TablePair>> pair_tables(const Schema& before, const Schema& after,
                                           ShapeSource& shapes);

// The tables of a schema that did not change, each with itself, when their root is in `roots`
// (ascending); in the same order.
[[nodiscard]] std::vector<TablePair> pair_with_itself(const Schema& schema,
                                                      std::span<const PageNo> roots);

}  // namespace dosql::btree
