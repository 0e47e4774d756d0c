// Opening a store that was killed with 256 MiB in its log, to the first row of one of its 100
// databases. The log is in the page cache, as after the death of a process.
#include <sys/wait.h>
#include <unistd.h>

#include "claims.h"
#include "machine.h"

namespace dosql::bench {
namespace {

constexpr int kDatabases = 100;
constexpr double kTailBytes = 256.0 * (1 << 20);
constexpr int kRuns = 3;

void fill_and_die(const std::string& path) {
  StoreOptions options;
  options.background = false;
  Store store = must(Store::open(path, options));
  std::vector<Session> sessions;
  for (int i = 0; i < kDatabases; ++i) {
    Database database = must(store.create_database("db-" + std::to_string(i)));
    must(database.exec(kSchema));
    sessions.push_back(must(database.session()));
  }
  for (int64_t i = 0; store.stats()["log_tail_bytes"] < kTailBytes; ++i) {
    for (Session& session : sessions) {
      must(session.transaction([&](Session& inside) -> Result<void> {
        for (int64_t row = 0; row < 20; ++row) {
          must(inside.run(kInsert, {"key-" + std::to_string(i * 7919 + row), i}));
        }
        return {};
      }));
    }
  }
  ::_exit(0);
}

}  // namespace

void measure_reopen(Report& report) {
  const Scratch scratch;
  const std::string path = scratch.path() + "/store";
  const pid_t child = ::fork();
  if (child == 0) fill_and_die(path);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) std::exit(1);
  std::vector<double> opens;
  for (int i = 0; i < kRuns; ++i) {
    const int64_t begun = now_us();
    Store store = must(Store::open(path, {.background = false}));
    Database database = must(store.database("db-7"));
    must(database.query("SELECT count(*) FROM t"));
    opens.push_back(static_cast<double>(now_us() - begun) / 1e6);
  }
  report.add({"open after a kill, 256 MiB of log", median(opens), 0, "s", 0.5,
              Figure::Better::kLower, ""});
}

}  // namespace dosql::bench
