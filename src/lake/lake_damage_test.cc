// Files that are damaged, missing or elsewhere.
#include <gtest/gtest.h>

#include <fstream>

#include "lake/lake_fixture_impl.h"

namespace dosql::lake {
namespace {

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void put_content(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

// Two snapshots of `acme.t`, one of `acme.u`.
class DamageTest : public LakeTest {
 protected:
  void SetUp() override {
    LakeTest::SetUp();
    exec("CREATE TABLE t(id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES(1,1),(2,2)");
    exec("CREATE TABLE u(id INTEGER PRIMARY KEY); INSERT INTO u VALUES(1)");
    flush();
    exec("DELETE FROM t WHERE id=1");
    flush();
    ASSERT_TRUE(findings().empty());
  }
  std::vector<fs::path> files_of(const std::string& table) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory_ + "/lake/acme/" + table)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    return files;
  }
};

TEST_F(DamageTest, verify_names_the_file_that_is_gone_or_short) {
  const std::vector<fs::path> files = files_of("t");
  EXPECT_EQ(files.size(), 8U) << "2 metadata, 2 lists, 2 manifests, a data file, a vector";
  for (const fs::path& path : files) {
    const std::string good = content_of(path);
    fs::remove(path);
    reopen();
    std::vector<std::string> found = findings();
    ASSERT_EQ(found.size(), 1U) << path;
    EXPECT_NE(found[0].find(path.filename().string()), std::string::npos) << found[0];
    put_content(path, good.substr(0, good.size() / 2));
    if (path.filename().string().starts_with("00000")) {
      put_content(path, good);
      continue;  // the log tells no length
    }
    reopen();
    found = findings();
    ASSERT_EQ(found.size(), 1U) << path;
    EXPECT_NE(found[0].find(path.filename().string()), std::string::npos) << found[0];
    put_content(path, good);
  }
  reopen();
  EXPECT_TRUE(findings().empty());
}

TEST_F(DamageTest, verify_finds_a_wrong_byte_in_a_deletion_vector) {
  for (const fs::path& path : files_of("t/data")) {
    if (path.extension() != ".puffin") continue;
    const std::string good = content_of(path);
    const size_t footer = good.find("{");
    const auto expect_found = [&](const std::string& bad, size_t at) {
      put_content(path, bad);
      const std::vector<std::string> found = findings();
      ASSERT_EQ(found.size(), 1U) << "at " << at;
      EXPECT_NE(found[0].find(path.filename().string()), std::string::npos) << found[0];
    };
    for (size_t i = 0; i < good.size(); ++i) {
      if (i >= footer && i < good.size() - 12) continue;
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 4);
      expect_found(bad, i);
    }
    for (const char* word : {"blobs", "deletion-vector-v1", "length", "offset", "cardinality",
                             "referenced-data-file", "file:///", ".parquet"}) {
      std::string bad = good;
      const size_t at = good.find(word);
      ASSERT_NE(at, std::string::npos) << word;
      bad[at] = '?';
      expect_found(bad, at);
    }
    put_content(path, good);
  }
  EXPECT_TRUE(findings().empty());
}

TEST_F(DamageTest, verify_finds_values_that_changed_and_pages_that_do_not_read) {
  for (const fs::path& path : files_of("t/data")) {
    if (path.extension() != ".parquet") continue;
    const std::string good = content_of(path);
    size_t found = 0;
    for (size_t i = 4; i < 60; ++i) {  // the first page: what Parquet does not check may go unseen
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 4);
      put_content(path, bad);
      const std::vector<std::string> sentences = findings();
      found += sentences.size();
      if (sentences.empty()) continue;
      const bool names_file = sentences[0].find(path.filename().string()) != std::string::npos;
      const bool names_rows = sentences[0].find("rows differ") != std::string::npos;
      EXPECT_TRUE(names_file || names_rows) << sentences[0];
    }
    EXPECT_GT(found, 20U);
    put_content(path, good);
  }
  EXPECT_TRUE(findings().empty());
}

TEST_F(DamageTest, damage_of_one_table_hides_nothing_of_others) {
  fs::remove_all(directory_ + "/lake/acme/t/metadata");
  fs::remove_all(directory_ + "/lake/acme/u/data");
  reopen();
  const std::vector<std::string> found = findings();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(found[0].starts_with("lake table \"acme.t\"")) << found[0];
  EXPECT_TRUE(found[1].starts_with("lake table \"acme.u\"")) << found[1];
}

TEST_F(DamageTest, a_lake_that_is_not_where_it_was_is_refused_with_both_folders) {
  const std::string other = directory_ + "/other";
  lake_ = std::make_unique<Lake>(engine::instance_of(*store_), Options{.directory = other});
  exec("INSERT INTO t VALUES(3,3)");
  const auto flushed = lake_->flush();
  ASSERT_FALSE(flushed);
  EXPECT_NE(flushed.error().message.find(other + "\""), std::string::npos);
  EXPECT_NE(flushed.error().message.find(directory_ + "/lake/acme/t/"), std::string::npos);
  EXPECT_FALSE(lake_->query("SELECT * FROM t"));
  lake_ = std::make_unique<Lake>(engine::instance_of(*store_), Options{});
  flush();
  expect_verified();
}

}  // namespace
}  // namespace dosql::lake
