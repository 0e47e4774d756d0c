// Random appends, flushes, trims, closes, failures and crashes against a model of what must
// survive.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <thread>

#include "fsx/faulty_disk.h"
#include "wal/format.h"
#include "wal/log.h"

namespace dosql::wal {
namespace {

uint64_t setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// What the store's root would hold.
struct Root {
  Lsn begin{0};
  Epoch epoch{0};
  Lsn clean_end = kNoLsn;
};

class Simulation {
 public:
  explicit Simulation(uint64_t seed) : random_(seed) {
    options_.segment_bytes = 4096 + random_.below(3) * 4096;
    options_.fill_bytes = random_.below(2) * 2048;
    // Of one size, what a crash left behind fits where a later process writes.
    if (random_.one_in(2)) size_ = 8 * random_.below(30);
  }

  void run() {
    reopen();
    for (int step = 0; step < 120 && !::testing::Test::HasFailure(); ++step) step_once();
  }

 private:
  void step_once() {
    switch (random_.below(12)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        append();
        break;
      case 5:
      case 6:
        flush();
        break;
      case 7:
        read_back();
        break;
      case 8:
        trim();
        break;
      case 9:
        close_and_reopen();
        break;
      case 10:
        disk_.fail_from_call(1 + random_.below(6), {Code::kIo, "injected"});
        break;
      case 11:
        crash();
        break;
    }
  }

  void reopen() {
    const bool is_clean = root_.clean_end != kNoLsn;
    Start start{root_.begin, is_clean ? root_.epoch : Epoch(root_.epoch.value() + 1),
                is_clean ? root_.clean_end : Lsn(0)};
    std::map<uint64_t, Buffer> found;
    Recovery recovery;
    auto log = Log::open(
        disk_, "log", options_, start,
        [&](Lsn lsn, Bytes bytes) -> Result<void> {
          found[lsn.value()] = Buffer(bytes.begin(), bytes.end());
          return {};
        },
        &recovery);
    ASSERT_TRUE(log) << log.error().message;
    log_ = *std::move(log);
    root_.epoch = start.epoch;
    is_dirty_ = false;
    check(found);
    payloads_ = std::move(found);
    acknowledged_ = log_->durable().value();
  }

  // Acknowledged payloads are there, and what is there is a prefix of what was appended.
  void check(const std::map<uint64_t, Buffer>& found) {
    auto expected = payloads_.lower_bound(root_.begin.value());
    for (const auto& [lsn, bytes] : found) {
      if (lsn < root_.begin.value()) continue;
      ASSERT_NE(expected, payloads_.end()) << "a payload that was never appended";
      ASSERT_EQ(lsn, expected->first);
      ASSERT_EQ(bytes, expected->second);
      ++expected;
    }
    if (expected != payloads_.end()) {
      ASSERT_GE(expected->first, acknowledged_) << "an acknowledged payload is lost";
    }
  }

  void append() {
    prepare();
    Buffer payload(size_.value_or(random_.below(random_.one_in(10) ? 9000 : 300)));
    for (auto& byte : payload) byte = static_cast<uint8_t>(random_.next());
    const auto at = log_->append(payload);
    if (at) payloads_[at->payload.value()] = payload;
  }

  // The first append after opening: the root says that the log is being written.
  void prepare() {
    if (is_dirty_) return;
    root_.clean_end = kNoLsn;
    is_dirty_ = true;
  }

  void flush() {
    const Lsn end = log_->end();
    if (log_->wait_durable(end)) acknowledged_ = std::max(acknowledged_, end.value());
  }

  void read_back() {
    if (payloads_.empty()) return;
    auto at = payloads_.lower_bound(root_.begin.value() + random_.below(20000));
    if (at == payloads_.end()) return;
    if (at->first >= acknowledged_ && !log_->flush()) return;
    Buffer bytes(at->second.size());
    ASSERT_TRUE(log_->read(Lsn(at->first), bytes));
    ASSERT_EQ(bytes, at->second);
  }

  void trim() {
    const auto at = payloads_.lower_bound(acknowledged_ > 5000 ? acknowledged_ - 5000 : 0);
    if (at == payloads_.end() || at->first > acknowledged_) return;
    const uint64_t frame = at->first - sizeof(FrameHeader);
    if (frame <= root_.begin.value()) return;
    root_.begin = Lsn(frame);
    payloads_.erase(payloads_.begin(), at);
    static_cast<void>(log_->trim(root_.begin));
  }

  void close_and_reopen() {
    if (is_dirty_) {
      const auto mark = log_->close();
      if (!mark) return crash();
      root_.clean_end = *mark;
    }
    disk_.heal();
    log_.reset();
    reopen();
  }

  void crash() {
    log_.reset();
    disk_.heal();
    disk_.crash(random_);
    reopen();
  }

