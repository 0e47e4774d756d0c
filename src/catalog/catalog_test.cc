#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace dosql::catalog {
namespace {

class CatalogTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "dosql-catalog-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    open();
  }
  void TearDown() override {
    close();
    std::filesystem::remove_all(directory_);
  }
  void open() {
    auto store = Store::open(directory_);
    ASSERT_TRUE(store) << store.error().message;
    store_.emplace(*std::move(store));
    auto catalog = Catalog::open(instance());
    ASSERT_TRUE(catalog) << catalog.error().message;
    catalog_ = *std::move(catalog);
  }
  void close() {
    catalog_.reset();
    if (store_) EXPECT_TRUE(store_->close());
    store_.reset();
  }
  engine::Instance& instance() { return engine::instance_of(*store_); }

  static TableChange table(const char* name, const char* uuid, const char* location,
                           const char* expected) {
    return {.table = {.name = {"acme", name},
                      .uuid = uuid,
                      .metadata_location = location,
                      .metadata = "{}",
                      .database = 7},
            .expected_location = expected};
  }
  std::string locations() {
    std::string text;
    for (const Table& each : catalog_->tables().value()) {
      text += each.name.name + "=" + each.metadata_location + " ";
    }
    return text;
  }

  std::string directory_;
  std::optional<Store> store_;
  std::unique_ptr<Catalog> catalog_;
};

TEST_F(CatalogTest, what_was_committed_is_there_after_reopening) {
  Change change;
  change.tables = {table("t", "u1", "m1", "")};
  change.progress = {{.database = 7,
                      .name = "acme",
                      .version = 12,
                      .bookmark = "00000000-000000000000000c",
                      .epoch = 3,
                      .lsn = 1ULL << 40,
                      .flushed_us = 5}};
  ASSERT_TRUE(catalog_->commit(change));
  close();
  open();
  EXPECT_EQ(locations(), "t=m1 ");
  EXPECT_EQ(catalog_->namespaces().value(), std::vector<std::string>{"acme"});
  const auto found = catalog_->find({"acme", "t"}).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->uuid, "u1");
  EXPECT_EQ(found->database, 7U);
  EXPECT_FALSE(catalog_->find({"acme", "u"}).value().has_value());
  const auto progress = catalog_->progress().value();
  ASSERT_TRUE(progress.contains(7));
  EXPECT_EQ(progress.at(7).version, 12U);
  EXPECT_EQ(progress.at(7).lsn, 1ULL << 40);
}

TEST_F(CatalogTest, a_pointer_that_somebody_else_moved_refuses_the_whole_change) {
  ASSERT_TRUE(
      catalog_->commit({.tables = {table("t", "u1", "m1", ""), table("u", "u2", "n1", "")}}));
  ASSERT_TRUE(catalog_->commit({.tables = {table("t", "u1", "m2", "m1")}}));
  const auto stale =
      catalog_->commit({.tables = {table("u", "u2", "n2", "n1"), table("t", "u1", "m3", "m1")}});
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code, Code::kBusySnapshot);
  EXPECT_NE(stale.error().message.find("acme.t"), std::string::npos);
  EXPECT_EQ(locations(), "t=m2 u=n1 ");
  EXPECT_EQ(catalog_->commit({.tables = {table("v", "u3", "x", "y")}}).error().code,
            Code::kBusySnapshot);
}

TEST_F(CatalogTest, tables_are_renamed_even_in_a_ring_and_dropped) {
  ASSERT_TRUE(
      catalog_->commit({.tables = {table("a", "u1", "m1", ""), table("b", "u2", "n1", "")}}));
  ASSERT_TRUE(
      catalog_->commit({.tables = {table("b", "u1", "m1", "m1"), table("a", "u2", "n1", "n1")}}));
  EXPECT_EQ(locations(), "a=n1 b=m1 ");
  Change drop;
  drop.dropped = {"u1"};
  drop.tables = {table("b", "u3", "k1", "")};
  ASSERT_TRUE(catalog_->commit(drop));
  EXPECT_EQ(locations(), "a=n1 b=k1 ");
  drop.tables.clear();
  drop.dropped = {"u2", "u3"};
  ASSERT_TRUE(catalog_->commit(drop));
  EXPECT_TRUE(catalog_->namespaces().value().empty()) << "a namespace without tables goes";
}

TEST_F(CatalogTest, slots_of_other_databases_move_in_the_same_commit) {
  Database acme = *store_->create_database("acme");
  ASSERT_TRUE(acme.exec("CREATE TABLE t(a); INSERT INTO t VALUES(1)"));
  store::Database& versions = *engine::versions_of(acme);
  Version cut;
  {
    const auto snapshot = versions.snapshot().value();
    cut = snapshot.version();
    versions.hold_slot("lake", snapshot);
    const store::SlotUpdate slot{.database = &versions, .slot = "lake", .version = cut};
    const auto refused =
        catalog_->commit({.tables = {table("t", "u1", "m2", "m1")}, .slots = {slot}});
    ASSERT_FALSE(refused);
    EXPECT_FALSE(versions.slot_snapshot("lake").value().has_value());
    // A later commit of something else must not carry the refused one's slots.
    ASSERT_TRUE(catalog_->commit({.tables = {table("x", "u9", "m1", "")}}));
    EXPECT_FALSE(versions.slot_snapshot("lake").value().has_value());
    ASSERT_TRUE(catalog_->commit({.tables = {table("t", "u1", "m1", "")}, .slots = {slot}}));
    versions.release_held_slot("lake");
  }
  ASSERT_TRUE(acme.exec("INSERT INTO t VALUES(2)"));
  EXPECT_EQ(versions.slot_snapshot("lake").value()->version(), cut);
  close();
  open();
  Database again = *store_->database("acme");
  const auto slot = engine::versions_of(again)->slot_snapshot("lake").value();
  ASSERT_TRUE(slot.has_value());
  EXPECT_EQ(slot->version(), cut);
}

TEST_F(CatalogTest, the_catalog_is_hidden_and_created_on_first_use_only) {
  EXPECT_TRUE(Catalog::exists(instance()).value());
  EXPECT_TRUE(store_->databases().value().empty());
  std::string pattern = testing::TempDir() + "dosql-catalog-XXXXXX";
  const std::string other = mkdtemp(pattern.data());
  {
    Store fresh = *Store::open(other);
    EXPECT_FALSE(Catalog::exists(engine::instance_of(fresh)).value());
    ASSERT_TRUE(fresh.close());
  }
  std::filesystem::remove_all(other);
}

}  // namespace
}  // namespace dosql::catalog
