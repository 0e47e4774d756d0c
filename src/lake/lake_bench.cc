// Rows per second of one core from the durable log to the committed snapshot, and back by a query.
// DuckDB gets one thread; items are rows.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "lake/lake.h"

namespace dosql::lake {
namespace {

class Bench {
 public:
  Bench() {
    std::string pattern = (std::filesystem::temp_directory_path() / "dosql-bench-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    store_.emplace(*Store::open(directory_, {.background = false}));
    database_.emplace(*store_->create_database("acme"));
    lake_ = std::make_unique<Lake>(engine::instance_of(*store_), Options{.threads = 1});
    exec("CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, v INT)");
  }
  ~Bench() {
    lake_.reset();
    database_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }
  void exec(const std::string& sql) {
    if (auto done = database_->exec(sql); !done) std::abort();
  }
  void insert(int64_t begin, int64_t count) {
    exec("WITH RECURSIVE q(i) AS (SELECT " + std::to_string(begin) +
         " UNION ALL SELECT i+1 FROM q WHERE i<" + std::to_string(begin + count - 1) +
         ") INSERT INTO t SELECT i, 'key-'||(i*7919%1000003), i%1000 FROM q");
  }
  Lake& lake() { return *lake_; }

 private:
  std::string directory_;
  std::optional<Store> store_;
  std::optional<Database> database_;
  std::unique_ptr<Lake> lake_;
};

void first_flush(benchmark::State& state) {
  const int64_t rows = state.range(0);
  for (auto _ : state) {
    state.PauseTiming();
    auto bench = std::make_unique<Bench>();
    bench->insert(1, rows);
    state.ResumeTiming();
    if (!bench->lake().flush()) state.SkipWithError("flush failed");
    state.PauseTiming();
    bench.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * rows);
}
BENCHMARK(first_flush)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void cycle_of_inserts(benchmark::State& state) {
  const int64_t rows = state.range(0);
  Bench bench;
  int64_t next = 1;
  for (auto _ : state) {
    state.PauseTiming();
    bench.insert(next, rows);
    next += rows;
    state.ResumeTiming();
    if (!bench.lake().flush()) state.SkipWithError("flush failed");
  }
  state.SetItemsProcessed(state.iterations() * rows);
}
BENCHMARK(cycle_of_inserts)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

void cycle_of_updates(benchmark::State& state) {
  const int64_t rows = 1'000'000;
  const int64_t every = state.range(0);
  Bench bench;
  bench.insert(1, rows);
  if (!bench.lake().flush()) state.SkipWithError("flush failed");
  for (auto _ : state) {
    state.PauseTiming();
    bench.exec("UPDATE t SET v = v + 1 WHERE id % " + std::to_string(every) + " = 0");
    state.ResumeTiming();
    if (!bench.lake().flush()) state.SkipWithError("flush failed");
  }
  state.SetItemsProcessed(state.iterations() * (rows / every));
}
BENCHMARK(cycle_of_updates)
    ->Arg(10)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

void query_with_unflushed_rows(benchmark::State& state) {
  Bench bench;
  bench.insert(1, 1'000'000);
  if (!bench.lake().flush()) state.SkipWithError("flush failed");
  bench.exec("UPDATE t SET v = v + 1 WHERE id % 1000 = 0");
  for (auto _ : state) {
    auto query = bench.lake().query("SELECT sum(v) FROM t");
    if (!query || !(*query)->rows().next()) state.SkipWithError("query failed");
  }
}
BENCHMARK(query_with_unflushed_rows)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dosql::lake
