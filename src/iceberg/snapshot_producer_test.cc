#include "iceberg/snapshot_producer.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"
#include "iceberg/memory_table_impl.h"

namespace dosql::iceberg {
namespace {

DataFile data(const std::string& name, int64_t rows) {
  return MemoryTable::data(name, rows);
}
DataFile deletes(const std::string& name, int64_t count) {
  return MemoryTable::deletes(name, count);
}

TEST(snapshot_producer, row_ids_and_sequence_numbers_follow_each_other) {
  MemoryTable table;
  table.apply({{data("a", 3), data("b", 4)}, {}, false, {{"dosql.lsn", "9"}}});
  EXPECT_EQ(table.metadata_.next_row_id, 7);
  EXPECT_EQ(table.summary("operation"), "append");
  EXPECT_EQ(table.summary("dosql.lsn"), "9");
  table.apply({{data("c", 5)}, {}, false, {}});
  const Snapshot& snapshot = *table.metadata_.current_snapshot();
  EXPECT_EQ(snapshot.parent_id, 1);
  EXPECT_EQ(snapshot.first_row_id, 7);
  EXPECT_EQ(snapshot.added_rows, 5);
  EXPECT_EQ(table.metadata_.next_row_id, 12);
  EXPECT_EQ(table.metadata_.last_sequence_number, 2);
  ASSERT_EQ(table.live_.data_files.size(), 3U);
  EXPECT_EQ(*table.live_.data_files[0].file.first_row_id, 7);
  EXPECT_EQ(*table.live_.data_files[2].file.first_row_id, 3);
  EXPECT_EQ(*table.live_.data_files[2].sequence_number, 1);
}

TEST(snapshot_producer, a_data_file_never_has_two_live_deletion_vectors) {
  MemoryTable table;
  table.apply({{data("a", 3), data("b", 4)}, {}, false, {}});
  table.apply({{}, {deletes("a", 1), deletes("b", 1)}, false, {}});
  EXPECT_EQ(table.summary("operation"), "delete");
  table.apply({{data("c", 1)}, {deletes("a", 2)}, false, {}});
  EXPECT_EQ(table.summary("operation"), "overwrite");
  ASSERT_EQ(table.live_.deletion_vectors.size(), 2U);
  std::map<std::string, int64_t> counts;
  for (const auto& entry : table.live_.deletion_vectors) {
    counts[entry.file.referenced_data_file] += entry.file.record_count;
  }
  EXPECT_EQ(counts["file:///wh/t/a"], 2);
  EXPECT_EQ(counts["file:///wh/t/b"], 1);
  EXPECT_EQ(table.summary("total-position-deletes"), "3");
  EXPECT_EQ(table.summary("removed-dvs"), "1");
}

TEST(snapshot_producer, a_replaced_vector_is_said_to_be_deleted_and_then_forgotten) {
  MemoryTable table;
  table.apply({{data("a", 9)}, {}, false, {}});
  const auto delete_entries = [&] {
    for (const ManifestFile& manifest : table.live_.manifests) {
      if (manifest.content == ManifestContent::kDeletes) {
        return *parse_manifest(table.files_[manifest.path], manifest);
      }
    }
    return std::vector<ManifestEntry>();
  };
  table.apply({{}, {deletes("a", 1)}, false, {}});
  table.apply({{}, {deletes("a", 2)}, false, {}});
  auto entries = delete_entries();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].status, EntryStatus::kAdded);
  EXPECT_EQ(entries[0].sequence_number, 3);
  EXPECT_EQ(entries[1].status, EntryStatus::kDeleted);
  EXPECT_EQ(entries[1].sequence_number, 2);
  EXPECT_EQ(entries[1].file_sequence_number, 2);
  EXPECT_EQ(entries[1].snapshot_id, 3);
  table.apply({{}, {deletes("a", 3)}, false, {}});
  entries = delete_entries();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].file.record_count, 2);
}

TEST(snapshot_producer, replacing_all_rows_leaves_only_the_new_files) {
  MemoryTable table;
  table.apply({{data("a", 3)}, {}, false, {}});
  table.apply({{}, {deletes("a", 1)}, false, {}});
  table.apply({{data("n", 2)}, {deletes("n", 1)}, true, {}});
  EXPECT_EQ(table.summary("operation"), "overwrite");
  ASSERT_EQ(table.live_.data_files.size(), 1U);
  EXPECT_EQ(table.live_.deletion_vectors.size(), 1U);
  EXPECT_EQ(table.summary("total-records"), "2");
  EXPECT_EQ(table.summary("deleted-records"), "3");
  table.apply({{}, {}, true, {}});
  EXPECT_EQ(table.summary("operation"), "delete");
  EXPECT_TRUE(table.live_.data_files.empty());
  EXPECT_TRUE(table.live_.deletion_vectors.empty());
  EXPECT_EQ(table.summary("total-files-size"), "0");
  table.apply({{data("m", 2)}, {}, false, {}});
  EXPECT_EQ(table.live_.data_files.size(), 1U);
}

