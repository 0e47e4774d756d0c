#include "sqlite/connection.h"

#include "sqlite/vfs_fixture_impl.h"

namespace dosql::sqlite {
namespace {

Connection in_memory() {
  auto connection = Connection::open_file(":memory:", Connection::Mode::kCreate);
  EXPECT_OK(connection);
  return *std::move(connection);
}

TEST(connection, failures_have_the_code_of_their_kind) {
  Connection db = in_memory();
  ASSERT_OK(
      db.exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT UNIQUE NOT NULL, "
              "c INT CHECK(c > 0)) STRICT"));
  ASSERT_OK(db.exec("INSERT INTO t VALUES(1, 'x', 1)"));
  struct Case {
    const char* sql;
    Code code;
    const char* part;
  };
  const Case cases[] = {
      {"INSERT INTO t VALUES(2, 'x', 1)", Code::kConstraint, "UNIQUE constraint failed: t.b"},
      {"INSERT INTO t VALUES(1, 'y', 1)", Code::kConstraint, "t.a"},
      {"INSERT INTO t VALUES(2, NULL, 1)", Code::kConstraint, "NOT NULL"},
      {"INSERT INTO t VALUES(2, 'y', 0)", Code::kConstraint, "CHECK"},
      {"INSERT INTO t VALUES(2, 'y', 'z')", Code::kConstraint, "cannot store TEXT"},
      {"SELECT * FROM missing", Code::kSql, "no such table: missing"},
      {"SELECT zeroblob(2000000000)", Code::kTooBig, "too big"},
      {"ATTACH '/no/such/dir/x.db' AS x", Code::kNotFound, "unable to open"},
  };
  for (const Case& one : cases) {
    const auto result = db.exec(one.sql);
    ASSERT_FALSE(result) << one.sql;
    EXPECT_EQ(result.error().code, one.code) << one.sql << ": " << result.error().message;
    EXPECT_NE(result.error().message.find(one.part), std::string::npos) << result.error().message;
  }
}

TEST(connection, syntax_errors_say_line_and_column) {
  Connection db = in_memory();
  const auto message = [&](std::string_view sql) {
    const auto result = db.exec(sql);
    EXPECT_FALSE(result);
    return result ? std::string() : result.error().message;
  };
  EXPECT_EQ(message("SELEC 1"), "near \"SELEC\": syntax error (line 1, column 1)");
  EXPECT_EQ(message("SELECT 1,\n  nope"), "no such column: nope (line 2, column 3)");
  // Columns count characters, not bytes; lines count in the whole script.
  EXPECT_EQ(message("SELECT 'é', nope"), "no such column: nope (line 1, column 13)");
  EXPECT_EQ(message("SELECT 1;\nSELECT 2;\n\nSELECT 'ü', nope"),
            "no such column: nope (line 4, column 13)");
}

TEST(connection, a_script_ends_at_its_first_error) {
  Connection db = in_memory();
  EXPECT_EQ(failure(db.exec("CREATE TABLE t(a); -- one\n;; INSERT INTO t VALUES(1); nonsense;"
                            "INSERT INTO t VALUES(2)")),
            Code::kSql);
  EXPECT_EQ(text(db, "SELECT count(*) FROM t"), "1");
  ASSERT_OK(db.exec(""));
  ASSERT_OK(db.exec(" -- nothing"));
  ASSERT_OK(db.exec("/* nothing"));
}

TEST(connection, text_after_a_nul_byte_is_refused_and_not_skipped) {
  Connection db = in_memory();
  ASSERT_OK(db.exec("CREATE TABLE t(a)"));
  const std::string_view hidden("INSERT INTO t VALUES(1);\0DROP TABLE t", 37);
  EXPECT_EQ(failure(db.exec(hidden)), Code::kSql);
  EXPECT_FALSE(db.prepare(hidden.substr(24)));
  EXPECT_FALSE(db.prepare(hidden));
  EXPECT_EQ(text(db, "SELECT count(*) FROM t"), "0");
}

TEST(connection, a_long_script_takes_time_in_proportion_to_its_length) {
  Connection db = in_memory();
  ASSERT_OK(db.exec("CREATE TABLE t(a)"));
  std::string script = "BEGIN;";
  for (int i = 0; i < 50000; ++i) script += "INSERT INTO t VALUES('a row of some length');\n";
  script += "COMMIT";
  ASSERT_OK(db.exec(script));
  EXPECT_EQ(text(db, "SELECT count(*) FROM t"), "50000");
}

TEST(connection, moving_leaves_the_source_closed_and_unfinished_statements_do_not_leak) {
  Connection one = in_memory();
  ASSERT_OK(one.exec("CREATE TABLE t(a)"));
  Connection two = std::move(one);
  EXPECT_TRUE(two.is_open());
  auto statement = two.prepare("SELECT 1");
  ASSERT_OK(statement);
  Statement moved = *std::move(statement);
  ASSERT_OK(moved.step());
  EXPECT_EQ(moved.column_int64(0), 1);
  two = in_memory();
  EXPECT_EQ(text(two, "SELECT count(*) FROM sqlite_schema"), "0");
}

TEST(statement, every_kind_of_value_goes_in_and_comes_out) {
  Connection db = in_memory();
  auto prepared = db.prepare("SELECT ?, ?, :name, @at, $d, ?");
  ASSERT_OK(prepared);
  Statement& statement = *prepared;
  EXPECT_EQ(statement.parameter_count(), 6);
  EXPECT_EQ(statement.parameter_index(":name"), 3);
  EXPECT_EQ(statement.parameter_index(":other"), 0);
  EXPECT_EQ(statement.parameter_name(4), "@at");
  EXPECT_EQ(statement.parameter_name(1), "");
  const uint8_t blob[] = {0, 255};
  ASSERT_OK(statement.bind_int64(1, INT64_MIN));
  ASSERT_OK(statement.bind_double(2, 0.1));
  ASSERT_OK(statement.bind_text(3, std::string_view("a\0b", 3)));
  ASSERT_OK(statement.bind_blob(4, blob));
  ASSERT_OK(statement.bind_blob(5, {}));
  ASSERT_OK(statement.bind_text(6, {}));
  EXPECT_EQ(failure(statement.bind_null(7)), Code::kInvalidArgument);
  auto row = statement.step();
  ASSERT_OK(row);
  ASSERT_TRUE(*row);
  EXPECT_EQ(statement.column_int64(0), INT64_MIN);
  EXPECT_EQ(statement.column_double(1), 0.1);
  EXPECT_EQ(statement.column_text(2), std::string_view("a\0b", 3));
  EXPECT_EQ(statement.column_blob(3).size(), 2U);
  EXPECT_EQ(statement.column_blob(3)[1], 255);
  EXPECT_EQ(statement.column_type(4), Type::kBlob);
  EXPECT_TRUE(statement.column_blob(4).empty());
  EXPECT_EQ(statement.column_type(5), Type::kText);
  statement.reset();
  statement.clear_bindings();
  row = statement.step();
  ASSERT_OK(row);
  EXPECT_EQ(statement.column_type(0), Type::kNull);
}

TEST(statement, knows_its_columns_and_whether_it_writes) {
  Connection db = in_memory();
  ASSERT_OK(db.exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b VARCHAR(10))"));
  auto statement = db.prepare("SELECT a AS x, b, a + 1 FROM t; SELECT 2");
  ASSERT_OK(statement);
  EXPECT_EQ(statement->column_count(), 3);
  EXPECT_EQ(statement->column_name(0), "x");
  EXPECT_EQ(statement->column_decltype(1), "VARCHAR(10)");
  EXPECT_EQ(statement->column_decltype(2), "");
  EXPECT_TRUE(statement->is_readonly());
  EXPECT_EQ(statement->sql(), "SELECT a AS x, b, a + 1 FROM t;");
  auto insert = db.prepare("INSERT INTO t(b) VALUES('v') RETURNING a");
  ASSERT_OK(insert);
  EXPECT_FALSE(insert->is_readonly());
  while (*insert->step()) {
  }
  EXPECT_EQ(db.changes(), 1);
  EXPECT_EQ(db.last_insert_rowid(), 1);
  EXPECT_EQ(db.total_changes(), 1);
}

TEST(connection, an_interrupted_statement_says_so) {
  Connection db = in_memory();
  auto statement =
      db.prepare("WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM q) SELECT i FROM q");
  ASSERT_OK(statement);
  ASSERT_OK(statement->step());
  db.interrupt();
  const auto row = statement->step();
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().code, Code::kInterrupted);
}

TEST(connection, unknown_collations_can_be_accepted) {
  // The schema of a program that defines a collation of its own.
  Connection owner = in_memory();
  owner.accept_unknown_collations();
  ASSERT_OK(owner.exec("CREATE TABLE t(a COLLATE nobody_knows_it)"));
  const auto file = owner.serialize();
  ASSERT_OK(file);
  Connection db = in_memory();
  ASSERT_OK(db.deserialize(*file));
  EXPECT_EQ(failure(db.exec("SELECT * FROM t ORDER BY a")), Code::kSql);
  db.accept_unknown_collations();
  ASSERT_OK(db.exec("INSERT INTO t VALUES('b'), ('a'), ('ab'), ('')"));
  EXPECT_EQ(text(db, "SELECT group_concat(a) FROM (SELECT a FROM t ORDER BY a)"), ",a,ab,b");
}

}  // namespace
}  // namespace dosql::sqlite
