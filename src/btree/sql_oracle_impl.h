// Test bench: the rows of a version and the difference of two versions as SQL sees them, and shapes
// of tables as SQLite reports them. Independent of the module's own reading of bytes.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "btree/history_impl.h"
#include "btree/table_shape.h"

struct sqlite3;

namespace dosql::btree {

// Shapes by PRAGMAs, each CREATE text put into the schema of a scratch database.
class SqlShapes final : public ShapeSource {
 public:
  SqlShapes();
  ~SqlShapes() override;
  SqlShapes(const SqlShapes&) = delete;
  SqlShapes& operator=(const SqlShapes&) = delete;
  Result<std::shared_ptr<const TableShape>> table_shape(const SchemaRow& table) override;

 private:
  std::shared_ptr<const TableShape> read_shape(const std::string& name, const std::string& sql);

  sqlite3* db_ = nullptr;
  std::map<std::string, std::shared_ptr<const TableShape>> shapes_;
};

// A value as text that tells type and content: "i5", "r<bits>", "tabc", "b...", "n".
std::string describe(const Value& value);

struct SqlTable {
  std::string name;
  PageNo root = 0;
  std::shared_ptr<const TableShape> shape;
  // By key, each value described, declared columns (virtual generated ones NULL).
  std::map<std::string, std::vector<std::string>> rows;
};

// All stored tables and sqlite_schema, by lower-case name.
using SqlTables = std::map<std::string, SqlTable>;
SqlTables read_tables(const FileVersion& version, ShapeSource& shapes);

// Each event a text "<table> <kind> <key>: <before> -> <after>"; also "<table> created", "dropped"
// and "<table> renamed to <name>". Sorted.
std::vector<std::string> sql_difference(const SqlTables& before, const SqlTables& after);
std::string describe_event(const std::string& table, const std::string& key,
                           const std::vector<std::string>* before,
                           const std::vector<std::string>* after);

}  // namespace dosql::btree
