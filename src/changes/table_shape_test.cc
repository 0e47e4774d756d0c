#include "changes/table_shape.h"

#include <gtest/gtest.h>

namespace dosql::changes {
namespace {

using btree::Affinity;
using btree::TableShape;
using Kind = btree::ColumnShape::Kind;

std::shared_ptr<const TableShape> shape_of(SqliteShapes& shapes, const std::string& name,
                                           const std::string& sql) {
  const auto shape = shapes.table_shape({.type = "table", .name = name, .root = 2, .sql = sql});
  EXPECT_TRUE(shape.has_value()) << sql << ": " << shape.error().message;
  return shape ? *shape : std::make_shared<const TableShape>();
}

std::shared_ptr<const TableShape> shape_of(const std::string& name, const std::string& sql) {
  SqliteShapes shapes;
  return shape_of(shapes, name, sql);
}

using Storage = std::vector<uint32_t>;

TEST(table_shape, columns_come_with_type_affinity_not_null_and_key) {
  const auto shape =
      shape_of("t", "CREATE TABLE t(a INTEGER PRIMARY KEY, b VARCHAR(10) NOT NULL, c REAL, d)");
  ASSERT_EQ(shape->columns.size(), 4U);
  EXPECT_EQ(shape->rowid_alias, 0U);
  EXPECT_EQ(shape->columns[0].key_position, 1U);
  EXPECT_EQ(shape->columns[1].declared_type, "VARCHAR(10)");
  EXPECT_EQ(shape->columns[1].affinity, Affinity::kText);
  EXPECT_TRUE(shape->columns[1].is_not_null);
  EXPECT_FALSE(shape->columns[2].is_not_null);
  EXPECT_EQ(shape->columns[2].affinity, Affinity::kReal);
  EXPECT_EQ(shape->columns[3].affinity, Affinity::kBlob);
  EXPECT_EQ(shape->storage, (Storage{0, 1, 2, 3}));
}

TEST(table_shape, only_an_integer_primary_key_without_an_index_is_the_rowid) {
  EXPECT_EQ(shape_of("t", "CREATE TABLE t(a, b INTEGER, PRIMARY KEY(b))")->rowid_alias, 1U);
  for (const std::string key :
       {"a INT PRIMARY KEY", "a INTEGER PRIMARY KEY DESC", "a TEXT PRIMARY KEY",
        "a INTEGER, b INTEGER, PRIMARY KEY(a, b)", "a INTEGER UNIQUE"}) {
    EXPECT_EQ(shape_of("t", "CREATE TABLE t(" + key + ")")->rowid_alias, TableShape::kNone) << key;
  }
}

TEST(table_shape, without_rowid_stores_the_key_first) {
  const auto shape =
      shape_of("t",
               "CREATE TABLE t(a, b COLLATE nocase, c, d REAL DEFAULT 2, PRIMARY KEY(c, b DESC)) "
               "WITHOUT ROWID");
  EXPECT_TRUE(shape->is_without_rowid);
  EXPECT_EQ(shape->storage, (Storage{2, 1, 0, 3}));
  EXPECT_EQ(shape->key_fields, 2U);
  EXPECT_EQ(shape->rowid_alias, TableShape::kNone);
  EXPECT_EQ(shape->columns[3].default_value.view(), btree::Value::real(2));
}

TEST(table_shape, generated_columns_are_stored_only_when_they_say_so) {
  const auto shape = shape_of("t", "CREATE TABLE t(a, v AS (a+1), s AS (a+2) STORED, z DEFAULT 3)");
  EXPECT_EQ(shape->columns[1].kind, Kind::kGeneratedVirtual);
  EXPECT_EQ(shape->columns[2].kind, Kind::kGeneratedStored);
  EXPECT_EQ(shape->storage, (Storage{0, 2, 3}));
  EXPECT_EQ(shape->columns[3].default_value.view(), btree::Value::integer(3));
}

TEST(table_shape, defaults_are_what_a_row_without_the_column_reads_as) {
  const auto shape = shape_of(
      "t",
      "CREATE TABLE t(x, i DEFAULT 7, r REAL DEFAULT 1, s TEXT DEFAULT 5, q DEFAULT 'it''s', "
      "h DEFAULT x'00ff', n DEFAULT -9.5, w DEFAULT (abs(-1)), now DEFAULT CURRENT_TIMESTAMP, "
      "t DEFAULT true, u)");
  const auto value = [&](size_t column) { return shape->columns[column].default_value.view(); };
  EXPECT_EQ(value(1), btree::Value::integer(7));
  EXPECT_EQ(value(2), btree::Value::real(1));
  EXPECT_EQ(value(3), btree::Value::text("5"));
  EXPECT_EQ(value(4), btree::Value::text("it's"));
  EXPECT_EQ(value(5), btree::Value::blob(Buffer{0, 0xff}));
  EXPECT_EQ(value(6), btree::Value::real(-9.5));
  EXPECT_EQ(value(9), btree::Value::integer(1));
  EXPECT_TRUE(value(8).is_null());
  EXPECT_TRUE(value(10).is_null());
}

TEST(table_shape, unknown_functions_and_collations_do_not_matter) {
  const auto shape = shape_of("t",
                              "CREATE TABLE t(k TEXT COLLATE of_an_app PRIMARY KEY, "
                              "v CHECK (my_check(v)) DEFAULT 4, g AS (my_function(v)), "
                              "UNIQUE(v COLLATE other), UNIQUE(v)) WITHOUT ROWID");
  EXPECT_EQ(shape->storage, (Storage{0, 1}));
  EXPECT_EQ(shape->columns[1].default_value.view(), btree::Value::integer(4));
}

TEST(table_shape, names_may_be_anything) {
  SqliteShapes shapes;
  const auto odd = shape_of(shapes, "a \"b' ; --",
                            "CREATE TABLE \"a \"\"b' ; --\"(\"select\", \"x\"\"y\" DEFAULT 2)");
  ASSERT_EQ(odd->columns.size(), 2U);
  EXPECT_EQ(odd->columns[1].name, "x\"y");
  EXPECT_EQ(odd->columns[1].default_value.view(), btree::Value::integer(2));
  EXPECT_EQ(shape_of(shapes, "table", "CREATE TABLE \"table\"(\"group\")")->columns.size(), 1U);
  EXPECT_EQ(
      shape_of(shapes, "sqlite_sequence", "CREATE TABLE sqlite_sequence(name,seq)")->columns.size(),
      2U);
  EXPECT_EQ(shape_of(shapes, "x", "CREATE TABLE x(a, b)")->columns.size(), 2U);
}

TEST(table_shape, of_one_name_with_several_texts_is_that_of_each_text) {
  SqliteShapes shapes;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(shape_of(shapes, "t", "CREATE TABLE t(a)")->columns.size(), 1U);
    EXPECT_EQ(shape_of(shapes, "t", "CREATE TABLE t(a PRIMARY KEY, b) WITHOUT ROWID")->key_fields,
              1U);
    EXPECT_EQ(
        shape_of(shapes, "t", "CREATE TABLE t(a PRIMARY KEY, b, c) WITHOUT ROWID")->columns.size(),
        3U);
  }
}

TEST(table_shape, strict_tables_know_any) {
  const auto shape = shape_of("t", "CREATE TABLE t(a ANY, b REAL, c INT) STRICT");
  EXPECT_EQ(shape->columns[0].affinity, Affinity::kBlob);
  EXPECT_EQ(shape->columns[1].affinity, Affinity::kReal);
  EXPECT_EQ(shape->columns[2].affinity, Affinity::kInteger);
}

TEST(table_shape, a_text_that_is_no_table_is_refused_and_the_next_one_is_read) {
  SqliteShapes shapes;
  for (const std::string sql : {"CREATE TABLE t(a", "nonsense", "CREATE VIEW t AS SELECT 1", ""}) {
    const auto shape = shapes.table_shape({.type = "table", .name = "t", .root = 2, .sql = sql});
    ASSERT_FALSE(shape.has_value()) << sql;
    EXPECT_EQ(shape.error().code, Code::kUnsupported) << sql;
    EXPECT_EQ(shape_of(shapes, "t", "CREATE TABLE t(a, b)")->columns.size(), 2U);
  }
}

}  // namespace
}  // namespace dosql::changes
