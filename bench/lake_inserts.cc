// From the durable log to a committed Iceberg snapshot: rows a second of one core (CPU time of all
// threads), for one cycle of a million inserts.
#include "claims.h"
#include "engine/instance.h"
#include "lake/lake.h"
#include "machine.h"

namespace dosql::bench {
namespace {

constexpr int64_t kRows = 1'000'000;
constexpr int kRuns = 3;

}  // namespace

void measure_lake_inserts(Report& report) {
  std::vector<double> rates, updates;
  for (int i = 0; i < kRuns; ++i) {
    const Scratch scratch;
    Store store = must(Store::open(scratch.path() + "/store"));
    Database database = must(store.create_database("acme"));
    must(database.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, v INT)"));
    lake::Lake lake(engine::instance_of(store), {.threads = 1});
    must(lake.flush());
    must(
        database.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                     "INSERT INTO t SELECT i, 'key-' || (i * 7919 % 1000003), i % 1000 FROM n",
                     {kRows}));
    double cpu = cpu_us();
    must(lake.flush());
    rates.push_back(kRows * 1e6 / (cpu_us() - cpu));
    const RunResult changed = must(database.run("UPDATE t SET v = v + 1 WHERE id % 10 = 0"));
    cpu = cpu_us();
    must(lake.flush());
    updates.push_back(static_cast<double>(changed.changes) * 1e6 / (cpu_us() - cpu));
  }
  using enum Figure::Better;
  report.add({"changes to Iceberg, inserts", median(rates), 0, "rows/s", 500'000, kHigher, ""});
  report.add({"changes to Iceberg, updates", median(updates), 0, "rows/s", 100'000, kHigher, ""});
}

}  // namespace dosql::bench
