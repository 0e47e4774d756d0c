// The fixture of the lake's tests: a store with one database `acme` and its lake, in a directory of
// its own.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "lake/lake.h"

namespace dosql::lake {

namespace fs = std::filesystem;

class LakeTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "dosql-lake-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    open();
    ASSERT_TRUE(store_->create_database("acme"));
  }
  void TearDown() override {
    close();
    fs::remove_all(directory_);
  }
  void open() {
    auto store = Store::open(directory_);
    ASSERT_TRUE(store) << store.error().message;
    store_.emplace(*std::move(store));
    lake_ = std::make_unique<Lake>(engine::instance_of(*store_), Options{.threads = 2});
  }
  void close() {
    lake_.reset();
    if (store_) EXPECT_TRUE(store_->close());
    store_.reset();
  }
  void reopen() {
    close();
    open();
  }

  void exec(const std::string& sql, const char* database = "acme") {
    auto handle = store_->database(database);
    ASSERT_TRUE(handle) << handle.error().message;
    auto done = handle->exec(sql);
    ASSERT_TRUE(done) << sql << ": " << done.error().message;
  }
  FlushReport flush() {
    auto report = lake_->flush();
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(FlushReport());
  }
  // Rows as text: cells joined by '|', rows by ' '.
  std::string query(const std::string& sql) {
    auto query = lake_->query(sql);
    if (!query) return query.error().message;
    duck::Rows& rows = (*query)->rows();
    std::string text;
    while (true) {
      auto more = rows.next();
      if (!more) return more.error().message;
      if (!*more) return text;
      if (!text.empty()) text += ' ';
      for (size_t i = 0; i < rows.column_count(); ++i) {
        if (i > 0) text += '|';
        text += shown(rows.value(i));
      }
    }
  }
  static std::string shown(const duck::Value& value) {
    if (const auto* integer = std::get_if<int64_t>(&value)) return std::to_string(*integer);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* real = std::get_if<double>(&value)) return std::to_string(*real);
    if (const auto* blob = std::get_if<duck::Blob>(&value)) return blob->bytes;
    return "-";
  }
  void expect_verified() {
    auto report = lake_->verify();
    ASSERT_TRUE(report) << report.error().message;
    for (const std::string& finding : report->findings) ADD_FAILURE() << finding;
  }
  std::vector<std::string> findings() {
    auto report = lake_->verify();
    EXPECT_TRUE(report) << report.error().message;
    return report ? report->findings : std::vector<std::string>();
  }
  TableSummary table(const std::string& name) {
    auto tables = lake_->tables();
    EXPECT_TRUE(tables) << tables.error().message;
    for (const TableSummary& summary : *tables) {
      if (summary.table == name) return summary;
    }
    return {};
  }

  // As if rows of `acme.t` had been taken out behind our back: metadata without the snapshot.
  void lose_rows() {
    auto catalog = catalog::Catalog::open(engine::instance_of(*store_));
    ASSERT_TRUE(catalog);
    auto damaged = (*catalog)->find({"acme", "t"}).value().value();
    auto metadata = iceberg::parse_metadata(damaged.metadata).value();
    metadata.current_snapshot_id.reset();
    metadata.snapshots.clear();
    metadata.snapshot_log.clear();
    damaged.metadata = iceberg::to_json(metadata);
    const std::string location = damaged.metadata_location;
    ASSERT_TRUE((*catalog)->commit({.tables = {{damaged, location}}}));
    catalog->reset();
    reopen();
  }

  std::string directory_;
  std::optional<Store> store_;
  std::unique_ptr<Lake> lake_;
};

}  // namespace dosql::lake
