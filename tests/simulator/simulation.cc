#include "simulator/simulation.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace dosql::simulator {
namespace {

store::Options random_options(Random& random) {
  static constexpr uint64_t kHistories[] = {0, 4096, 32U << 10, 1U << 20};
  store::Options options;
  options.cache_bytes = (16U << 10) << random.below(7);
  options.history_bytes = kHistories[random.below(std::size(kHistories))];
  options.log.segment_bytes = (4U << 10) << random.below(5);
  options.log.fill_bytes = random.below(3) * 2048;
  if (random.one_in(8)) options.log_tail_bytes_max = options.history_bytes + (128U << 10);
  return options;
}

constexpr int kSteps = 90;

}  // namespace

Simulation::Simulation(uint64_t seed, const std::string& directory, Trace trace)
    : random_(seed),
      seed_(seed),
      trace_(trace),
      world_(random_, directory, random_options(random_)) {
  is_tail_limited_ = world_.options().log_tail_bytes_max < store::Options().log_tail_bytes_max;
  is_monotonous_ = random_.one_in(5);
}

Simulation::~Simulation() {
  let_go();
}

void Simulation::run() {
  reopen();
  for (step_ = 1; step_ <= kSteps && !is_failed(); ++step_) {
    step();
    trace(str_cat({std::to_string(step_), " ", last_}));
  }
  if (!is_failed()) end_process();
}

void Simulation::step() {
  if (clients_.empty() && !is_failed()) open_client();
  const uint64_t choice = random_.below(is_monotonous_ && random_.one_in(2) ? 42 : 100);
  const auto does = [&](const char* what) { last_ = what; };
  if (choice < 4) return does("hold a snapshot"), hold_snapshot();
  if (choice < 7) return does("check a held snapshot"), check_held();
  if (choice < 11) return does("read"), read_durable();
  if (choice < 15) return does("checkpoint"), checkpoint();
  if (choice < 18) return does("flush"), flush();
  if (choice < 21) return does("take a slot"), take_slot();
  if (choice < 23) return does("create a database"), create_database();
  if (choice < 24) return does("drop a database"), drop_database();
  if (choice < 25) return does("rename a database"), rename_database();
  if (choice < 28) return does("follow changes"), follow_changes();
  if (choice < 30) return does("arm a fault"), world_.arm_fault(1 + random_.below(12));
  if (choice < 31) return does("fill the disk"), world_.arm_full_disk(random_.below(60'000));
  if (choice < 33) return does("heal"), world_.heal();
  if (choice < 35) return does("close"), close_cleanly();
  if (choice < 41) return does("end"), end_process();
  does("client");
  client_step();
}

void Simulation::trace(const std::string& what) const {
  if (trace_ == Trace::kYes) std::fprintf(stderr, "%s\n", what.substr(0, 150).c_str());
}

bool Simulation::is_failed() const {
  return testing::Test::HasFailure();
}

void Simulation::complain(const std::string& what) {
  ADD_FAILURE() << "DOSQL_SEED=" << seed_ << " step " << step_ << " (" << last_ << "): " << what;
}

bool Simulation::is_fault(const Error& error) const {
  return world_.may_fail() && (error.code == Code::kIo || error.code == Code::kDiskFull ||
                               error.code == Code::kOutcomeUnknown);
}

bool Simulation::accept(const Result<void>& result, const char* what) {
  if (result) return true;
  trace(str_cat({what, ": ", result.error().message}));
  if (!is_fault(result.error())) complain(str_cat({what, ": ", result.error().message}));
  return false;
}

// --- ending and opening

void Simulation::let_go() {
  clients_.clear();
  held_.clear();
  for (HeldSlot& slot : slots_) slot.subject->versions->release_held_slot(slot.name);
  slots_.clear();
  for (auto& [id, subject] : subjects_) {
    subject.versions.reset();
    subject.writer = nullptr;
  }
}

void Simulation::end_process() {
  let_go();
  const End how = random_.one_in(3) ? End::kKill : End::kCrash;
  trace(how == End::kKill ? "a kill" : "a crash");
  world_.end(how);
  reopen();
}

void Simulation::close_cleanly() {
  let_go();
  const bool is_closed = accept(world_.close(), "close");
  if (is_closed) events_.acknowledge_all();
  world_.end(!is_closed || random_.one_in(2) ? End::kCrash : End::kKill);
  reopen();
}

void Simulation::reopen() {
  ++opening_;
  for (int attempt = 0;; ++attempt) {
    if (attempt < 3 && random_.one_in(4)) world_.arm_fault(1 + random_.below(6));
    const auto opened = world_.open();
    if (opened) break;
    if (!accept(opened, "open") && is_failed()) return;
    world_.end(random_.one_in(2) ? End::kKill : End::kCrash);
  }
  if (random_.one_in(2)) world_.disarm();
  compare();
}

State Simulation::read_state() {
  State state;
  const auto descriptors = world_.store().list();
  if (!descriptors) return complain("list: " + descriptors.error().message), state;
  for (const store::Descriptor& descriptor : *descriptors) {
    const uint32_t id = descriptor.id.value();
    state.names[descriptor.name] = id;
    auto database = world_.store().find(descriptor.name);
    if (!database) return complain("find: " + database.error().message), state;
    const auto snapshot = (*database)->snapshot();
    if (!snapshot) return complain("snapshot: " + snapshot.error().message), state;
    state.versions[id] = snapshot->version().value();
    const auto slot = (*database)->slot_snapshot("reader");
    if (!slot) return complain("slot: " + slot.error().message), state;
    if (slot->has_value()) state.slots[{id, "reader"}] = (*slot)->version().value();
    if (const auto at = subjects_.find(id); at != subjects_.end()) {
      at->second.versions = *std::move(database);
    } else {
      complain(str_cat({"database ", descriptor.name, " was never created"}));
    }
  }
  return state;
}

void Simulation::roll_back_models() {
  const State& state = events_.newest();
  for (auto& [id, subject] : subjects_) {
    const auto version = state.versions.find(id);
    subject.is_dropped = version == state.versions.end();
    if (subject.is_dropped) continue;
    accept(subject.model->go_back_to(Version(version->second)), "going back");
  }
  std::erase_if(subjects_, [](const auto& entry) { return entry.second.is_dropped; });
}

// Everything acknowledged is there, the rest is a prefix in the order of the log, and it all hangs
// together.
void Simulation::compare() {
  const State found = read_state();
  if (is_failed()) return;
  const State acknowledged = events_.acknowledged();
  const State newest = events_.newest();
  if (!events_.recover(found)) {
    return complain(str_cat({"opened with ", describe(found), "\n  acknowledged was ",
                             describe(acknowledged), "\n  newest was ", describe(newest)}));
  }
  trace("opened with " + describe(found));
  roll_back_models();
  for (auto& [id, subject] : subjects_) {
    const auto snapshot = subject.versions->snapshot();
    if (!snapshot) return complain(snapshot.error().message);
    check_view(subject, *snapshot, "after opening");
    const auto slot = subject.versions->slot_snapshot("reader");
    if (slot && slot->has_value()) check_view(subject, **slot, "slot after opening");
    if (is_failed()) return;
  }
  const auto findings = world_.store().check([](uint64_t) {});
  if (!findings) return complain("check: " + findings.error().message);
  for (const std::string& finding : *findings) complain("check: " + finding);
}

}  // namespace dosql::simulator
