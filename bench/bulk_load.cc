// One transaction of 500,000 inserts into a table with an index, durable at the end; both sides
// through a prepared statement.
#include "claims.h"
#include "machine.h"
#include "stock.h"

namespace dosql::bench {
namespace {

constexpr int64_t kRows = 500'000;
constexpr int kRuns = 3;

std::string key(int64_t i) {
  return "key-" + std::to_string(i * 7919 % 1'000'003);
}

double run_ours() {
  const Scratch scratch;
  Store store = must(Store::open(scratch.path() + "/store"));
  Database database = must(store.create_database("acme"));
  must(database.exec(kSchema));
  Session session = must(database.session());
  const int64_t begun = now_us();
  must(session.transaction([&](Session& inside) -> Result<void> {
    Statement insert = must(inside.prepare(kInsert));
    for (int64_t i = 0; i < kRows; ++i) {
      must(insert.bind(1, key(i)));
      must(insert.bind(2, i));
      must(insert.step());
    }
    return {};
  }));
  return kRows * 1e6 / static_cast<double>(now_us() - begun);
}

double run_stock() {
  const Scratch scratch;
  Stock stock(scratch.path() + "/stock.db", Stock::Sync::kFull);
  stock.exec(kSchema);
  StockStatement insert(stock.handle(), kInsert);
  const int64_t begun = now_us();
  stock.exec("BEGIN");
  for (int64_t i = 0; i < kRows; ++i) {
    insert.bind(1, key(i));
    insert.bind(2, i);
    insert.run();
  }
  stock.exec("COMMIT");
  return kRows * 1e6 / static_cast<double>(now_us() - begun);
}

}  // namespace

void measure_bulk_load(Report& report) {
  std::vector<double> ours, stock;
  for (int i = 0; i < kRuns; ++i) {
    ours.push_back(run_ours());
    stock.push_back(run_stock());
  }
  report.add({"bulk load, one transaction of 500,000 rows", median(ours), median(stock), "rows/s",
              1.0, Figure::Better::kHigher, "stock WAL"});
}

}  // namespace dosql::bench
