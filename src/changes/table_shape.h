// SqliteShapes: the shape of a table by asking SQLite. Its CREATE text is put into the schema of a
// scratch database in memory, where SQLite parses it as when it opens a file: unknown collations
// and functions and the names it reserves for itself all pass. Pragmas say what came out, and a row
// that lacks all fields but the first says what SQLite reads for missing ones. Shapes are cached by
// the text.
// Thread rule: one thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "btree/table_shape.h"
#include "sqlite/connection.h"

namespace dosql::changes {

class SqliteShapes final : public btree::ShapeSource {
 public:
  // Never null. kUnsupported for a text that is no CREATE TABLE as SQLite understands it.
  Result<std::shared_ptr<const btree::TableShape>> table_shape(
      const btree::SchemaRow& table) override;

 private:
  // The two tables of the scratch database: `index` 0 with rowids, 1 without.
  Result<void> open_scratch();
  Result<void> set_text(int index, std::string_view name, std::string_view sql);

  Result<std::shared_ptr<const btree::TableShape>> make_shape(const btree::SchemaRow& table);
  Result<void> read_kind(std::string_view name, btree::TableShape& shape, bool& is_strict);
  Result<void> read_columns(std::string_view name, bool is_strict, btree::TableShape& shape);
  Result<void> read_storage(const std::string& key_index, btree::TableShape& shape);
  Result<void> read_defaults(std::string_view name, const std::string& key_index,
                             btree::TableShape& shape);

  sqlite::Connection scratch_;
  std::map<std::string, std::shared_ptr<const btree::TableShape>, std::less<>> shapes_;
};

// "name" with its quotes doubled.
[[nodiscard]] std::string quote_identifier(std::string_view name);

}  // namespace dosql::changes
