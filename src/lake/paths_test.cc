#include "lake/paths.h"

#include <gtest/gtest.h>

#include <set>

#include "lake/digest.h"

namespace dosql::lake {
namespace {

TEST(paths, names_become_parts_that_cannot_leave_their_folder) {
  EXPECT_EQ(path_part("orders_2026.v1-x"), "orders_2026.v1-x");
  EXPECT_EQ(path_part("../up"), "~2e.~2fup");
  EXPECT_EQ(path_part("a b=c~d"), "a~20b~3dc~7ed");
  EXPECT_EQ(path_part("\xc3\xa9"), "~c3~a9");
}

TEST(paths, uris_and_paths_are_two_spellings_of_one_thing) {
  EXPECT_EQ(uri_of("/data/lake/a"), "file:///data/lake/a");
  EXPECT_EQ(path_of("file:///data/lake/a").value(), "/data/lake/a");
  for (const char* uri : {"s3://bucket/a", "/data/a", "file://host/a", "file:/a", ""}) {
    EXPECT_EQ(path_of(uri).error().code, Code::kUnsupported) << uri;
  }
}

TEST(paths, uuids_are_random_and_well_formed) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string uuid = new_uuid();
    ASSERT_EQ(uuid.size(), 36U);
    EXPECT_EQ(uuid[14], '4');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
    seen.insert(uuid);
    EXPECT_GT(new_snapshot_id(), 0);
  }
  EXPECT_EQ(seen.size(), 100U);
}

TEST(digest, depends_on_the_rows_and_their_number_but_not_on_their_order) {
  const auto of = [](std::initializer_list<uint64_t> hashes) {
    Digest digest;
    for (const uint64_t hash : hashes) digest.add(hash);
    return digest;
  };
  EXPECT_EQ(of({1, 2, 3}), of({3, 1, 2}));
  EXPECT_NE(of({1, 2, 3}), of({1, 2, 4}));
  EXPECT_NE(of({1, 4}), of({2, 3})) << "equal sums";
  EXPECT_NE(of({1}), of({1, 1}));
  EXPECT_NE(of({}), of({0}));
}

}  // namespace
}  // namespace dosql::lake
