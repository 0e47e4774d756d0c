// A program that embeds DoSQL: two databases in one store, a transaction, asynchronous commits.
//   embed DIRECTORY (which is new)
#include <dosql/dosql.h>

#include <cstdio>
#include <cstdlib>
#include <latch>
#include <string>

namespace {

using dosql::Result;

// A macro-free way to stop at the first error.
template <class T>
T must(Result<T> result, const char* what) {
  if (!result) {
    std::fprintf(stderr, "%s: %s\n", what, result.error().message.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 2;
  }
  dosql::Store store = must(dosql::Store::open(argv[1]), "open");
  dosql::Database acme = must(store.create_database("acme"), "create acme");
  dosql::Database zeta = must(store.create_database("zeta"), "create zeta");
  for (dosql::Database* db : {&acme, &zeta}) {
    must(db->exec("CREATE TABLE account(id INTEGER PRIMARY KEY, owner TEXT, cents INT CHECK(cents "
                  ">= 0))"),
         "schema");
  }

  // Durable when run() returns; the bookmark names the version.
  const auto inserted =
      must(acme.run("INSERT INTO account(owner, cents) VALUES(?, ?), (?, ?)",
                    {std::string("ada"), int64_t{500}, std::string("bob"), int64_t{0}}),
           "insert");
  std::printf("committed %s\n", inserted.bookmark.c_str());

  const auto moved = acme.transaction([](dosql::Session& session) -> Result<void> {
    auto taken = session.run("UPDATE account SET cents = cents - 900 WHERE owner = 'ada'");
    if (!taken) return std::unexpected(taken.error());
    auto given = session.run("UPDATE account SET cents = cents + 900 WHERE owner = 'bob'");
    if (!given) return std::unexpected(given.error());
    return {};
  });
  std::printf("transfer of 900: %s\n", moved ? "done" : moved.error().message.c_str());

  // Many commits in flight without a thread each. `done` gets the outcome, from another thread.
  std::latch outcomes(100);
  for (int64_t cents = 0; cents < 100; ++cents) {
    zeta.run_async("INSERT INTO account(owner, cents) VALUES('async', ?)", {cents},
                   [&](Result<dosql::RunResult> result) {
                     if (!result) std::fprintf(stderr, "%s\n", result.error().message.c_str());
                     outcomes.count_down();
                   });
  }
  outcomes.wait();
  const dosql::Rows sum = must(zeta.query("SELECT count(*), sum(cents) FROM account"), "sum");
  std::printf("zeta: %lld accounts, %lld cents\n",
              static_cast<long long>(std::get<int64_t>(sum.at(0, 0))),
              static_cast<long long>(std::get<int64_t>(sum.at(0, 1))));

  const dosql::Rows rows =
      must(acme.query("SELECT owner, cents FROM account ORDER BY id"), "query");
  for (size_t i = 0; i < rows.size(); ++i) {
    std::printf("%s has %lld\n", std::get<std::string>(rows.at(i, 0)).c_str(),
                static_cast<long long>(std::get<int64_t>(rows.at(i, 1))));
  }
  must(store.close(), "close");
  return 0;
}
