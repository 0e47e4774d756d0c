// What sessions and blobs have to do when I/O has failed; each found by the simulator.
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/database_impl.h"
#include "fsx/local_blob_store.h"
#include "simulator/world.h"

namespace dosql::simulator {
namespace {

class Faults : public testing::Test {
 protected:
  Faults() : random_(1), world_(random_, make_directory(), {}) { EXPECT_TRUE(world_.open()); }
  ~Faults() override {
    world_.end(End::kKill);
    std::filesystem::remove_all(directory_);
  }
  Database create(const char* name) {
    EXPECT_TRUE(world_.store().create({name, "", 4096, false}));
    return Database(*world_.instance().database(name));
  }
  std::string make_directory() {
    std::string pattern = testing::TempDir() + "dosql-faults-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    std::filesystem::create_directory(directory_ + "/tmp");
    return directory_;
  }

  std::string directory_;
  Random random_;
  World world_;
};

TEST_F(Faults, a_session_sees_its_own_commits_before_they_are_durable) {
  Session session = *create("acme").session();
  ASSERT_TRUE(session.impl().run_unsettled("CREATE TABLE t(a)", {}));
  ASSERT_TRUE(session.impl().run_unsettled("INSERT INTO t VALUES(1)", {}));
  ASSERT_LT(world_.store().log().durable(), world_.store().log().end());
  const auto rows = session.query("SELECT a FROM t");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->size(), 1U);
  EXPECT_EQ(world_.store().log().durable(), world_.store().log().end());  // the answer waited
}

TEST_F(Faults, reads_go_on_at_what_is_durable_when_the_log_has_failed) {
  Database database = create("acme");
  ASSERT_TRUE(database.exec("CREATE TABLE t(a); INSERT INTO t VALUES(1)"));
  world_.arm_fault(2);
  const auto lost = database.run("INSERT INTO t VALUES(2)");
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, Code::kOutcomeUnknown);
  world_.heal();
  for (int i = 0; i < 3; ++i) {
    const auto rows = database.query("SELECT a FROM t");
    ASSERT_TRUE(rows) << rows.error().message;
    EXPECT_EQ(rows->size(), 1U);
    const auto later = database.run("INSERT INTO t VALUES(3)");
    ASSERT_FALSE(later);
    EXPECT_EQ(later.error().code, Code::kIo) << later.error().message;
  }
}

TEST_F(Faults, rounds_succeed_again_after_any_call_of_one_has_failed) {
  Database database = create("acme");
  ASSERT_TRUE(database.exec("CREATE TABLE t(a)"));
  for (uint64_t n = 1; n < 30; ++n) {
    ASSERT_TRUE(database.run("INSERT INTO t VALUES(zeroblob(9000))"));
    world_.arm_fault(n);
    const bool is_done = world_.store().checkpoint().has_value();
    world_.heal();
    if (is_done && n > 12) return;
    const auto again = world_.store().checkpoint();
    ASSERT_TRUE(again) << "call " << n << ": " << again.error().message;
    const auto findings = world_.store().check([](uint64_t) {});
    ASSERT_TRUE(findings && findings->empty());
  }
  FAIL() << "a round has fewer calls";
}

// Whatever call of a round is the last one of its process: commits after it stand on pages that the
// round has put into packs, which the next process takes for garbage.
TEST_F(Faults, commits_after_a_round_that_failed_outlive_the_packs_of_that_round) {
  for (uint64_t n = 1; n < 16; ++n) {
    const std::string name = "db" + std::to_string(n);
    {
      Database database = create(name.c_str());
      ASSERT_TRUE(database.exec("CREATE TABLE t(a, b); INSERT INTO t VALUES(1, zeroblob(3000))"));
      world_.arm_fault(n);
      static_cast<void>(world_.store().checkpoint());
      world_.heal();
      static_cast<void>(database.run("UPDATE t SET a=2"));
    }
    for (int round = 0; round < 2; ++round) {
      world_.end(End::kKill);
      ASSERT_TRUE(world_.open());
      const auto findings = world_.store().check([](uint64_t) {});
      ASSERT_TRUE(findings) << findings.error().message;
      for (const std::string& finding : *findings) ADD_FAILURE() << "call " << n << ": " << finding;
      ASSERT_TRUE(world_.store().checkpoint());
    }
  }
}

TEST_F(Faults, a_slot_moved_after_its_database_was_dropped_stops_no_round) {
  for (const bool is_in_directory : {false, true}) {
    {
      Database gone = create("gone");
      Database other = create(is_in_directory ? "second" : "first");
      ASSERT_TRUE(gone.exec("CREATE TABLE t(a)"));
      if (is_in_directory) ASSERT_TRUE(world_.store().checkpoint());
      const auto versions = engine::versions_of(gone);
      const auto snapshot = *versions->snapshot();
      versions->hold_slot("reader", snapshot);
      ASSERT_TRUE(world_.store().drop("gone"));
      Session session = *other.session();
      engine::set_commit_slots(session, {{versions.get(), "reader", snapshot.version()}});
      ASSERT_TRUE(session.run("CREATE TABLE t(a)"));
    }
    world_.end(End::kKill);
    ASSERT_TRUE(world_.open());
    const auto done = world_.store().checkpoint();
    EXPECT_TRUE(done) << done.error().message;
  }
}

TEST_F(Faults, vacuum_turns_auto_vacuum_on_and_off) {
  Session session = *create("acme").session();
  ASSERT_TRUE(
      session.exec("CREATE TABLE t(a, b); INSERT INTO t VALUES(1, zeroblob(9000)); "
                   "CREATE INDEX i ON t(a); CREATE TABLE u(a); INSERT INTO u VALUES(1)"));
  for (const char* mode : {"1", "0", "2", "0"}) {
    const auto done = session.exec(std::string("PRAGMA auto_vacuum=") + mode + "; VACUUM");
    ASSERT_TRUE(done) << mode << ": " << done.error().message;
    const auto findings = world_.store().check([](uint64_t) {});
    ASSERT_TRUE(findings && findings->empty()) << mode;
  }
}

TEST(blob_faults, a_put_that_failed_at_any_call_can_be_done_again) {
  for (uint64_t n = 1;; ++n) {
    fsx::FaultyDisk disk;
    fsx::LocalBlobStore blobs(disk, "store");
    const auto first = blobs.put_if("root", as_bytes("1"), std::nullopt);
    ASSERT_TRUE(first);
    disk.fail_from_call(n, {Code::kIo, "a fault"});
    const bool is_put = blobs.put("pack/a", as_bytes("a")).has_value();
    const bool is_moved = blobs.put_if("root", as_bytes("2"), *first).has_value();
    disk.heal();
    if (is_moved) break;
    EXPECT_EQ(blobs.put("pack/a", as_bytes("a")).has_value(), !is_put);
    const auto again = blobs.put_if("root", as_bytes("3"), *first);
    ASSERT_TRUE(again) << "call " << n << ": " << again.error().message;
    Random random(n);
    disk.crash(random);
    fsx::LocalBlobStore reopened(disk, "store");
    EXPECT_EQ(as_text((*reopened.get_versioned("root"))->bytes), "3");
    EXPECT_EQ(*reopened.size_of("pack/a"), 1U);
  }
}

}  // namespace
}  // namespace dosql::simulator
