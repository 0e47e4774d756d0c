// Rows per second of one core from values to a Parquet file: budget for lake inserts.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "duck/parquet_writer.h"

namespace dosql::duck {
namespace {

RowBuffer fill(int64_t count) {
  RowBuffer rows({{.name = "id", .type = ColumnType::kLong, .field_id = 1},
                  {.name = "k", .type = ColumnType::kString, .field_id = 2},
                  {.name = "v", .type = ColumnType::kLong, .field_id = 3}});
  for (int64_t i = 0; i < count; ++i) {
    rows.set_long(0, i);
    rows.set_text(1, "key-" + std::to_string(i * 7919 % 1000003));
    rows.set_long(2, i * 31 % 1000);
    rows.end_row();
  }
  return rows;
}

void fill_buffer(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(fill(1'000'000).row_count());
  state.SetItemsProcessed(state.iterations() * 1'000'000);
}
BENCHMARK(fill_buffer)->Unit(benchmark::kMillisecond);

void write_file(benchmark::State& state) {
  std::string pattern = "/tmp/dosql-bench-XXXXXX";
  const std::string directory = mkdtemp(pattern.data());
  auto database = *Database::open({.threads = 1, .directories = {directory}});
  auto connection = *Connection::open(*database);
  for (auto _ : state) {
    const RowBuffer rows = fill(1'000'000);
    auto file = write_parquet(*database, *connection, rows, directory + "/x.parquet");
    if (!file) state.SkipWithError(file.error().message.c_str());
  }
  state.SetItemsProcessed(state.iterations() * 1'000'000);
  std::filesystem::remove_all(directory);
}
BENCHMARK(write_file)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace
}  // namespace dosql::duck
