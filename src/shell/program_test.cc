#include "shell/program.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "shell/command.h"

namespace dosql::shell {
namespace {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

// A store directory of its own; runs the program in this process.
class program : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "dosql-shell-XXXXXX").string();
    dir_ = ::mkdtemp(pattern.data());
    store_ = dir_ + "/store";
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  Outcome run(std::vector<std::string> words, const std::string& input = {}) {
    if (!words.empty() && words[0] != "version" && words[0] != "help") {
      words.emplace_back("--store");
      words.push_back(store_);
    }
    return run_as_given(words, input);
  }

  Outcome run_as_given(const std::vector<std::string>& words, const std::string& input = {}) {
    const std::string path = write("input", input);
    std::FILE* file = std::fopen(path.c_str(), "rb");
    StringOutput out;
    StringOutput err;
    Terminal terminal{.out = out,
                      .err = err,
                      .in = ::fileno(file),
                      .interrupts = interrupts_,
                      .environment = [](const char*) -> const char* { return nullptr; }};
    const std::vector<std::string_view> views(words.begin(), words.end());
    const int code = run_program(terminal, views);
    std::fclose(file);
    return {code, out.text(), err.text()};
  }

  // The output of a run that must succeed.
  std::string out_of(std::vector<std::string> words, const std::string& input = {}) {
    const Outcome outcome = run(std::move(words), input);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.out;
  }

