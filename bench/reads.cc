// Point reads by key from 100,000 rows, one client: autocommit, inside a transaction, and while
// another session commits about 1,000 rows a second.
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "claims.h"
#include "machine.h"
#include "stock.h"

namespace dosql::bench {
namespace {

constexpr int64_t kRunUs = 1'500'000;
constexpr int kRuns = 3;
constexpr int kBatch = 256;  // reads between two looks at the clock

class Keys {
 public:
  int64_t next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<int64_t>((state_ >> 33) % kFilledRows) + 1;
  }

 private:
  uint64_t state_ = 7;
};

double reads_per_s(const std::function<void(int64_t)>& read) {
  Keys keys;
  uint64_t count = 0;
  const int64_t begun = now_us();
  int64_t now = begun;
  while (now - begun < kRunUs) {
    for (int i = 0; i < kBatch; ++i) read(keys.next());
    count += kBatch;
    now = now_us();
  }
  return static_cast<double>(count) * 1e6 / static_cast<double>(now - begun);
}

// Calls `commit` 1,000 times a second until it dies.
class Committer {
 public:
  explicit Committer(std::function<void(int64_t)> commit)
      : thread_([this, commit = std::move(commit)] {
          auto due = std::chrono::steady_clock::now();
          for (int64_t i = 0; !is_stopping_; ++i) {
            commit(i);
            due += std::chrono::milliseconds(1);
            std::this_thread::sleep_until(due);
          }
        }) {}
  ~Committer() {
    is_stopping_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

struct Rates {
  double autocommit = 0;
  double transaction = 0;
  double busy_autocommit = 0;
  double busy_transaction = 0;
};

Rates run_ours() {
  const Scratch scratch;
  Store store = must(Store::open(scratch.path() + "/store"));
  Database database = must(store.create_database("acme"));
  must(database.exec(kSchema));
  must(database.run(kFill));
  Session session = must(database.session());
  Statement statement = must(session.prepare(kRead));
  const auto read = [&](int64_t id) {
    must(statement.bind(1, id));
    if (!must(statement.step())) std::exit(1);
    statement.reset();
  };
  const auto in_transaction = [&] {
    must(session.run("BEGIN"));
    const double rate = reads_per_s(read);
    must(session.run("COMMIT"));
    return rate;
  };
  Rates rates;
  rates.autocommit = reads_per_s(read);
  rates.transaction = in_transaction();
  Session writer = must(database.session());
  const Committer committer(
      [&](int64_t i) { must(writer.run(kInsert, {"new-" + std::to_string(i), i})); });
  rates.busy_autocommit = reads_per_s(read);
  rates.busy_transaction = in_transaction();
  return rates;
}

Rates run_stock() {
  const Scratch scratch;
  const std::string path = scratch.path() + "/stock.db";
  Stock stock(path, Stock::Sync::kFull);
  stock.exec(kSchema);
  stock.exec(kFill);
  StockStatement statement(stock.handle(), kRead);
  const auto read = [&](int64_t id) {
    statement.bind(1, id);
    if (statement.run() != 1) std::exit(1);
  };
  const auto in_transaction = [&] {
    stock.exec("BEGIN");
    const double rate = reads_per_s(read);
    stock.exec("COMMIT");
    return rate;
  };
  Rates rates;
  rates.autocommit = reads_per_s(read);
  rates.transaction = in_transaction();
  Stock writer(path, Stock::Sync::kFull);
  StockStatement insert(writer.handle(), kInsert);
  const Committer committer([&](int64_t i) {
    insert.bind(1, "new-" + std::to_string(i));
    insert.bind(2, i);
    insert.run();
  });
  rates.busy_autocommit = reads_per_s(read);
  rates.busy_transaction = in_transaction();
  return rates;
}

}  // namespace

void measure_reads(Report& report) {
  std::vector<Rates> ours;
  std::vector<Rates> stock;
  for (int i = 0; i < kRuns; ++i) {
    ours.push_back(run_ours());
    stock.push_back(run_stock());
  }
  const auto add = [&](const char* name, double Rates::* rate, double budget) {
    std::vector<double> a, b;
    for (const Rates& run : ours) a.push_back(run.*rate);
    for (const Rates& run : stock) b.push_back(run.*rate);
    report.add(
        {name, median(a), median(b), "reads/s", budget, Figure::Better::kHigher, "stock WAL"});
  };
  add("point reads, autocommit", &Rates::autocommit, 1.5);
  add("point reads, in a transaction", &Rates::transaction, 1.0);
  add("the same beside 1,000 commits/s, autocommit", &Rates::busy_autocommit, 1.5);
  add("the same beside 1,000 commits/s, transaction", &Rates::busy_transaction, 1.0);
}

}  // namespace dosql::bench