  Random random_;
  fsx::FaultyDisk disk_;
  Options options_;
  Root root_;
  std::unique_ptr<Log> log_;
  std::map<uint64_t, Buffer> payloads_;
  std::optional<uint64_t> size_;
  uint64_t acknowledged_ = 0;
  bool is_dirty_ = false;
};

TEST(wal, keeps_every_acknowledged_payload_and_nothing_else_over_random_crashes) {
  const uint64_t only = setting("DOSQL_SEED", 0);
  const uint64_t seeds = setting("DOSQL_SEEDS", 500);
  for (uint64_t seed = only != 0 ? only : 1; seed <= (only != 0 ? only : seeds); ++seed) {
    Simulation(seed).run();
    ASSERT_FALSE(HasFailure()) << "replay with DOSQL_SEED=" << seed;
  }
}

class Fixture {
 public:
  Result<std::unique_ptr<Log>> open(Start start = {}) {
    payloads.clear();
    return Log::open(
        disk, "log", {}, start,
        [this](Lsn, Bytes bytes) -> Result<void> {
          payloads.emplace_back(as_text(bytes));
          return {};
        },
        &recovery);
  }
  fsx::FaultyDisk disk;
  std::vector<std::string> payloads;
  Recovery recovery;
};

TEST(wal, a_flipped_bit_before_the_last_known_sync_is_an_error_and_after_it_a_torn_tail) {
  Fixture fixture;
  uint64_t second = 0;
  {
    auto log = *fixture.open();
    ASSERT_TRUE(log->append(as_bytes("8 bytes.")));
    ASSERT_TRUE(log->flush());
    second = log->append(as_bytes("8 more.."))->payload.value();
    ASSERT_TRUE(log->flush());
  }
  const std::string path = "log/0000000000000000.seg";
  const Buffer good = *fixture.disk.read_file(path);
  for (uint64_t byte = 0; byte < 64 + second + 8; ++byte) {
    Buffer bad = good;
    bad[byte] ^= 0x10;
    ASSERT_TRUE(fixture.disk.overwrite_file(path, bad));
    const auto log = fixture.open({Lsn(0), Epoch(2), Lsn(0)});
    if (byte < 64 + second - sizeof(FrameHeader)) {
      ASSERT_FALSE(log) << byte;
      EXPECT_TRUE(log.error().code == Code::kCorrupt || log.error().code == Code::kNewerFormat);
      EXPECT_NE(log.error().message.find(path), std::string::npos);
    } else {
      ASSERT_TRUE(log) << byte << log.error().message;
      EXPECT_EQ(fixture.payloads, std::vector<std::string>{"8 bytes."});
    }
  }
}

TEST(wal, damage_before_the_mark_of_a_clean_close_is_an_error) {
  Fixture fixture;
  Lsn mark;
  {
    auto log = *fixture.open();
    ASSERT_TRUE(log->append(as_bytes("only")));
    mark = *log->close();
  }
  const std::string path = "log/0000000000000000.seg";
  Buffer bad = *fixture.disk.read_file(path);
  bad[64 + sizeof(FrameHeader)] ^= 1;
  ASSERT_TRUE(fixture.disk.overwrite_file(path, bad));
  EXPECT_FALSE(fixture.open({Lsn(0), Epoch(1), mark}));
}

TEST(wal, after_a_failed_sync_nothing_later_is_acknowledged) {
  Fixture fixture;
  auto log = *fixture.open();
  ASSERT_TRUE(log->append(as_bytes("kept")));
  ASSERT_TRUE(log->flush());
  ASSERT_TRUE(log->append(as_bytes("lost")));
  fixture.disk.fail_from_call(2, {Code::kIo, "injected"});  // the write succeeds, its sync does not
  const auto flushed = log->flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, Code::kOutcomeUnknown);
  fixture.disk.heal();
  EXPECT_FALSE(log->append(as_bytes("later")));
  EXPECT_FALSE(log->flush());
}

TEST(wal, eight_threads_share_syncs_and_each_gets_what_it_waited_for) {
  Fixture fixture;
  auto log = *fixture.open();
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::string text = std::to_string(t) + ":" + std::to_string(i);
        const auto at = log->append(as_bytes(text));
        ASSERT_TRUE(at);
        ASSERT_TRUE(log->wait_durable(at->end));
        ASSERT_GE(log->durable(), at->end);
        Buffer back(text.size());
        ASSERT_TRUE(log->read(at->payload, back));
        ASSERT_EQ(as_text(back), text);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(log->stats().frames, 1600U);
  log.reset();
  ASSERT_TRUE(fixture.open({Lsn(0), Epoch(2), Lsn(0)}));
  EXPECT_EQ(fixture.payloads.size(), 1600U);
}

TEST(wal, a_callback_runs_once_when_its_payload_is_durable) {
  Fixture fixture;
  auto log = *fixture.open();
  const auto at = log->append(as_bytes("x"));
  int calls = 0;
  log->on_durable(at->end, [&](Result<void> outcome) {
    EXPECT_TRUE(outcome);
    ++calls;
  });
  EXPECT_EQ(calls, 0);
  ASSERT_TRUE(log->flush());
  EXPECT_EQ(calls, 1);
  log->on_durable(at->end, [&](Result<void>) { ++calls; });
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace dosql::wal