  std::string write(const std::string& name, const std::string& text) {
    const std::string path = dir_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  Interrupts interrupts_;
  std::string dir_;
  std::string store_;
};

TEST_F(program, without_words_it_prints_the_help_and_succeeds) {
  const Outcome bare = run_as_given({});
  EXPECT_EQ(bare.code, 0);
  EXPECT_NE(bare.out.find("usage: dosql COMMAND"), std::string::npos);
  EXPECT_EQ(run_as_given({"--help"}).out, bare.out);
}

TEST_F(program, every_command_has_a_help_with_an_example) {
  for (const Command& command : all_commands()) {
    std::vector<std::string> words;
    std::istringstream names{std::string(command.name)};
    for (std::string word; names >> word;) words.push_back(word);
    words.emplace_back("--help");
    const Outcome help = run_as_given(words);
    EXPECT_EQ(help.code, 0);
    const size_t example = help.out.find("Example:\n  dosql " + std::string(command.name));
    EXPECT_NE(example, std::string::npos) << command.name;
  }
}

TEST_F(program, unknown_commands_and_options_are_wrong_usage_with_a_suggestion) {
  const Outcome command = run_as_given({"chekpoint"});
  EXPECT_EQ(command.code, 2);
  EXPECT_EQ(command.err,
            "dosql: there is no command \"chekpoint\" (did you mean \"checkpoint\"?)\n");
  EXPECT_EQ(run_as_given({"db", "lits"}).err,
            "dosql: there is no command \"db lits\" (did you mean \"db list\"?)\n");
  const Outcome option = run_as_given({"sql", "acme", "--akc"});
  EXPECT_EQ(option.code, 2);
  EXPECT_EQ(option.err, "dosql: sql: there is no option --akc (did you mean --ack?)\n");
  EXPECT_EQ(run_as_given({"db", "create"}).code, 2);
  EXPECT_EQ(run_as_given({"db", "list", "--format", "tabel"}).code, 2);
}

TEST_F(program, a_store_that_is_not_there_is_only_made_by_commands_that_create) {
  const Outcome list = run({"db", "list"});
  EXPECT_EQ(list.code, 1);
  EXPECT_NE(list.err.find("does not exist"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(store_));
  EXPECT_EQ(run({"db", "create", "acme"}).code, 0);
  EXPECT_NE(out_of({"db", "list"})
                .find("{\"database\":\"acme\",\"branches\":1,\"version\":1,"
                      "\"bookmark\":\"00000000-0000000000000001\",\"bytes\":"),
            std::string::npos);
}

TEST_F(program, an_unknown_database_or_table_gets_a_suggestion) {
  out_of({"db", "create", "acme"});
  out_of({"sql", "acme", "CREATE TABLE user(id INTEGER PRIMARY KEY)"});
  EXPECT_NE(run({"sql", "acne", "SELECT 1"}).err.find("did you mean \"acme\"?"), std::string::npos);
  EXPECT_EQ(run({"sql", "acme", "SELECT * FROM usr"}).err,
            "dosql: no such table: usr (did you mean \"user\"?)\n");
}

TEST_F(program, sql_acknowledges_each_commit_with_its_bookmark_and_nothing_else) {
  out_of({"db", "create", "acme"});
  EXPECT_EQ(out_of({"sql", "acme", "--ack"},
                   "CREATE TABLE t(a);\nBEGIN; INSERT INTO t VALUES(1); INSERT INTO t VALUES(2);\n"
                   "COMMIT; SELECT 'row' AS r; INSERT INTO t VALUES(3)"),
            "00000000-0000000000000002\n00000000-0000000000000003\n{\"r\":\"row\"}\n"
            "00000000-0000000000000004\n");
  EXPECT_EQ(out_of({"sql", "acme", "SELECT 1 WHERE 0", "--ack"}), "");
}

TEST_F(program, sql_stops_at_the_first_error_and_rolls_back) {
  out_of({"db", "create", "acme"});
  out_of({"sql", "acme", "CREATE TABLE t(a INT CHECK(a > 0))"});
  const Outcome failed = run({"sql", "acme"},
                             "BEGIN;\nINSERT INTO t VALUES(1);\nINSERT INTO t VALUES(0);\n"
                             "COMMIT;\nINSERT INTO t VALUES(7);\n");
  EXPECT_EQ(failed.code, 1);
  EXPECT_TRUE(failed.err.starts_with("dosql: statement at line 3: CHECK constraint failed"))
      << failed.err;
  EXPECT_EQ(out_of({"sql", "acme", "SELECT count(*) AS n FROM t"}), "{\"n\":0}\n");
}

TEST_F(program, a_transaction_open_at_the_end_is_rolled_back_with_a_warning) {
  out_of({"db", "create", "acme"});
  const Outcome open = run({"sql", "acme"}, "BEGIN; CREATE TABLE t(a);");
  EXPECT_EQ(open.code, 0);
  EXPECT_NE(open.err.find("warning: the transaction was still open"), std::string::npos);
  EXPECT_EQ(out_of({"sql", "acme", "SELECT count(*) AS n FROM sqlite_schema"}), "{\"n\":0}\n");
}

TEST_F(program, parameters_are_numbers_where_the_text_is_one) {
  out_of({"db", "create", "acme"});
  EXPECT_EQ(out_of({"sql", "acme", "SELECT typeof(:a) a, typeof(:b) b, typeof(:c) c, typeof(?4) d",
                    "--param", "a=7", "--param", "b=0.5", "--param", "c=007", "--param", "4=x=y"}),
            "{\"a\":\"integer\",\"b\":\"real\",\"c\":\"text\",\"d\":\"text\"}\n");
  EXPECT_NE(run({"sql", "acme", "SELECT :x"}).err.find("give it with --param x=VALUE"),
            std::string::npos);
  EXPECT_EQ(run({"sql", "acme", "SELECT 1", "--param", "x"}).code, 2);
}

TEST_F(program, csv_goes_in_and_comes_out_as_it_was) {
  const std::string text = "id,name,score,code\n1,\"a,b\",1.5,007\n2,,2.25,008\n3,\"\",-1.0,009\n";
  EXPECT_EQ(out_of({"import", "acme", write("user.csv", text)}),
            "{\"table\":\"user\",\"rows\":3}\n");
  EXPECT_EQ(out_of({"sql", "acme", "SELECT sql FROM sqlite_schema"}),
            "{\"sql\":\"CREATE TABLE \\\"user\\\"(\\\"id\\\" INTEGER, \\\"name\\\" TEXT, "
            "\\\"score\\\" REAL, \\\"code\\\" TEXT)\"}\n");
  out_of({"export", "acme", dir_ + "/out.csv"});
  EXPECT_EQ(read(dir_ + "/out.csv"), text);
  EXPECT_EQ(run({"export", "acme", dir_ + "/out.csv"}).code, 1);
  EXPECT_EQ(run({"export", "acme", dir_ + "/out.csv", "--force"}).code, 0);
}

TEST_F(program, an_existing_table_is_refused_without_append) {
  const std::string path = write("t.csv", "a\n1\n");
  out_of({"import", "acme", path});
  EXPECT_NE(run({"import", "acme", path}).err.find("--append"), std::string::npos);
  out_of({"import", "acme", path, "--append"});
  EXPECT_EQ(out_of({"sql", "acme", "SELECT count(*) AS n FROM t"}), "{\"n\":2}\n");
  const std::string other = write("u.csv", "b\n1\n");
  EXPECT_NE(run({"import", "acme", other, "--table", "t", "--append"}).err.find("no column \"b\""),
            std::string::npos);
}

TEST_F(program, a_failed_import_leaves_neither_table_nor_database) {
  const Outcome failed = run({"import", "acme", write("t.csv", "a,b\n1,2\n3\n")});
  EXPECT_EQ(failed.code, 1);
  EXPECT_NE(failed.err.find("line 3: the record has 1 fields, the first one 2"), std::string::npos);
  EXPECT_EQ(out_of({"db", "list"}), "");
  EXPECT_EQ(run({"import", "acme", dir_ + "/absent.csv"}).code, 1);
}

TEST_F(program, sqlite_files_and_sql_text_carry_a_database_over_whole) {
  out_of({"db", "create", "acme", "--page-size", "1024"});
  out_of({"sql", "acme"},
         "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, b BLOB, r REAL);"
         "CREATE INDEX t_r ON t(r);"
         "CREATE TRIGGER on_t AFTER INSERT ON t BEGIN UPDATE t SET r = 1 WHERE id = new.id; END;"
         "CREATE VIEW v AS SELECT id FROM t;"
         "INSERT INTO t(b, r) VALUES(x'00ff', 0.1), (NULL, 1e300);"
         "DELETE FROM t WHERE id = 2;");
  const std::string text = out_of({"dump", "acme"});
  out_of({"export", "acme", dir_ + "/whole.sqlite"});
  EXPECT_EQ(out_of({"import", "twin", dir_ + "/whole.sqlite"}), "{\"table\":\"t\",\"rows\":1}\n");
  EXPECT_EQ(out_of({"dump", "twin"}), text);
  EXPECT_EQ(out_of({"import", "third", write("acme.sql", text)}), "{\"table\":\"t\",\"rows\":1}\n");
  EXPECT_EQ(out_of({"dump", "third"}), text);
  EXPECT_NE(run({"import", "acme", dir_ + "/whole.sqlite"}).err.find("not empty"),
            std::string::npos);
  EXPECT_EQ(out_of({"check"}), "{\"finding\":\"ok\"}\n");
}

TEST_F(program, a_broken_sql_file_names_its_line) {
  const Outcome failed = run({"import", "acme", write("x.sql", "CREATE TABLE t(a);\nSELEC 1;\n")});
  EXPECT_EQ(failed.code, 1);
  EXPECT_NE(failed.err.find("x.sql: near \"SELEC\": syntax error (line 2, column 1)"),
            std::string::npos)
      << failed.err;
}

TEST_F(program, databases_are_renamed_and_dropped) {
  out_of({"db", "create", "acme"});
  out_of({"db", "rename", "acme", "shop"});
  EXPECT_NE(out_of({"db", "info", "shop", "--format", "csv"}).find("\nshop,1,1,"),
            std::string::npos);
  EXPECT_EQ(run({"db", "create", "shop"}).code, 1);
  out_of({"db", "drop", "shop"});
  EXPECT_EQ(out_of({"db", "list"}), "");
}

TEST_F(program, the_shell_runs_lines_and_goes_on_after_an_error) {
  out_of({"db", "create", "acme"});
  const Outcome shell = run({"shell", "acme"},
                            "CREATE TABLE user(id INTEGER PRIMARY KEY,\n name TEXT);\n"
                            "SELEC 1;\n"
                            ".tabels\n"
                            ".tables\n"
                            ".mode csv\n"
                            "INSERT INTO user(name) VALUES('ada') RETURNING id;\n"
                            ".schema user\n"
                            ".quit\n"
                            "SELECT 'never';\n");
  EXPECT_EQ(shell.code, 0);
  EXPECT_EQ(shell.out, "user\nid\n1\nCREATE TABLE user(id INTEGER PRIMARY KEY,\n name TEXT);\n");
  EXPECT_NE(shell.err.find("syntax error"), std::string::npos);
  EXPECT_NE(shell.err.find("there is no .tabels (did you mean .tables?)"), std::string::npos);
}

TEST_F(program, the_shell_reads_files_and_changes_databases) {
  out_of({"db", "create", "acme"});
  out_of({"db", "create", "shop"});
  out_of({"sql", "shop", "CREATE TABLE item(a)"});
  const std::string path = write("more.sql", ".use shop\nINSERT INTO item VALUES(1);\n");
  EXPECT_EQ(out_of({"shell"}, "SELECT 1;\n.read " + path + "\nSELECT count(*) AS n FROM item;\n"),
            "{\"n\":1}\n");
}

TEST_F(program, log_tells_commits_newest_first) {
  out_of({"db", "create", "acme"});
  out_of({"sql", "acme", "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
          "INSERT INTO t VALUES(1, 'a'), (2, 'b')", "UPDATE t SET v = 'c' WHERE id = 1"});
  const std::string log = out_of({"log", "acme", "--limit", "2"});
  const size_t newer = log.find("{\"bookmark\":\"00000000-0000000000000004\",\"version\":4,");
  const size_t older = log.find("{\"bookmark\":\"00000000-0000000000000003\",\"version\":3,");
  EXPECT_EQ(newer, 0U) << log;
  EXPECT_NE(older, std::string::npos) << log;
  EXPECT_NE(log.find("\"rows\":2,\"tables\":[\"t\"]", older), std::string::npos) << log;
  EXPECT_EQ(std::ranges::count(log, '\n'), 2);
}

TEST_F(program, changes_are_events_after_a_bookmark) {
  out_of({"db", "create", "acme"});
  out_of({"sql", "acme", "CREATE TABLE t(id INTEGER PRIMARY KEY, v)", "CREATE TABLE u(a)",
          "INSERT INTO t VALUES(1, 'a')", "INSERT INTO u VALUES(5)", "DELETE FROM t"});
  const std::string all = out_of({"changes", "acme"});
  EXPECT_EQ(std::ranges::count(all, '\n'), 3) << all;
  const std::string some =
      out_of({"changes", "acme", "--from", "00000000-0000000000000004", "--tables", "t"});
  EXPECT_EQ(std::ranges::count(some, '\n'), 1) << some;
  EXPECT_NE(some.find("\"op\":\"d\""), std::string::npos) << some;
  const std::string now = out_of({"changes", "acme", "--snapshot"});
  EXPECT_EQ(std::ranges::count(now, '\n'), 1) << now;
  EXPECT_NE(now.find("\"op\":\"r\""), std::string::npos) << now;
  EXPECT_EQ(run({"changes", "acme", "--from", "x"}).code, 1);
  EXPECT_EQ(run({"changes", "acme", "--from", "x", "--snapshot"}).code, 2);
}

TEST_F(program, the_lake_has_what_was_flushed_and_what_was_not) {
  out_of({"db", "create", "acme"});
  out_of({"sql", "acme", "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, ok BOOLEAN)",
          "INSERT INTO t VALUES(1, 'ada', 1), (2, 'bob', 0)"});
  EXPECT_EQ(out_of({"lake", "tables"}), "");
  EXPECT_NE(out_of({"lake", "flush"}).find("\"rows_added\":2,"), std::string::npos);
  out_of({"sql", "acme", "DELETE FROM t WHERE id = 2", "INSERT INTO t VALUES(3, 'eve', NULL)"});
  EXPECT_EQ(out_of({"lake", "query", "SELECT id, name, ok FROM acme.t ORDER BY id"}),
            "{\"id\":1,\"name\":\"ada\",\"ok\":true}\n{\"id\":3,\"name\":\"eve\",\"ok\":null}\n");
  EXPECT_NE(out_of({"lake", "status"}).find("\"unflushed_rows\":2,"), std::string::npos);
  out_of({"lake", "flush"});
  const std::string tables = out_of({"lake", "tables"});
  EXPECT_TRUE(tables.starts_with("{\"table\":\"acme.t\",\"format_version\":3,")) << tables;
  EXPECT_NE(tables.find("\"rows\":2,"), std::string::npos) << tables;
  EXPECT_NE(out_of({"lake", "verify"}).find("\"findings\":0"), std::string::npos);
  EXPECT_EQ(run({"lake", "query", "SELECT nope FROM acme.t"}).code, 1);
}

TEST_F(program, stats_and_version_are_single_objects) {
  out_of({"db", "create", "acme"});
  const std::string stats = out_of({"stats", "--json"});
  EXPECT_TRUE(stats.starts_with("{\"") && stats.ends_with("}\n")) << stats;
  EXPECT_TRUE(run({"version", "--json"}).out.starts_with("{\"version\":\""));
}

TEST_F(program, bench_commits_measures_and_leaves_nothing_behind) {
  const std::string text =
      out_of({"bench", "commits", "--clients", "4", "--databases", "2", "--seconds", "1"});
  EXPECT_NE(text.find("\"operation\":\"commits\",\"clients\":4,\"databases\":2,"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\"per_s\":"), std::string::npos);
  EXPECT_EQ(out_of({"db", "list"}), "");
}

TEST_F(program, an_interrupt_ends_a_long_statement_and_closes_the_store) {
  out_of({"db", "create", "acme"});
  std::thread later([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    interrupts_.raise();
  });
  const Outcome stopped = run({"sql", "acme"},
                              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                              "SELECT count(*) FROM n");
  later.join();
  EXPECT_EQ(stopped.code, 1);
  EXPECT_EQ(stopped.err, "dosql: interrupted\n");
  interrupts_.clear();
  EXPECT_EQ(run({"sql", "acme", "SELECT 1"}).err, "");  // no note about an unclean close
}

}  // namespace
}  // namespace dosql::shell
