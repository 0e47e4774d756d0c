#include "iceberg/metadata.h"

#include <gtest/gtest.h>

#include "iceberg/json_fields.h"
#include "iceberg/memory_table_impl.h"

namespace dosql::iceberg {
namespace {

TableMetadata new_metadata(int format_version = 3) {
  return *new_table(format_version, "f79c3e09-677c-4bbd-a479-3f349cb785e7", "file:///t",
                    schema_of_two(), 1000);
}

Snapshot snapshot_of(int64_t id, int64_t sequence_number, int64_t timestamp_ms) {
  Snapshot snapshot;
  snapshot.id = id;
  snapshot.sequence_number = sequence_number;
  snapshot.timestamp_ms = timestamp_ms;
  snapshot.manifest_list = "file:///t/l.avro";
  snapshot.summary = {{"operation", "append"}, {"dosql.lsn", "17"}};
  return snapshot;
}

boost::json::object json_of(const TableMetadata& metadata) {
  return *parse_object(to_json(metadata), "metadata");
}

Result<TableMetadata> parse(const boost::json::object& object) {
  return parse_metadata(boost::json::serialize(object));
}

TEST(metadata, of_a_new_table_has_every_member_that_readers_require) {
  EXPECT_EQ(to_json(new_metadata()),
            R"({"last-partition-id":999,"sort-orders":[{"order-id":0,"fields":[]}],)"
            R"("default-sort-order-id":0,"format-version":3,)"
            R"("table-uuid":"f79c3e09-677c-4bbd-a479-3f349cb785e7","location":"file:///t",)"
            R"("last-sequence-number":0,"last-updated-ms":1000,"last-column-id":2,"schemas":[)"
            R"({"type":"struct","schema-id":0,"identifier-field-ids":[1],"fields":[)"
            R"({"id":1,"name":"id","required":true,"type":"long"},)"
            R"({"id":2,"name":"k","required":false,"type":"string"}]}],"current-schema-id":0,)"
            R"("partition-specs":[{"spec-id":0,"fields":[]}],"default-spec-id":0,"properties":{},)"
            R"("next-row-id":0,"refs":{},"snapshots":[],"snapshot-log":[],"metadata-log":[]})");
  EXPECT_FALSE(json_of(new_metadata(2)).contains("next-row-id"));
}

TEST(metadata, a_snapshot_is_current_main_and_in_the_log) {
  TableMetadata metadata = new_metadata();
  Snapshot first = snapshot_of(7, 1, 1500);
  first.added_rows = 10;
  ASSERT_TRUE(add_snapshot(metadata, first, 1500));
  Snapshot second = snapshot_of(8, 2, 1500);
  second.parent_id = 7;
  second.first_row_id = 10;
  ASSERT_TRUE(add_snapshot(metadata, second, 1600));
  const boost::json::object object = json_of(metadata);
  EXPECT_EQ(object.at("current-snapshot-id"), 8);
  EXPECT_EQ(boost::json::serialize(object.at("refs")),
            R"({"main":{"snapshot-id":8,"type":"branch"}})");
  EXPECT_EQ(object.at("next-row-id"), 10);
  EXPECT_EQ(boost::json::serialize(object.at("snapshots").at(0)),
            R"({"snapshot-id":7,"sequence-number":1,"timestamp-ms":1500,)"
            R"("manifest-list":"file:///t/l.avro",)"
            R"("summary":{"dosql.lsn":"17","operation":"append"},"schema-id":0,)"
            R"("first-row-id":0,"added-rows":10})");
  EXPECT_EQ(object.at("snapshots").at(1).at("parent-snapshot-id"), 7);
  EXPECT_EQ(boost::json::serialize(object.at("snapshot-log").at(1)),
            R"({"timestamp-ms":1500,"snapshot-id":8})");
  EXPECT_EQ(*parse(object), metadata);
  metadata.format_version = 2;
  EXPECT_FALSE(json_of(metadata).at("snapshots").at(0).get_object().contains("first-row-id"));
}

TEST(metadata, a_snapshot_ahead_of_the_clock_or_out_of_order_is_refused) {
  TableMetadata metadata = new_metadata();
  const TableMetadata before = metadata;
  const auto code_of = [&](const Snapshot& snapshot, int64_t now_ms) -> std::optional<Code> {
    const auto outcome = add_snapshot(metadata, snapshot, now_ms);
    if (outcome) return std::nullopt;
    return outcome.error().code;
  };
  EXPECT_EQ(code_of(snapshot_of(1, 1, 2000), 1999), Code::kInvalidArgument);
  EXPECT_EQ(code_of(snapshot_of(1, 2, 2000), 3000), Code::kInvalidArgument);
  Snapshot wrong_rows = snapshot_of(1, 1, 2000);
  wrong_rows.first_row_id = 5;
  EXPECT_EQ(code_of(wrong_rows, 3000), Code::kInvalidArgument);
  EXPECT_EQ(metadata, before);
  EXPECT_EQ(code_of(snapshot_of(1, 1, 2000), 3000), std::nullopt);
  EXPECT_EQ(code_of(snapshot_of(2, 2, 1999), 3000), Code::kInvalidArgument);
}

TEST(metadata, an_equal_schema_is_used_again) {
  TableMetadata metadata = new_metadata();
  Schema wider = schema_of_two();
  wider.fields.push_back({3, "n", false, {TypeKind::kLong}, "1", "1"});
  set_schema(metadata, wider);
  EXPECT_EQ(metadata.current_schema_id, 1);
  EXPECT_EQ(metadata.last_column_id, 3);
  EXPECT_EQ(metadata.current_schema().fields.size(), 3U);
  set_schema(metadata, schema_of_two());
  EXPECT_EQ(metadata.current_schema_id, 0);
  EXPECT_EQ(metadata.last_column_id, 3);
  set_schema(metadata, wider);
  EXPECT_EQ(metadata.current_schema_id, 1);
  EXPECT_EQ(metadata.schemas.size(), 2U);
  EXPECT_EQ(*parse(json_of(metadata)), metadata);
}

TEST(metadata, old_files_leave_the_log_and_are_named) {
  TableMetadata metadata = new_metadata();
  EXPECT_TRUE(log_previous(metadata, "a", 1, 2).empty());
  EXPECT_TRUE(log_previous(metadata, "b", 2, 2).empty());
  EXPECT_EQ(log_previous(metadata, "c", 3, 2), std::vector<std::string>{"a"});
  EXPECT_EQ(log_previous(metadata, "d", 4, 1), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(metadata.metadata_log.size(), 1U);
  EXPECT_EQ(*parse(json_of(metadata)), metadata);
}

TEST(metadata, file_names_sort_by_version) {
  EXPECT_EQ(metadata_file_name(3, "u"), "00003-u.metadata.json");
  EXPECT_EQ(metadata_file_name(123456, "u"), "123456-u.metadata.json");
}

TEST(metadata, a_table_needs_a_plain_location_and_a_column) {
  for (const char* location : {"", "file:///t/"}) {
    EXPECT_FALSE(new_table(3, "u", location, schema_of_two(), 1)) << location;
  }
  EXPECT_FALSE(new_table(3, "u", "file:///t", Schema(), 1));
}

TEST(metadata, what_other_writers_added_stays) {
  TableMetadata metadata = new_metadata();
  ASSERT_TRUE(add_snapshot(metadata, snapshot_of(7, 1, 1500), 1500));
  boost::json::object object = json_of(metadata);
  object["refs"] = {{"main", {{"snapshot-id", 7}, {"type", "branch"}, {"max-ref-age-ms", 9}}},
                    {"v1", {{"snapshot-id", 7}, {"type", "tag"}}}};
  object["sort-orders"] = {{{"order-id", 1}, {"fields", {{{"source-id", 1}}}}}};
  object["default-sort-order-id"] = 1;
  object["statistics"] = boost::json::array{{{"snapshot-id", 7}}};
  object["encryption-keys"] = boost::json::array();
  object["current-snapshot-id"] = 7;
  auto parsed = parse(object);
  ASSERT_TRUE(parsed);
  Snapshot next = snapshot_of(8, 2, 1600);
  ASSERT_TRUE(add_snapshot(*parsed, next, 1600));
  const boost::json::object again = json_of(*parsed);
  for (const char* name :
       {"sort-orders", "default-sort-order-id", "statistics", "encryption-keys"}) {
    EXPECT_EQ(again.at(name), object.at(name)) << name;
  }
  EXPECT_EQ(again.at("refs").at("v1"), object.at("refs").at("v1"));
  EXPECT_EQ(again.at("refs").at("main").at("snapshot-id"), 8);
  EXPECT_EQ(again.at("refs").at("main").at("max-ref-age-ms"), 9);
}

TEST(metadata, no_snapshot_may_be_null_or_minus_one) {
  boost::json::object object = json_of(new_metadata());
  for (const boost::json::value& none : {boost::json::value(nullptr), boost::json::value(-1)}) {
    object["current-snapshot-id"] = none;
    object["refs"] = {{"main", {{"snapshot-id", 7}, {"type", "branch"}, {"max-ref-age-ms", 9}}}};
    const auto parsed = parse(object);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->current_snapshot(), nullptr);
    EXPECT_FALSE(json_of(*parsed).contains("current-snapshot-id"));
    EXPECT_TRUE(json_of(*parsed).at("refs").get_object().empty());
  }
}

TEST(metadata, tables_that_we_cannot_keep_right_are_refused) {
  const auto code_with = [](const char* name, const boost::json::value& value) {
    boost::json::object object = json_of(new_metadata());
    object[name] = value;
    const auto parsed = parse(object);
    return parsed ? std::nullopt : std::optional(parsed.error().code);
  };
  EXPECT_EQ(code_with("format-version", 1), Code::kUnsupported);
  EXPECT_EQ(code_with("format-version", 4), Code::kNewerFormat);
  EXPECT_EQ(code_with("format-version", 0), Code::kCorrupt);
  EXPECT_EQ(code_with("default-spec-id", 1), Code::kUnsupported);
  EXPECT_EQ(code_with("partition-specs", {{{"spec-id", 0}, {"fields", {{{"source-id", 1}}}}}}),
            Code::kUnsupported);
}

TEST(metadata, missing_or_wrong_members_are_damage) {
  TableMetadata metadata = new_metadata();
  ASSERT_TRUE(add_snapshot(metadata, snapshot_of(7, 1, 1500), 1500));
  metadata.properties["a"] = "b";
  static_cast<void>(log_previous(metadata, "f", 1, 9));
  const boost::json::object good = json_of(metadata);
  const auto expect_damage = [](const boost::json::object& object, const std::string& what) {
    const auto parsed = parse(object);
    ASSERT_FALSE(parsed) << what;
    EXPECT_EQ(parsed.error().code, Code::kCorrupt) << what;
  };
  for (const char* name : {"format-version", "table-uuid", "location", "last-updated-ms",
                           "last-column-id", "current-schema-id", "schemas"}) {
    boost::json::object bad = good;
    bad.erase(name);
    expect_damage(bad, name);
  }
  for (const auto& member : good) {
    const std::string name(member.key());
    const bool is_carried = name == "last-partition-id" || name.find("sort-order") != name.npos;
    if (is_carried) continue;
    boost::json::object bad = good;
    bad[name] = boost::json::array{{1.5}};
    expect_damage(bad, name);
  }
  for (const char* name : {"snapshot-id", "timestamp-ms", "manifest-list"}) {
    boost::json::object bad = good;
    bad["snapshots"].at(0).as_object().erase(name);
    expect_damage(bad, name);
  }
  boost::json::object lost = good;
  lost["current-snapshot-id"] = 99;
  expect_damage(lost, "a snapshot that is not there");
  lost = good;
  lost["current-schema-id"] = 5;
  expect_damage(lost, "a schema that is not there");
  const std::string text = to_json(metadata);
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(parse_metadata(text.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace dosql::iceberg
