// What a commit pays for its place in the page tree: apply, find, diff of neighbours, page delta.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "base/random.h"
#include "pages/page_delta.h"
#include "pages/page_tree.h"

namespace dosql::pages {
namespace {

constexpr PageNo kPages = 32768;

class NoNodes final : public NodeSource {
 public:
  Result<Buffer> load_node(Address) override { return fail(Code::kInternal, "nothing is stored"); }
};

PageTree::Root fill(PageTree& tree) {
  std::vector<SlotChange> changes;
  for (PageNo page = 1; page <= kPages; ++page) {
    changes.push_back({page, {Address::log(Lsn(page * 8)), 1}});
  }
  return *tree.apply(*tree.open({}), Version(1), changes, kPages);
}

std::vector<SlotChange> some_changes(Random& random, size_t count) {
  std::vector<SlotChange> changes(count);
  for (SlotChange& change : changes) {
    change = {static_cast<PageNo>(1 + random.below(kPages)), {Address::log(Lsn(8)), 2}};
  }
  std::ranges::sort(changes, {}, &SlotChange::page);
  const auto same = std::ranges::unique(changes, {}, &SlotChange::page);
  changes.erase(same.begin(), same.end());
  return changes;
}

// As the store does: the new durable version is pinned, the one before is not, and released.
void apply(benchmark::State& state) {
  NoNodes nodes;
  PageTree tree(nodes);
  Random random(1);
  std::vector<std::vector<SlotChange>> changes;
  for (int i = 0; i < 256; ++i) {
    changes.push_back(some_changes(random, static_cast<size_t>(state.range(0))));
  }
  auto root = fill(tree);
  tree.pin(root.version());
  size_t next = 0;
  for (auto _ : state) {
    const Version before = root.version();
    root = *tree.apply(root, Version(before.value() + 1), changes[next++ % 256], kPages);
    tree.pin(root.version());
    tree.unpin(before);
    tree.release_before(root.version());
  }
  state.counters["nodes"] = static_cast<double>(tree.stats().nodes);
}
BENCHMARK(apply)->Arg(1)->Arg(3)->Arg(16);

void apply_under_a_thousand_pins(benchmark::State& state) {
  NoNodes nodes;
  PageTree tree(nodes);
  Random random(1);
  auto root = fill(tree);
  const auto next_version = [&] {
    const auto changes = some_changes(random, 3);
    root = *tree.apply(root, Version(root.version().value() + 1), changes, kPages);
    tree.pin(root.version());
    tree.release_before(root.version());
  };
  for (int i = 0; i < 1000; ++i) next_version();
  for (auto _ : state) {
    next_version();
    tree.unpin(Version(root.version().value() - 1000));
  }
}
BENCHMARK(apply_under_a_thousand_pins);

void find(benchmark::State& state) {
  NoNodes nodes;
  PageTree tree(nodes);
  const auto root = fill(tree);
  Random random(2);
  for (auto _ : state) {
    benchmark::DoNotOptimize(tree.find(root, static_cast<PageNo>(1 + random.below(kPages))));
  }
}
BENCHMARK(find);

void diff_of_neighbours(benchmark::State& state) {
  NoNodes nodes;
  PageTree tree(nodes);
  Random random(3);
  const auto before = fill(tree);
  const auto after = *tree.apply(before, Version(2), some_changes(random, 3), kPages);
  for (auto _ : state) {
    int pages = 0;
    (void)tree.diff(before, after, [&](PageNo, const Slot&, const Slot&) -> Result<void> {
      ++pages;
      return {};
    });
    benchmark::DoNotOptimize(pages);
  }
}
BENCHMARK(diff_of_neighbours);

// range(0): changed places on a page of 4 KiB, of 20 bytes each.
void encode_a_delta(benchmark::State& state) {
  Random random(4);
  Buffer before(4096);
  for (auto& byte : before) byte = static_cast<uint8_t>(random.next());
  Buffer after = before;
  for (int64_t i = 0; i < state.range(0); ++i) {
    const size_t at = random.below(4096 - 20);
    for (size_t k = at; k < at + 20; ++k) after[k] = static_cast<uint8_t>(random.next());
  }
  for (auto _ : state) benchmark::DoNotOptimize(encode_delta(before, after, 2048));
}
BENCHMARK(encode_a_delta)->Arg(0)->Arg(1)->Arg(3)->Arg(20);

void apply_a_delta(benchmark::State& state) {
  Buffer page(4096, 1);
  Buffer after = page;
  for (size_t at = 100; at < 4000; at += 1300)
    std::fill_n(after.begin() + static_cast<ptrdiff_t>(at), 20, 7);
  const Buffer delta = *encode_delta(page, after, 2048);
  for (auto _ : state) benchmark::DoNotOptimize(apply_delta(page, delta));
}
BENCHMARK(apply_a_delta);

}  // namespace
}  // namespace dosql::pages
