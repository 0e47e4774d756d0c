#include "btree/owners.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "btree/history_impl.h"

namespace dosql::btree {
namespace {

// The version after `before`, its owners by the rule; compared with those by full traversal.
FileVersion next_version(const TestDatabase& database, FileVersion& before, Random& random,
                         const std::string& where) {
  FileVersion after = database.read_file(before);
  std::vector<PageNo> changed;
  for (const PageNo page : changed_pages(before, after)) {
    if (page <= after.page_count()) changed.push_back(page);
  }
  if (random.one_in(2)) {  // a superset does no harm
    for (PageNo page = 1; page <= after.page_count(); ++page) {
      if (random.one_in(10)) changed.push_back(page);
    }
    std::ranges::sort(changed);
    changed.erase(std::ranges::unique(changed).begin(), changed.end());
  }
  after.owners = before.owners;
  after.owners.resize(after.page_count() + 1);
  const auto step = step_owners(before, before, after, changed);
  if (!step) {
    ADD_FAILURE() << where << ": " << step.error().message;
  } else {
    PageNo last = 0;
    for (const auto& [page, owner] : *step) {
      EXPECT_GT(page, last) << where;
      EXPECT_NE(after.owners.at(page), owner) << where;
      after.owners.at(page) = owner;
      last = page;
    }
  }
  auto traced = trace_owners(after);
  if (!traced) {
    ADD_FAILURE() << where << ": " << traced.error().message;
    return after;
  }
  for (PageNo page = 1; page <= after.page_count(); ++page) {
    if (after.owners[page] == (*traced)[page]) continue;
    ADD_FAILURE() << where << ": page " << page << " has owner " << std::hex
                  << after.owners[page].raw() << ", should have " << (*traced)[page].raw()
                  << std::dec << " (had "
                  << (page < before.owners.size() ? before.owners[page].raw() : 0) << ")";
    break;
  }
  after.owners = *std::move(traced);
  return after;
}

TEST(owners, of_the_vectors_are_those_of_a_full_traversal) {
  for (const TestVector& vector : test_vectors()) {
    const MovedLockByte moved(vector.lock_byte == 0 ? 0x40000000 : vector.lock_byte);
    TestDatabase database(vector.options);
    Random random(1);
    FileVersion version;
    for (size_t i = 0; i < vector.commits.size(); ++i) {
      const std::string where = vector.name + " commit " + std::to_string(i + 1);
      EXPECT_TRUE(database.run(vector.commits[i])) << where;
      version = next_version(database, version, random, where);
    }
  }
}

TEST(owners, of_random_histories_are_those_of_a_full_traversal) {
  for (const uint64_t seed : seeds_to_run(12)) {
    RandomHistory history(seed);
    const MovedLockByte moved(history.moves_lock_byte() ? 65536 : 0x40000000);
    TestDatabase database(history.options());
    Random random(seed);
    FileVersion version;
    for (int commit = 1; commit <= 40; ++commit) {
      history.run_commit(database);
      const std::string where =
          "DOSQL_SEED=" + std::to_string(seed) + " commit " + std::to_string(commit);
      version = next_version(database, version, random, where);
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(owners, a_commit_that_keeps_all_links_reads_only_the_changed_pages) {
  TestDatabase database({.page_size = 4096});
  ASSERT_TRUE(database.run("CREATE TABLE t(a INTEGER PRIMARY KEY, b)"));
  ASSERT_TRUE(
      database.run("WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE "
                   "i<10000) INSERT INTO t SELECT i,hex(randomblob(20)) FROM q"));
  Random random(1);
  FileVersion before;
  before = next_version(database, before, random, "before");
  ASSERT_TRUE(database.run("UPDATE t SET b=hex(randomblob(20)) WHERE a=5000"));
  FileVersion after = database.read_file(before);
  const auto changed = changed_pages(before, after);
  before.pages_read = after.pages_read = 0;
  const auto step = step_owners(before, before, after, changed);
  ASSERT_TRUE(step) << step.error().message;
  EXPECT_TRUE(step->empty());
  EXPECT_EQ(changed.size(), 1U);
  EXPECT_LE(before.pages_read + after.pages_read, 4U);  // the leaf and each side's header
}

TEST(owners, a_page_claimed_twice_is_corruption) {
  TestDatabase database({.page_size = 512});
  ASSERT_TRUE(database.run("CREATE TABLE t(a); CREATE TABLE u(a);"));
  ASSERT_TRUE(
      database.run("WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE "
                   "i<400) INSERT INTO t SELECT i FROM q"));
  FileVersion version = database.read_file({});
  // The root of t is interior: make its second child equal to its first.
  Buffer root(version.images[1].bytes().begin(), version.images[1].bytes().end());
  ASSERT_EQ(root[0], 5);
  const auto cell = [&](size_t i) { return load_be<uint16_t>(root.data() + 12 + 2 * i); };
  std::copy_n(root.begin() + cell(0), 4, root.begin() + cell(1));
  FileVersion damaged = version;
  damaged.images[1] = PageRef::copy_of(root);
  const auto traced = trace_owners(damaged);
  ASSERT_FALSE(traced);
  EXPECT_EQ(traced.error().code, Code::kCorrupt);
  version.owners = *trace_owners(version);
  const std::vector<PageNo> changed = {2};
  const auto step = step_owners(version, version, damaged, changed);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, Code::kCorrupt);
}

TEST(owners, a_page_that_nothing_leads_to_any_more_is_corruption) {
  TestDatabase database({.page_size = 512});
  ASSERT_TRUE(database.run("CREATE TABLE t(a); INSERT INTO t VALUES(zeroblob(2000))"));
  FileVersion version = database.read_file({});
  version.owners = *trace_owners(version);
  FileVersion damaged = version;
  Buffer leaf(version.images[1].bytes().begin(), version.images[1].bytes().end());
  leaf[3] = leaf[4] = 0;  // no cells
  damaged.images[1] = PageRef::copy_of(leaf);
  const std::vector<PageNo> changed = {2};
  const auto step = step_owners(version, version, damaged, changed);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, Code::kCorrupt);
}

TEST(owners, damaged_bytes_are_an_error_or_an_answer_but_never_a_crash) {
  TestDatabase database({.page_size = 512, .auto_vacuum = 1});
  ASSERT_TRUE(database.run("CREATE TABLE t(a, b); CREATE INDEX i ON t(b)"));
  ASSERT_TRUE(
      database.run("WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE "
                   "i<60) INSERT INTO t SELECT i,zeroblob(50*(i%30)) FROM q"));
  FileVersion before = database.read_file({});
  before.owners = *trace_owners(before);
  ASSERT_TRUE(database.run("DELETE FROM t WHERE a%3=0"));
  const FileVersion after = database.read_file(before);
  Random random(5);
  int errors = 0;
  for (int round = 0; round < 3000; ++round) {
    FileVersion damaged = after;
    PageRef& image = damaged.images[random.below(damaged.images.size())];
    Buffer bytes(image.bytes().begin(), image.bytes().end());
    for (uint64_t left = 1 + random.below(4); left > 0; --left) {
      bytes[random.below(random.one_in(2) ? 16 : bytes.size())] =
          static_cast<uint8_t>(random.one_in(2) ? random.below(8) : random.next());
    }
    image = PageRef::copy_of(bytes);
    std::vector<PageNo> pages;
    for (const PageNo page : changed_pages(before, damaged)) {
      if (page <= damaged.page_count()) pages.push_back(page);
    }
    errors += trace_owners(damaged) ? 0 : 1;
    errors += step_owners(before, before, damaged, pages) ? 0 : 1;
  }
  EXPECT_GT(errors, 1000);
}

TEST(owners, fit_kind_and_page_in_four_bytes) {
  const Owner owner(Owner::Kind::kNextOverflow, kOwnedPagesMax);
  EXPECT_EQ(owner.kind(), Owner::Kind::kNextOverflow);
  EXPECT_EQ(owner.page(), kOwnedPagesMax);
  EXPECT_EQ(Owner::from_raw(owner.raw()), owner);
}

}  // namespace
}  // namespace dosql::btree