TEST(snapshot_producer, many_appends_keep_few_manifests_and_every_row_id) {
  MemoryTable table;
  for (int i = 0; i < 60; ++i) {
    table.apply({{data("f" + std::to_string(i), 2)}, {}, false, {}});
    ASSERT_LE(table.live_.manifests.size(), 21U);
  }
  EXPECT_EQ(table.live_.data_files.size(), 60U);
  std::set<int64_t> ids;
  for (const auto& entry : table.live_.data_files) {
    ids.insert(*entry.file.first_row_id);
    EXPECT_LT(*entry.file.first_row_id, table.metadata_.next_row_id);
    EXPECT_EQ("file:///wh/t/f" + std::to_string(*entry.sequence_number - 1), entry.file.path);
  }
  EXPECT_EQ(ids.size(), 60U);
}

TEST(snapshot_producer, updates_that_would_spoil_the_table_are_refused) {
  MemoryTable table;
  table.apply({{data("a", 3)}, {}, false, {}});
  DataFile no_place = deletes("a", 1);
  no_place.content_offset.reset();
  const std::pair<const char*, TableUpdate> bad[] = {
      {"a file that is there already", {{data("a", 3)}, {}, false, {}}},
      {"also while all rows are replaced", {{data("a", 3)}, {}, true, {}}},
      {"a file twice", {{data("b", 1), data("b", 1)}, {}, false, {}}},
      {"two vectors for a file", {{}, {deletes("a", 1), deletes("a", 2)}, false, {}}},
      {"a vector without a data file", {{}, {deletes("b", 1)}, false, {}}},
      {"a vector for a replaced file", {{}, {deletes("a", 1)}, true, {}}},
      {"more deleted rows than rows", {{}, {deletes("a", 4)}, false, {}}},
      {"a vector without a place", {{}, {no_place}, false, {}}}};
  for (const auto& [what, update] : bad) {
    const auto produced = table.try_apply(update);
    ASSERT_FALSE(produced) << what;
    EXPECT_EQ(produced.error().code, Code::kInvalidArgument) << what;
  }
  MemoryTable old(2);
  old.apply({{data("a", 3)}, {}, false, {}});
  EXPECT_FALSE(old.try_apply({{}, {deletes("a", 1)}, false, {}}));
}

TEST(snapshot_producer, format_version_2_has_no_row_ids) {
  MemoryTable table(2);
  table.apply({{data("a", 3)}, {}, false, {}});
  table.apply({{data("b", 3)}, {}, false, {}});
  EXPECT_EQ(table.metadata_.next_row_id, 0);
  EXPECT_FALSE(table.live_.data_files[0].file.first_row_id);
  EXPECT_FALSE(table.live_.manifests[0].first_row_id);
}

TEST(snapshot_producer, a_table_upgraded_to_version_3_gets_row_ids_for_its_old_files) {
  MemoryTable table(2);
  table.apply({{data("a", 3)}, {}, false, {}});
  table.metadata_.format_version = 3;
  table.apply({{data("b", 4)}, {}, false, {}});
  std::set<int64_t> ids;
  for (const auto& entry : table.live_.data_files) ids.insert(*entry.file.first_row_id);
  EXPECT_EQ(ids, (std::set<int64_t>{0, 4}));
  EXPECT_EQ(table.metadata_.next_row_id, 7);
}

TEST(snapshot_producer, nothing_to_say_makes_metadata_but_no_snapshot) {
  MemoryTable table;
  table.apply({});
  EXPECT_EQ(table.metadata_.current_snapshot(), nullptr);
  EXPECT_EQ(table.uri_, "file:///wh/t/metadata/00000-uuid-1.metadata.json");
  EXPECT_TRUE(table.metadata_.metadata_log.empty());
  table.apply({{data("a", 3)}, {}, false, {}});
  table.apply({});
  EXPECT_EQ(table.metadata_.snapshots.size(), 1U);
  ASSERT_EQ(table.metadata_.metadata_log.size(), 2U);
  EXPECT_EQ(table.metadata_.metadata_log[1].timestamp_ms, 1020);
  EXPECT_EQ(table.metadata_.last_updated_ms, 1030);
}

TEST(snapshot_producer, the_metadata_log_is_bounded) {
  MemoryTable table;
  for (int i = 0; i < 30; ++i) table.apply({});
  ASSERT_EQ(table.metadata_.metadata_log.size(), 20U);
  EXPECT_TRUE(table.metadata_.metadata_log.front().metadata_file.find("/00009-") !=
              std::string::npos);
}

TEST(snapshot_producer, time_does_not_go_back_with_the_clock) {
  MemoryTable table;
  table.apply({{data("a", 3)}, {}, false, {}});
  table.now_ms_ = 5000;
  table.apply({});  // a change of the schema, say
  table.now_ms_ = 500;
  table.apply({{data("b", 3)}, {}, false, {}});
  EXPECT_EQ(table.metadata_.current_snapshot()->timestamp_ms, 1010);
  EXPECT_EQ(table.metadata_.last_updated_ms, 5010);
}

