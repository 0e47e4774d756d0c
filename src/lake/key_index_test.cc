#include "lake/key_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "lake/key_hash.h"

namespace dosql::lake {
namespace {

bool all_live(RowPlace) {
  return true;
}

uint64_t hash_of(uint64_t key) {
  KeyHash hash;
  hash.add(key);
  return hash.value();
}

std::vector<RowPlace> find(const KeyIndex& index, uint64_t hash) {
  std::vector<RowPlace> places;
  index.find(hash, places);
  return places;
}

TEST(key_index, every_inserted_row_is_found_after_settling) {
  KeyIndex index;
  constexpr uint32_t kRows = 300'000;
  for (uint32_t i = 0; i < kRows; ++i) {
    index.insert(hash_of(i), {i / 50'000, i % 50'000});
    if (i % 37'000 == 0) index.settle(all_live);
  }
  index.settle(all_live);
  EXPECT_EQ(index.entry_count(), kRows);
  for (uint32_t i = 0; i < kRows; ++i) {
    const auto places = find(index, hash_of(i));
    ASSERT_NE(std::ranges::find(places, RowPlace{i / 50'000, i % 50'000}), places.end()) << i;
  }
}

TEST(key_index, keys_that_were_never_inserted_have_hardly_any_candidates) {
  KeyIndex index;
  for (uint64_t i = 0; i < 200'000; ++i) index.insert(hash_of(i), {0, static_cast<uint32_t>(i)});
  index.settle(all_live);
  size_t candidates = 0;
  for (uint64_t i = 1'000'000; i < 1'200'000; ++i) candidates += find(index, hash_of(i)).size();
  EXPECT_LT(candidates, 3U);
}

TEST(key_index, a_row_costs_at_most_twelve_bytes) {
  for (const uint32_t rows : {1000U, 100'000U, 130'000U, 140'000U, 1'000'000U}) {
    KeyIndex index;
    for (uint32_t i = 0; i < rows; ++i) index.insert(hash_of(i), {i >> 16, i & 0xffff});
    index.settle(all_live);
    EXPECT_LE(index.byte_count(), rows * 12ULL + 64) << rows;
  }
}

TEST(key_index, merges_leave_dead_entries_out) {
  KeyIndex index;
  for (uint32_t i = 0; i < 10'000; ++i) index.insert(hash_of(i), {1, i});
  index.settle(all_live);
  // All rows move to file 2: their places in file 1 are dead now.
  for (uint32_t i = 0; i < 10'000; ++i) index.insert(hash_of(i), {2, i});
  index.settle([](RowPlace place) { return place.file == 2; });
  EXPECT_EQ(index.entry_count(), 10'000U);
  EXPECT_EQ(find(index, hash_of(77)), (std::vector<RowPlace>{{2, 77}}));
}

TEST(key_index, equal_hashes_give_all_their_places) {
  KeyIndex index;
  for (uint32_t i = 0; i < 5; ++i) index.insert(42, {i, i});
  index.settle(all_live);
  index.insert(42, {9, 9});
  EXPECT_EQ(find(index, 42).size(), 5U) << "what is not settled is not found";
  index.settle(all_live);
  EXPECT_EQ(find(index, 42).size(), 6U);
}

TEST(key_index, more_files_than_sixteen_bits_number_are_no_problem) {
  KeyIndex index;
  for (uint32_t i = 0; i < 150'000; ++i) index.insert(hash_of(i), {i, 7});
  index.settle(all_live);
  for (uint32_t i = 150'000; i < 200'000; ++i) index.insert(hash_of(i), {i, 7});
  index.settle(all_live);
  for (uint32_t i = 0; i < 200'000; i += 11) {
    const auto places = find(index, hash_of(i));
    ASSERT_NE(std::ranges::find(places, RowPlace{i, 7}), places.end()) << i;
  }
}

TEST(key_index, random_histories_agree_with_a_map) {
  Random random(20260122);
  KeyIndex index;
  std::vector<std::pair<uint64_t, RowPlace>> live(2000);  // by key
  std::set<std::pair<uint32_t, uint32_t>> dead;
  const auto is_live = [&](RowPlace place) { return !dead.contains({place.file, place.position}); };
  uint32_t next = 0;
  for (int round = 0; round < 60; ++round) {
    for (uint64_t n = random.below(400); n > 0; --n) {
      const uint64_t key = random.below(live.size());
      if (live[key].first != 0) dead.insert({live[key].second.file, live[key].second.position});
      live[key] = {hash_of(key), {static_cast<uint32_t>(round), next++}};
      index.insert(live[key].first, live[key].second);
    }
    index.settle(is_live);
    for (uint64_t key = 0; key < live.size(); ++key) {
      if (live[key].first == 0) continue;
      auto places = find(index, live[key].first);
      std::erase_if(places, [&](RowPlace place) { return !is_live(place); });
      ASSERT_EQ(places, std::vector<RowPlace>{live[key].second}) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace dosql::lake
