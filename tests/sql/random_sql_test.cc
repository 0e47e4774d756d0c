// Random statements on several sessions, on DoSQL and on stock SQLite: every result, every dump and
// the row difference of every commit. DOSQL_SEEDS says how many seeds, a fifth as many as of
// cheaper tests; DOSQL_SEED replays one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "change_check.h"
#include "folder.h"
#include "random_sql.h"
#include "sides.h"

namespace dosql::sqltest {
namespace {

constexpr uint32_t kPageSizes[] = {4096, 512, 1024, 4096, 65536, 512, 8192};
constexpr int kStatements = 120;

// Who waits for whom is said in our own words: of BUSY and BUSY_SNAPSHOT only the code counts.
std::string without_busy_words(std::string outcome) {
  for (const Code code : {Code::kBusy, Code::kBusySnapshot}) {
    const std::string start = "error " + std::to_string(static_cast<int>(code)) + ": ";
    const size_t at = outcome.find(start);
    if (at == std::string::npos || (at != 0 && outcome[at - 1] != '\n')) continue;
    outcome.erase(at + start.size(), outcome.find('\n', at) - at - start.size());
  }
  return outcome;
}

class Comparison {
 public:
  explicit Comparison(uint64_t seed)
      : page_size_(kPageSizes[seed % std::size(kPageSizes)]),
        ours_(folder_.path() + "/store", page_size_),
        stock_(folder_.path() + "/stock.db", page_size_),
        sql_(seed, stock_),
        changes_(ours_) {}

  // What differs, with all statements; empty: nothing.
  std::string run() {
    const uint64_t connections = 1 + sql_.random().below(3);
    for (uint64_t i = 0; i < connections && wrong_.empty(); ++i) {
      for (const std::string& sql : sql_.settings(i == 0)) run_both(letter(i), sql);
    }
    for (int i = 0; i < kStatements && wrong_.empty(); ++i) {
      const char connection = letter(sql_.random().below(connections));
      run_both(connection, sql_.next(connection));
      if (sql_.random().one_in(60)) check_dumps();
      if (sql_.random().one_in(60)) reopen();
      if (sql_.random().one_in(60)) checkpoint();
    }
    for (uint64_t i = 0; i < connections && wrong_.empty(); ++i) run_both(letter(i), "ROLLBACK");
    check_dumps();
    reopen();
    check_dumps();
    if (Side::first_value(ours_.run('a', "PRAGMA integrity_check")) != "ok") fail("not intact");
    return wrong_.empty() ? "" : log_ + wrong_;
  }

 private:
  static char letter(uint64_t connection) { return static_cast<char>('a' + connection); }

  void fail(const std::string& what) {
    if (wrong_.empty()) wrong_ = "--- page size " + std::to_string(page_size_) + ": " + what;
  }

  void run_both(char connection, const std::string& sql) {
    log_ += std::string("@") + connection + " " + sql + ";\n";
    const std::string expected = without_busy_words(stock_.run(connection, sql));
    const std::string found = without_busy_words(ours_.run(connection, sql));
    if (found != expected) return fail("\nexpected " + expected + "found    " + found);
    if (const std::string odd = changes_.after_statement(); !odd.empty()) fail(odd);
  }

  void check_dumps() {
    if (!wrong_.empty()) return;
    const std::string expected = dump(stock_);
    const std::string found = dump(ours_);
    const auto at = std::ranges::mismatch(expected, found).in1 - expected.begin();
    const size_t from = at > 200 ? static_cast<size_t>(at) - 200 : 0;
    if (found != expected) {
      fail("dumps differ\nexpected " + expected.substr(from, 400) + "\nfound " +
           found.substr(from, 400));
    }
  }

  void reopen() {
    log_ += "-- opened again\n";
    ours_.reopen();
    stock_.close();
    sql_.forget_transactions();
  }

  void checkpoint() {
    log_ += "-- checkpoint round\n";
    if (const auto done = ours_.store().checkpoint(); !done) fail(done.error().message);
  }

  Folder folder_;
  uint32_t page_size_;
  DosqlSide ours_;
  StockSide stock_;
  RandomSql sql_;
  ChangeCheck changes_;
  std::string log_;
  std::string wrong_;
};

uint64_t setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(random_sql, does_what_stock_sqlite_does_on_several_sessions) {
  const uint64_t only = setting("DOSQL_SEED", 0);
  const uint64_t last = only != 0 ? only : setting("DOSQL_SEEDS", 300) / 5;
  for (uint64_t seed = only != 0 ? only : 1; seed <= last; ++seed) {
    const std::string wrong = Comparison(seed).run();
    ASSERT_EQ(wrong, "") << "replay: DOSQL_SEED=" << seed;
  }
}

}  // namespace
}  // namespace dosql::sqltest
