#include "lake/cycle.h"

#include <algorithm>

#include "base/text.h"
#include "lake/paths.h"

namespace dosql::lake {

Result<std::unique_ptr<Cycle>> Cycle::begin(Warehouse& warehouse, catalog::Catalog& catalog) {
  auto cycle = std::unique_ptr<Cycle>(new Cycle(warehouse, catalog));
  DOSQL_TRY(cycle->progress_, catalog.progress());
  return cycle;
}

Cycle::Cycle(Warehouse& warehouse, catalog::Catalog& catalog)
    : warehouse_(warehouse),
      catalog_(catalog),
      files_(warehouse.disk(), warehouse.options().directory),
      context_{warehouse.disk(), warehouse.duck(), warehouse.connection(), files_,
               warehouse.clock()} {}

Cycle::~Cycle() {
  for (const Cut& cut : cuts_) cut.database->release_held_slot(kSlot);
  if (may_remove_files_) files_.remove_all();
}

Result<void> Cycle::add_database(const store::Descriptor& descriptor) {
  const uint32_t id = descriptor.id.value();
  seen_.insert(id);
  descriptor_ = &descriptor;
  DOSQL_TRY(auto database, warehouse_.instance().versions().find(descriptor.name));
  DOSQL_TRY(auto slot, database->slot_snapshot(kSlot));
  DOSQL_TRY(store::Snapshot snapshot, database->snapshot());
  const auto last = progress_.find(id);
  // Slot and progress move in one commit; where they disagree (a store put together from parts) all
  // rows are read again.
  const bool has_cut = slot.has_value() && last != progress_.end() &&
                       slot->version().value() == last->second.version;
  const bool is_renamed = last != progress_.end() && last->second.name != descriptor.name;
  if (has_cut && !is_renamed && slot->version() == snapshot.version()) return {};
  if (is_renamed) DOSQL_TRY(rename_database());
  database->hold_slot(kSlot, snapshot);
  cuts_.push_back({std::move(database), std::move(snapshot)});
  ++report_.databases;
  auto read = read_database(has_cut ? &*slot : nullptr);
  if (!read) return with_context(str_cat({"database \"", descriptor.name, "\""}), read.error());
  return {};
}

Result<void> Cycle::read_database(const store::Snapshot* before) {
  const store::Snapshot& after = cuts_.back().snapshot;
  reads_all_ = before == nullptr;
  writes_anew_ = false;
  anew_.clear();
  present_.clear();
  DOSQL_TRY(read_difference(before, after, warehouse_.shapes(), *this));
  if (reads_all_) DOSQL_TRY(drop_tables(descriptor_->id.value(), present_));
  if (anew_.empty()) return {};
  writes_anew_ = true;
  return read_difference(nullptr, after, warehouse_.shapes(), *this);
}

Result<bool> Cycle::begin_table(const SourceDifference& table) {
  if (!table.after.has_value()) {
    DOSQL_TRY(drop_table(table.before->name));
    return false;
  }
  table_ = table.after->name;
  present_.insert(to_lower(table_));
  const auto anew = anew_.find(table_);
  if (writes_anew_ && anew == anew_.end()) return false;
  // The second pass sees every table as a new one: a rename is known from the first.
  if (writes_anew_) {
    at_hand_ = anew->second;
  } else {
    at_hand_ = {table.match, table.before.has_value() ? table.before->name : table_};
  }
  DOSQL_TRY(TableState * state, warehouse_.find_state(descriptor_->id.value(), at_hand_.known_as));
  LayoutChange change =
      follow(state == nullptr ? nullptr : &state->layout, *table.after, at_hand_.match);
  const bool has_all_rows = !table.before.has_value();
  if (state != nullptr && has_all_rows) change.replaces_rows = true;
  if (!has_all_rows && (state == nullptr || change.replaces_rows)) {
    anew_[table_] = at_hand_;
    return false;
  }
  DOSQL_TRY(begin_work(state, std::move(change), {descriptor_->name, table_}));
  return true;
}

Result<void> Cycle::begin_work(TableState* state, LayoutChange change,
                               const catalog::TableName& name) {
  Work work;
  std::string location;
  if (state != nullptr) {
    work.state = state;
    work.old_key = state_key(state->database, state->name.name);
    DOSQL_TRY(location, path_of(state->metadata.location));
  } else {
    work.fresh = std::make_unique<TableState>();
    work.state = work.fresh.get();
    work.fresh->name = name;
    work.fresh->uuid = new_uuid();
    work.fresh->database = descriptor_->id.value();
    DOSQL_TRY(location, new_location(name, work.fresh->uuid));
    DOSQL_TRY(files_.make_dir(str_cat({location, "/data"})));
    DOSQL_TRY(files_.make_dir(str_cat({location, "/metadata"})));
  }
  work.writer = std::make_unique<TableWriter>(context_, *work.state, std::move(change),
                                              std::move(location), name);
  work_ = std::move(work);
  return {};
}

Result<void> Cycle::row(const SourceChange& change) {
  if (!work_.has_value()) return {};  // given up
  if (!change.before.empty()) {
    auto removed = work_->writer->remove(change.before, change.rowid);
    if (!removed && removed.error().code == Code::kNotFound) {
      give_up_work();
      return {};
    }
    DOSQL_TRY(std::move(removed));
  }
  if (!change.after.empty()) DOSQL_TRY(work_->writer->add(change.after, change.rowid));
  return {};
}

// The lake does not have what the source had: all rows of the table are written in a second pass.
void Cycle::give_up_work() {
  anew_[table_] = at_hand_;
  work_->writer->discard();
  work_.reset();
}

Result<void> Cycle::end_table() {
  if (!work_.has_value()) return {};
  auto finished = work_->writer->finish(summary());
  if (!finished && finished.error().code == Code::kNotFound && !writes_anew_) {
    give_up_work();
    return {};
  }
  DOSQL_TRY(const bool has_changed, std::move(finished));
  const catalog::TableName name{descriptor_->name, table_};
  if (has_changed) {
    const TableWriter& writer = *work_->writer;
    change_.tables.push_back(writer.table_change());
    ++report_.tables;
    report_.rows_added += writer.added_rows();
    report_.rows_removed += writer.removed_rows();
    report_.files += writer.file_count();
    report_.bytes += writer.byte_count();
    report_.misfits += writer.misfit_count();
  } else if (work_->state->name != name) {
    DOSQL_TRY(rename_only(*work_, name));
  }
  done_.push_back(std::move(*work_));
  work_.reset();
  return {};
}

Result<void> Cycle::rename_only(const Work& work, const catalog::TableName& name) {
  DOSQL_TRY(auto table, catalog_.find(work.state->name));
  if (!table.has_value()) return fail(Code::kInternal, "a table of the lake left the catalog");
  table->name = name;
  const std::string location = table->metadata_location;
  change_.tables.push_back({*std::move(table), location});
  return {};
}

Result<void> Cycle::drop_table(std::string_view name) {
  DOSQL_TRY(TableState * state, warehouse_.find_state(descriptor_->id.value(), name));
  if (state == nullptr) return {};
  change_.dropped.push_back(state->uuid);
  dropped_states_.push_back(state_key(state->database, name));
  return {};
}

Result<void> Cycle::drop_tables(uint32_t database, const std::set<std::string>& kept) {
  DOSQL_TRY(const auto tables, catalog_.tables());
  for (const catalog::Table& table : tables) {
    if (table.database != database || kept.contains(to_lower(table.name.name))) continue;
    change_.dropped.push_back(table.uuid);
    dropped_states_.push_back(state_key(database, table.name.name));
  }
  return {};
}

Result<void> Cycle::drop_gone_databases() {
  for (const auto& [database, progress] : progress_) {
    if (seen_.contains(database)) continue;
    DOSQL_TRY(drop_tables(database, {}));
    change_.forgotten.push_back(database);
  }
  return {};
}

// The namespace follows the database's name; files stay where they are.
Result<void> Cycle::rename_database() {
  renames_database_ = true;
  DOSQL_TRY(auto tables, catalog_.tables());
  for (catalog::Table& table : tables) {
    if (table.database != descriptor_->id.value()) continue;
    table.name.space = descriptor_->name;
    const std::string location = table.metadata_location;
    change_.tables.push_back({std::move(table), location});
  }
  return {};
}

Result<std::string> Cycle::new_location(const catalog::TableName& name, const std::string& uuid) {
  const std::string location = str_cat(
      {warehouse_.options().directory, "/", path_part(name.space), "/", path_part(name.name)});
  // Files of another table of that name: renamed, dropped, or of a cycle that was cut short.
  // Readers of its snapshots may still be there, and whoever cleans up a folder must know whose it
  // is.
  for (const char* part : {"/data", "/metadata"}) {
    const std::string folder = str_cat({location, part});
    DOSQL_TRY(const bool exists, warehouse_.disk().exists(folder));
    if (!exists) continue;
    DOSQL_TRY(const auto names, warehouse_.disk().list(folder));
    if (!names.empty()) return str_cat({location, "-", uuid.substr(0, 8)});
  }
  return location;
}

std::map<std::string, std::string> Cycle::summary() const {
  store::Store& store = warehouse_.instance().versions();
  const store::Snapshot& cut = cuts_.back().snapshot;
  return {{"dosql.database", descriptor_->name},
          {"dosql.version", std::to_string(cut.version().value())},
          {"dosql.bookmark", store.bookmark(cut.version())},
          {"dosql.store", std::to_string(store.root().store_id)},
          {"dosql.epoch", std::to_string(store.root().epoch.value())},
          {"dosql.lsn", std::to_string(cut.end().value())}};
}

Result<void> Cycle::commit() {
  if (cuts_.empty() && change_.dropped.empty() && change_.forgotten.empty()) return {};
  DOSQL_TRY(files_.sync());
  // A renamed database names all its tables anew, also those that its difference then drops.
  std::erase_if(change_.tables, [&](const catalog::TableChange& change) {
    return std::ranges::find(change_.dropped, change.table.uuid) != change_.dropped.end();
  });
  store::Store& store = warehouse_.instance().versions();
  const int64_t now_us = warehouse_.clock().wall_us();
  for (const Cut& cut : cuts_) {
    const Version version = cut.snapshot.version();
    change_.progress.push_back({.database = cut.database->id().value(),
                                .name = cut.database->name(),
                                .version = version.value(),
                                .bookmark = store.bookmark(version),
                                .epoch = store.root().epoch.value(),
                                .lsn = cut.snapshot.end().value(),
                                .flushed_us = now_us});
    change_.slots.push_back({cut.database.get(), std::string(kSlot), version});
  }
  change_.message = str_cat({"lake: ", std::to_string(report_.rows_added), " rows added, ",
                             std::to_string(report_.rows_removed), " removed in ",
                             std::to_string(report_.tables), " tables"});
  may_remove_files_ = false;
  auto committed = catalog_.commit(change_);
  if (committed) {
    adopt_states();
  } else {
    const Code code = committed.error().code;
    may_remove_files_ = code != Code::kOutcomeUnknown && code != Code::kIo;
  }
  return committed;
}

void Cycle::adopt_states() {
  for (const StateKey& key : dropped_states_) static_cast<void>(warehouse_.take_state(key));
  // All keys are freed before any is taken: tables may have swapped names.
  for (Work& work : done_) {
    if (work.old_key.has_value()) work.fresh = warehouse_.take_state(*work.old_key);
  }
  for (Work& work : done_) {
    work.writer->commit();
    warehouse_.put_state(std::move(work.fresh));
  }
  if (renames_database_) warehouse_.forget_states();  // their names are old
}

}  // namespace dosql::lake
