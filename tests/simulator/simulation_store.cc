// What is done to the store: databases by name, rounds, snapshots, slots, change streams.
#include <gtest/gtest.h>

#include "base/text.h"
#include "simulator/change_check.h"
#include "simulator/simulation.h"

namespace dosql::simulator {
namespace {

constexpr size_t kDatabasesMost = 4;

// The file that a version is.
Result<Buffer> file_of(const store::VersionView& view) {
  Buffer file;
  for (PageNo page = 1; page <= view.page_count(); ++page) {
    DOSQL_TRY(const PageRef image, view.page(page));
    append_bytes(file, image.bytes());
  }
  return file;
}

}  // namespace

Simulation::Subject* Simulation::pick_subject() {
  std::vector<Subject*> there;
  for (auto& [id, subject] : subjects_) {
    if (!subject.is_dropped) there.push_back(&subject);
  }
  return there.empty() ? nullptr : there[random_.below(there.size())];
}

// --- databases by name

void Simulation::create_database() {
  if (events_.newest().names.size() >= kDatabasesMost) return;
  static constexpr uint32_t kPageSizes[] = {512, 512, 1024, 1024, 4096, 4096, 16384};
  const uint32_t page_size = kPageSizes[random_.below(std::size(kPageSizes))];
  const std::string name = "db" + std::to_string(++names_ % 6);
  if (events_.newest().names.contains(name)) return;
  const auto created = world_.store().create({name, "", page_size, false});
  const auto found = world_.store().find(name);
  if (!created && !is_fault(created.error())) complain("create: " + created.error().message);
  if (!found) {
    if (created) complain("created and not there: " + found.error().message);
    return;
  }
  const DatabaseId id = (*found)->id();
  Subject& subject = subjects_[id.value()];
  auto model = DatabaseModel::create(id, page_size);
  ASSERT_TRUE(model) << model.error().message;
  subject.model = *std::move(model);
  subject.statements = std::make_unique<Statements>(random_, page_size);
  subject.versions = *found;
  Event event{.kind = Event::Kind::kCreate, .database = id, .name = name};
  const uint64_t number = events_.add(std::move(event));
  if (created) events_.acknowledge(number);
}

void Simulation::drop_database() {
  Subject* subject = pick_subject();
  if (subject == nullptr || subject->writer != nullptr) return;
  const std::string name = subject->versions->name();
  const auto dropped = world_.store().drop(name);
  const bool is_gone = !world_.store().find(name);
  accept(dropped, "drop");
  if (dropped && !is_gone) complain("dropped and still there");
  if (!is_gone) return;
  const uint64_t number =
      events_.add({.kind = Event::Kind::kDrop, .database = subject->model->id(), .name = name});
  if (dropped) events_.acknowledge(number);
  subject->is_dropped = true;
  clients_.remove_if([&](const Client& client) { return client.subject == subject; });
}

void Simulation::rename_database() {
  Subject* subject = pick_subject();
  if (subject == nullptr) return;
  const std::string from = subject->versions->name();
  const std::string to = "db" + std::to_string(++names_ % 6);
  if (events_.newest().names.contains(to)) return;
  const auto renamed = world_.store().rename(from, to);
  const bool is_there = world_.store().find(to).has_value();
  accept(renamed, "rename");
  if (renamed && !is_there) complain("renamed and not there");
  if (!is_there) return;
  const uint64_t number = events_.add(
      {.kind = Event::Kind::kRename, .database = subject->model->id(), .name = from, .to = to});
  if (renamed) events_.acknowledge(number);
}

// --- rounds and syncs

// Sessions go on in the middle of a round, whenever it begins a pack.
void Simulation::checkpoint() {
  world_.disk().set_open_hook([this](std::string_view path) {
    if (!path.ends_with(".dpk.tmp")) return;
    for (uint64_t left = random_.below(4); left > 0 && !is_failed(); --left) client_step();
  });
  const auto done = world_.store().checkpoint();
  world_.disk().set_open_hook({});
  if (accept(done, "checkpoint")) release_slots();
}

void Simulation::flush() {
  accept(world_.store().log().flush(), "flush");
  release_slots();
}

// --- versions

void Simulation::check_view(Subject& subject, const store::Snapshot& snapshot, const char* what) {
  const auto where = [&] {
    return str_cat({what, ": database #", std::to_string(subject.model->id().value()), " version ",
                    std::to_string(snapshot.version().value()), ": "});
  };
  const auto file = file_of(snapshot.view());
  // Rounds do not keep what a dropped database was.
  if (!file && subject.is_dropped && file.error().code == Code::kNotFound) return;
  if (!file) return complain(where() + file.error().message);
  auto opened = open_bytes(*file, subject.versions->page_size());
  if (!opened) return complain(where() + opened.error().message);
  if (!file->empty()) {
    const auto integrity = answer(*opened, "PRAGMA integrity_check");
    if (!integrity || *integrity != "ok") {
      return complain(where() + (integrity ? *integrity : integrity.error().message));
    }
  }
  const auto rows = dump(*opened);
  const auto expected = subject.model->dump_at(snapshot.version());
  if (!rows || !expected) {
    return complain(where() + (rows ? expected.error().message : rows.error().message));
  }
  if (*rows != *expected) {
    complain(where() + first_difference(*rows, *expected));
  }
}

void Simulation::read_durable() {
  Subject* subject = pick_subject();
  if (subject == nullptr) return;
  const auto snapshot = subject->versions->snapshot();
  if (!snapshot) return complain("snapshot: " + snapshot.error().message);
  check_view(*subject, *snapshot, "durable");
  events_.acknowledge_version(subject->model->id(), snapshot->version());
  const auto& versions = events_.acknowledged().versions;
  const auto acknowledged = versions.find(subject->model->id().value());
  if (acknowledged != versions.end() && snapshot->version().value() < acknowledged->second) {
    complain("a reader sees an old version");
  }
}

void Simulation::hold_snapshot() {
  Subject* subject = pick_subject();
  if (subject == nullptr) return;
  auto snapshot = subject->versions->snapshot();
  if (!snapshot) return complain("snapshot: " + snapshot.error().message);
  events_.acknowledge_version(subject->model->id(), snapshot->version());
  held_.push_back({subject, *std::move(snapshot)});
}

void Simulation::check_held() {
  if (held_.empty()) return;
  const auto at = held_.begin() + static_cast<ptrdiff_t>(random_.below(held_.size()));
  check_view(*at->subject, at->snapshot, "held");
  if (random_.one_in(2)) held_.erase(at);
}

// --- slots

// A slot's next position is held from here until a commit of some database has moved it.
void Simulation::take_slot() {
  release_slots();
  Subject* subject = pick_subject();
  if (subject == nullptr) return;
  for (const HeldSlot& slot : slots_) {
    if (slot.subject == subject) return;
  }
  auto snapshot = subject->versions->snapshot();
  if (!snapshot) return complain("snapshot: " + snapshot.error().message);
  events_.acknowledge_version(subject->model->id(), snapshot->version());
  subject->versions->hold_slot("reader", *snapshot);
  slots_.push_back({subject, "reader", *std::move(snapshot), 0});
}

void Simulation::release_slots() {
  slots_.remove_if([&](const HeldSlot& slot) {
    if (slot.moved_by == 0 || !events_.is_acknowledged(slot.moved_by)) return false;
    slot.subject->versions->release_held_slot(slot.name);
    return true;
  });
}

// --- changes

void Simulation::follow_changes() {
  Subject* subject = pick_subject();
  if (subject == nullptr) return;
  const auto range = subject->versions->retained();
  if (!range) return complain("retained: " + range.error().message);
  const uint64_t first = range->oldest.value();
  const uint64_t count = range->newest.value() - first + 1;
  const Version after(first + random_.below(count));
  const auto found =
      check_changes(world_.store(), subject->versions, *subject->model, after, range->newest);
  if (!found) return complain("changes: " + found.error().message);
  if (!found->empty()) complain("changes: " + *found);
  events_.acknowledge_version(subject->model->id(), range->newest);
}

}  // namespace dosql::simulator
