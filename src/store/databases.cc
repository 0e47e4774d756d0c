// The databases of a store by name: finding, listing, creating, dropping, renaming.
#include <algorithm>

#include "base/text.h"
#include "store/store.h"

namespace dosql::store {

// --- databases by name

Result<std::optional<DatabaseId>> Store::find_id(std::string_view name) {
  const auto at = names_.find(name);
  if (at != names_.end()) return at->second;
  return directory_->find_name(name);
}

Result<bool> Store::has_descriptor(DatabaseId id) {
  if (std::ranges::find(dropped_, id) != dropped_.end()) return false;
  const auto tail = tails_.find(id);
  if (databases_.contains(id) || (tail != tails_.end() && tail->second.created)) return true;
  DOSQL_TRY(const std::optional<Descriptor> descriptor, directory_->find(id));
  return descriptor.has_value();
}

Result<std::shared_ptr<Database>> Store::open_database(DatabaseId id) {
  const auto open = databases_.find(id);
  if (open != databases_.end()) return open->second;
  DOSQL_TRY(std::optional<Descriptor> descriptor, directory_->find(id));
  Tail tail;
  if (const auto at = tails_.find(id); at != tails_.end()) tail = std::move(at->second);
  if (!descriptor) descriptor = std::move(tail.created);
  if (!descriptor) {
    return fail(Code::kCorrupt, str_cat({"database number ", std::to_string(id.value()),
                                         " has a name but no descriptor"}));
  }
  const bool is_renamed = tail.renamed.has_value();
  if (is_renamed) descriptor->name = *tail.renamed;
  auto database = std::make_shared<Database>(*commits_, *loader_, clock_, *std::move(descriptor),
                                             std::move(tail.records));
  tails_.erase(id);
  databases_[id] = database;
  return database;
}

Result<std::map<std::string, DatabaseId>> Store::all_names() {
  std::map<std::string, DatabaseId> names;
  DOSQL_TRY(directory_->for_each([&](Descriptor descriptor) -> Result<void> {
    names[descriptor.name] = descriptor.id;
    return {};
  }));
  for (const auto& [name, id] : names_) {
    if (id) {
      names[name] = *id;
    } else {
      names.erase(name);
    }
  }
  return names;
}

std::unexpected<Error> Store::no_such_database(std::string_view name) {
  std::string message = str_cat({"there is no database \"", name, "\""});
  if (const auto names = all_names()) {
    std::vector<std::string> known;
    for (const auto& [known_name, id] : *names) {
      if (!known_name.starts_with('_')) known.push_back(known_name);
    }
    const std::string_view nearest = nearest_word(name, known);
    if (!nearest.empty()) {
      message += str_cat({"; did you mean \"", nearest, "\"?"});
    } else if (check_database_name(name)) {
      message += str_cat({"; create it with: dosql db create ", name});
    }
  }
  return fail(Code::kNotFound, std::move(message));
}

Result<std::shared_ptr<Database>> Store::find(std::string_view name) {
  MutexLock lock(mutex_);
  DOSQL_TRY(const std::optional<DatabaseId> id, find_id(name));
  if (!id) return no_such_database(name);
  return open_database(*id);
}

Result<std::vector<Descriptor>> Store::list() {
  MutexLock lock(mutex_);
  DOSQL_TRY(const auto names, all_names());
  std::vector<Descriptor> descriptors;
  for (const auto& [name, id] : names) {
    if (const auto open = databases_.find(id); open != databases_.end()) {
      descriptors.push_back(open->second->descriptor());
      continue;
    }
    DOSQL_TRY(std::optional<Descriptor> descriptor, directory_->find(id));
    const auto tail = tails_.find(id);
    if (!descriptor && tail != tails_.end()) descriptor = tail->second.created;
    if (!descriptor) continue;
    descriptor->name = name;
    descriptors.push_back(*std::move(descriptor));
  }
  return descriptors;
}

// --- create, drop, rename: one record each

Result<void> Store::append_admin(pages::PartHeader header, pages::Section section, Bytes body,
                                 const std::function<void(TailRecord)>& publish) {
  header.wall_us = clock_.wall_us();
  for (;;) {
    const Lsn floor = commits_->delta_floor();
    pages::RecordBuilder record;
    record.begin_part(header);
    record.add_section(section, body);
    const Buffer payload = record.finish();
    DOSQL_TRY(
        const auto at, commits_->append(payload, floor, [&](wal::Appended where) -> Result<void> {
          publish(
              {where.payload, static_cast<uint32_t>(payload.size()), header.flags, header.version});
          return {};
        }));
    if (at) return log_->wait_durable(at->end);
  }
}

Result<std::shared_ptr<Database>> Store::create(const NewDatabase& wanted) {
  if (!wanted.is_hidden) DOSQL_TRY(check_database_name(wanted.name));
  if (!wanted.group.empty()) DOSQL_TRY(check_name("group", wanted.group));
  MutexLock admin(admin_mutex_);
  Descriptor descriptor;
  {
    MutexLock lock(mutex_);
    DOSQL_TRY(const std::optional<DatabaseId> taken, find_id(wanted.name));
    if (taken) {
      return fail(Code::kAlreadyExists, str_cat({"database \"", wanted.name, "\" exists already"}));
    }
    descriptor.id = DatabaseId(next_database_++);
  }
  descriptor.name = wanted.name;
  descriptor.group = wanted.group;
  descriptor.page_size = wanted.page_size;
  descriptor.flags = wanted.is_hidden ? Descriptor::kHidden : 0;
  descriptor.created_us = clock_.wall_us();
  descriptor.branches.push_back({kMainBranch, "main", kMainBranch, Version(0), {}});

  pages::PartHeader header;
  header.database = descriptor.id;
  header.version = Version(1);
  header.flags = pages::kPartCreatesDatabase;
  std::shared_ptr<Database> database;
  DOSQL_TRY(append_admin(
      header, pages::Section::kDescriptor, encode_descriptor(descriptor), [&](TailRecord record) {
        MutexLock lock(mutex_);
        names_[descriptor.name] = descriptor.id;
        database = std::make_shared<Database>(*commits_, *loader_, clock_, descriptor,
                                              std::vector<TailRecord>{record});
        databases_[descriptor.id] = database;
      }));
  return database;
}

Result<void> Store::drop(std::string_view name) {
  MutexLock admin(admin_mutex_);
  std::shared_ptr<Database> database;
  {
    MutexLock lock(mutex_);
    DOSQL_TRY(const std::optional<DatabaseId> id, find_id(name));
    if (!id) return no_such_database(name);
    DOSQL_TRY(database, open_database(*id));
  }
  pages::PartHeader header;
  header.database = database->id();
  header.flags = pages::kPartDropsDatabase;
  Buffer body;
  append_sized(body, name);
  return append_admin(header, pages::Section::kName, body, [&](TailRecord) {
    MutexLock lock(mutex_);
    names_[std::string(name)] = std::nullopt;
    dropped_.push_back(database->id());
    databases_.erase(database->id());
    database->mark_dropped();
  });
}

Result<void> Store::rename(std::string_view from, std::string_view to) {
  DOSQL_TRY(check_database_name(to));
  MutexLock admin(admin_mutex_);
  std::shared_ptr<Database> database;
  {
    MutexLock lock(mutex_);
    DOSQL_TRY(const std::optional<DatabaseId> id, find_id(from));
    if (!id) return no_such_database(from);
    DOSQL_TRY(const std::optional<DatabaseId> taken, find_id(to));
    if (taken) {
      return fail(Code::kAlreadyExists, str_cat({"database \"", to, "\" exists already"}));
    }
    DOSQL_TRY(database, open_database(*id));
  }
  pages::PartHeader header;
  header.database = database->id();
  header.flags = pages::kPartRenamesDatabase;
  Buffer body;
  append_sized(body, from);
  append_sized(body, to);
  return append_admin(header, pages::Section::kName, body, [&](TailRecord) {
    MutexLock lock(mutex_);
    names_[std::string(from)] = std::nullopt;
    names_[std::string(to)] = database->id();
    database->rename(to);
  });
}

}  // namespace dosql::store
