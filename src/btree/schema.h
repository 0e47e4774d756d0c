// Schema: the rows of sqlite_schema, the table whose root is page 1.
#pragma once

#include <memory>

#include "btree/ports.h"
#include "btree/record.h"

namespace dosql::btree {

struct SchemaRow {
  int64_t rowid = 0;
  std::string type;  // table, index, view, trigger
  std::string name;
  std::string table;  // tbl_name
  PageNo root = 0;    // 0: view, trigger, virtual table
  std::string sql;    // empty for the indexes of constraints

  // A table with a tree of its own. Shadow tables are ordinary tables.
  [[nodiscard]] bool is_stored_table() const { return root > 1 && type == "table"; }
  bool operator==(const SchemaRow&) const = default;
};

struct Schema {
  TextEncoding encoding = TextEncoding::kUtf8;
  std::vector<SchemaRow> rows;  // by rowid

  // The stored table whose tree has this root; null when there is none.
  [[nodiscard]] const SchemaRow* find_table(PageNo root) const;
};

// Empty for a database without pages. kCorrupt for damaged bytes.
Result<Schema> read_schema(PageReader& pages);
// kUtf8 for a database without pages or without content.
Result<TextEncoding> read_encoding(PageReader& pages);

}  // namespace dosql::btree
