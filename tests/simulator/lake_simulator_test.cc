// Lake cycles under random operations, faults and crashes of the store. The lake's own files lie on
// the machine's disk and survive: what may be lost is everything the store had not made durable.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "engine/session_impl.h"
#include "lake/lake.h"
#include "simulator/statements.h"
#include "simulator/world.h"

namespace dosql::simulator {
namespace {

namespace fs = std::filesystem;

class LakeSimulation {
 public:
  LakeSimulation(uint64_t seed, std::string directory)
      : random_(seed),
        seed_(seed),
        directory_(std::move(directory)),
        world_(random_, directory_, options(random_)),
        statements_(random_, 1024) {}
  ~LakeSimulation() {
    lake_.reset();
    world_.end(End::kKill);
    fs::remove_all(directory_ + "/lake");
  }

  void run() {
    reopen();
    for (step_ = 1; step_ <= 40 && !testing::Test::HasFailure(); ++step_) step();
    if (testing::Test::HasFailure()) return;
    world_.heal();
    end();
    flush();
  }

 private:
  static store::Options options(Random& random) {
    store::Options options;
    options.log.segment_bytes = (16U << 10) << random.below(3);
    options.log.fill_bytes = 0;
    options.history_bytes = random.below(2) << 16;
    return options;
  }

  void step() {
    const uint64_t choice = random_.below(20);
    if (choice < 9) return change();
    if (choice < 13) return flush();
    if (choice < 14) return checkpoint();
    if (choice < 15) return name_databases();
    if (choice < 18) return world_.arm_fault(1 + random_.below(12));
    end();
  }

  void complain(const std::string& what) {
    ADD_FAILURE() << "DOSQL_SEED=" << seed_ << " step " << step_ << ": " << what;
  }
  // False after a fault: the process ends.
  template <class T>
  bool accept(const Result<T>& result, const char* what) {
    if (result) return true;
    if (!world_.may_fail()) complain(str_cat({what, ": ", result.error().message}));
    end();
    return false;
  }

  void end() {
    lake_.reset();
    world_.end(random_.one_in(2) ? End::kKill : End::kCrash);
    reopen();
  }

  void reopen() {
    const auto opened = world_.open();
    if (!opened) return complain("open: " + opened.error().message);
    lake_ = std::make_unique<lake::Lake>(world_.instance(), lake::Options{.threads = 1});
    verify("after opening");
  }

  std::string pick_database() {
    std::vector<std::string> names;
    const auto descriptors = world_.store().list();
    if (!descriptors) return {};
    for (const store::Descriptor& descriptor : *descriptors) {
      if (!descriptor.is_hidden()) names.push_back(descriptor.name);
    }
    return names.empty() ? std::string() : names[random_.below(names.size())];
  }

  void name_databases() {
    const std::string name = pick_database();
    const std::string other = "db" + std::to_string(random_.below(4));
    const bool is_taken = world_.store().find(other).has_value();
    if (name.empty() || (!is_taken && random_.one_in(3))) {
      static_cast<void>(accept(world_.store().create({other, "", 1024, false}), "create"));
    } else if (!is_taken) {
      static_cast<void>(accept(world_.store().rename(name, other), "rename"));
    } else if (random_.one_in(3)) {
      static_cast<void>(accept(world_.store().drop(name), "drop"));
    }
  }

  void change() {
    const std::string name = pick_database();
    if (name.empty()) return name_databases();
    auto handle = world_.instance().database(name);
    if (!accept(handle, "database")) return;
    auto session = Database(*std::move(handle)).session();
    if (!accept(session, "session")) return;
    const bool is_one = random_.one_in(2);
    if (is_one) static_cast<void>(session->run("BEGIN IMMEDIATE"));
    for (uint64_t left = 1 + random_.below(8); left > 0; --left) {
      const auto sql = statements_.next(session->impl().connection);
      if (sql) static_cast<void>(session->run(*sql));
    }
    if (is_one) static_cast<void>(session->run("COMMIT"));
  }

  void checkpoint() { static_cast<void>(accept(world_.store().checkpoint(), "checkpoint")); }

  void flush() {
    if (!accept(lake_->flush(), "flush")) return;
    verify("after a flush");
    const auto status = lake_->status();
    if (status && status->unflushed_rows != 0) complain("rows are left after a flush");
  }

  void verify(const char* when) {
    const auto report = lake_->verify();
    if (!report) return complain(str_cat({when, ": ", report.error().message}));
    for (const std::string& finding : report->findings) complain(str_cat({when, ": ", finding}));
  }

  Random random_;
  const uint64_t seed_;
  const std::string directory_;
  World world_;
  Statements statements_;
  std::unique_ptr<lake::Lake> lake_;
  int step_ = 0;
};

uint64_t setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(lake_simulator, random_cycles_survive_faults_and_crashes) {
  constexpr uint64_t kSeedsPerCycle = 20;  // a seed here takes as long as so many of the store's
  std::string pattern = testing::TempDir() + "dosql-lake-simulator-XXXXXX";
  const std::string directory = mkdtemp(pattern.data());
  fs::create_directory(directory + "/tmp");
  const uint64_t only = setting("DOSQL_SEED", 0);
  const uint64_t last = only != 0 ? only : setting("DOSQL_SEEDS", 300) / kSeedsPerCycle + 1;
  for (uint64_t seed = only != 0 ? only : 1; seed <= last && !testing::Test::HasFailure(); ++seed) {
    LakeSimulation(seed, directory).run();
    if (testing::Test::HasFailure()) ADD_FAILURE() << "replay with DOSQL_SEED=" << seed;
  }
  // Seeds that found something once.
  constexpr uint64_t kFound[] = {25};
  for (const uint64_t seed : kFound) {
    if (only == 0 && seed > last && !testing::Test::HasFailure()) {
      LakeSimulation(seed, directory).run();
    }
  }
  fs::remove_all(directory);
}

}  // namespace
}  // namespace dosql::simulator