TEST(snapshot_producer, damaged_or_missing_manifests_are_errors_that_name_the_file) {
  MemoryTable table;
  table.apply({{data("a", 3)}, {}, false, {}});
  const ManifestFile manifest = table.live_.manifests[0];
  const std::string list = table.metadata_.current_snapshot()->manifest_list;
  const Buffer good = table.files_[manifest.path];
  const auto error_of = [&] { return table.try_apply({{data("b", 1)}, {}, false, {}}).error(); };
  table.files_[manifest.path].push_back(0);
  EXPECT_EQ(error_of().code, Code::kCorrupt);
  table.files_[manifest.path] = good;
  table.files_[manifest.path].back() ^= 1;
  EXPECT_EQ(error_of().code, Code::kCorrupt);
  EXPECT_NE(error_of().message.find(manifest.path), std::string::npos);
  table.files_.erase(manifest.path);
  EXPECT_EQ(error_of().code, Code::kNotFound);
  table.files_[list].resize(20);
  EXPECT_EQ(error_of().code, Code::kCorrupt);
}

TEST(snapshot_producer, manifests_stay_even_when_their_list_has_no_counts) {
  MemoryTable table;
  table.apply({{data("a", 3)}, {}, false, {}});
  ManifestFile manifest = table.live_.manifests[0];
  manifest.added_files = 0;
  manifest.added_rows = 0;
  const std::string& list = table.metadata_.current_snapshot()->manifest_list;
  table.files_[list] = encode_manifest_list(3, 1, {}, 1, 0, {manifest});
  table.apply({{data("b", 1)}, {}, false, {}});
  EXPECT_EQ(table.live_.data_files.size(), 2U);
}

TEST(snapshot_producer, equal_input_makes_equal_bytes) {
  MemoryTable one;
  MemoryTable two;
  for (MemoryTable* table : {&one, &two}) {
    table->apply({{data("a", 3)}, {}, false, {{"k", "v"}}});
    table->apply({{data("b", 3)}, {deletes("a", 1)}, false, {}});
  }
  EXPECT_EQ(one.files_, two.files_);
}

// What the table should be, kept beside it.
struct Model {
  std::map<std::string, int64_t> rows;     // by data file
  std::map<std::string, int64_t> deleted;  // by data file

  [[nodiscard]] static std::string sum(const std::map<std::string, int64_t>& of) {
    int64_t all = 0;
    for (const auto& [name, value] : of) all += value;
    return std::to_string(all);
  }
  void expect_equal(const MemoryTable& table) const {
    EXPECT_EQ(table.summary("total-data-files"), std::to_string(rows.size()));
    EXPECT_EQ(table.summary("total-records"), sum(rows));
    EXPECT_EQ(table.summary("total-delete-files"), std::to_string(deleted.size()));
    EXPECT_EQ(table.summary("total-position-deletes"), sum(deleted));
    Model live;
    for (const auto& entry : table.live_.data_files) {
      live.rows[entry.file.path.substr(13)] = entry.file.record_count;
    }
    for (const auto& entry : table.live_.deletion_vectors) {
      live.deleted[entry.file.referenced_data_file.substr(13)] = entry.file.record_count;
    }
    EXPECT_EQ(live.rows, rows);
    EXPECT_EQ(live.deleted, deleted);
    EXPECT_EQ(table.live_.deletion_vectors.size(), deleted.size());
  }
};

// A file's rows: 100 and as many deleted as rounds that touched it.
TableUpdate random_update(Random& random, Model& model, int round) {
  TableUpdate update;
  update.replaces_rows = random.one_in(15);
  if (update.replaces_rows) model = {};
  std::vector<std::string> names;
  for (const auto& [name, count] : model.rows) names.push_back(name);
  for (uint64_t i = random.below(3); i > 0; --i) {
    const std::string name = std::to_string(round) + "-" + std::to_string(i);
    update.data_files.push_back(data(name, 100));
    model.rows[name] = 100;
    names.push_back(name);
  }
  for (const std::string& name : names) {
    if (!random.one_in(4) || model.deleted[name] == 100) continue;
    update.deletion_vectors.push_back(deletes(name, ++model.deleted[name]));
  }
  std::erase_if(model.deleted, [](const auto& item) { return item.second == 0; });
  return update;
}

TEST(snapshot_producer, random_histories_keep_the_table_as_it_should_be) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed);
    MemoryTable table;
    Model model;
    int64_t next_row_id = 0;
    for (int round = 0; round < 80; ++round) {
      table.apply(random_update(random, model, round));
      if (table.metadata_.current_snapshot() == nullptr) continue;
      model.expect_equal(table);
      EXPECT_GE(table.metadata_.next_row_id, next_row_id);
      next_row_id = table.metadata_.next_row_id;
    }
    std::set<int64_t> ids;
    for (const auto& entry : table.live_.data_files) ids.insert(*entry.file.first_row_id / 100);
    EXPECT_EQ(ids.size(), table.live_.data_files.size()) << "row ids overlap, seed " << seed;
  }
}

}  // namespace
}  // namespace dosql::iceberg
