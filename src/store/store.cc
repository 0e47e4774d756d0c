#include "store/store.h"

#include <algorithm>
#include <cstdio>

#include "base/random.h"
#include "base/text.h"

namespace dosql::store {
namespace {

constexpr std::string_view kRootBlob = "root";

}  // namespace

Store::Store(fsx::BlobStore& blobs, Clock& clock, const Options& options)
    : blobs_(blobs), clock_(clock), options_(options), cache_(options.cache_bytes) {}

Store::~Store() = default;

// --- opening

Result<std::unique_ptr<Store>> Store::open(fsx::Disk& disk, std::string log_dir,
                                           fsx::BlobStore& blobs, Clock& clock,
                                           const Options& options) {
  auto store = std::unique_ptr<Store>(new Store(blobs, clock, options));
  DOSQL_TRY(store->load_root());
  DOSQL_TRY(store->open_log(disk, std::move(log_dir)));
  return store;
}

Result<void> Store::load_root() {
  MutexLock lock(root_mutex_);
  DOSQL_TRY(const auto found, blobs_.get_versioned(kRootBlob));
  if (found) {
    DOSQL_TRY(root_, decode_root(found->bytes));
    root_etag_ = found->etag;
    return {};
  }
  if (options_.read_only) return fail(Code::kNotFound, "there is no store here");
  // A log without its root is a store that lost it, never a new store.
  DOSQL_TRY(const auto packs, blobs_.list("pack/"));
  if (!packs.empty()) {
    return fail(Code::kCorrupt, "the store has packs but its root is missing; restore the root");
  }
  Random random(static_cast<uint64_t>(clock_.wall_us()) ^
                (static_cast<uint64_t>(clock_.steady_us()) << 20));
  root_.store_id = random.next();
  DOSQL_TRY(const fsx::Etag etag, blobs_.put_if(kRootBlob, encode_root(root_), std::nullopt));
  root_etag_ = etag;
  return {};
}

Result<void> Store::open_log(fsx::Disk& disk, std::string log_dir) {
  const RootRecord root = this->root();
  const bool is_clean = root.clean_end != kNoLsn;
  log_epoch_ = is_clean ? root.epoch : Epoch(root.epoch.value() + 1);
  last_cut_ = root.cuts.empty() ? Lsn(0) : root.cuts.back();
  next_pack_ = root.next_pack;
  {
    MutexLock lock(mutex_);
    next_database_ = root.next_database;
  }
  wal::Start start{root.log_begin, log_epoch_, root.clean_end};
  DOSQL_TRY(log_, wal::Log::open(disk, std::move(log_dir), options_.log, start,
                                 [this](Lsn payload, Bytes bytes) {
                                   return visit_record(payload, bytes);
                                 },
                                 &recovery_));
  loader_ = std::make_unique<PageLoader>(*log_, blobs_, cache_);
  commits_ = std::make_unique<CommitLog>(*log_, options_.log_tail_bytes_max,
                                         [this] { return prepare_for_writing(); });
  commits_->set_begin(root.log_begin);
  commits_->cut([&] {});  // images of earlier epochs are complete: deltas may refer to them
  directory_ = std::make_unique<Directory>(*loader_);
  return directory_->open(root.directory, root.names);
}

Result<void> Store::visit_record(Lsn payload, Bytes bytes) {
  auto parts = pages::parse_record(bytes);
  if (!parts) {
    return with_context(str_cat({"the record at log position ", std::to_string(payload.value())}),
                        parts.error());
  }
  MutexLock lock(mutex_);
  for (const pages::RecordPart& part : *parts) {
    const pages::PartHeader& header = part.header;
    next_database_ = std::max(next_database_, header.database.value() + 1);
    if ((header.flags & pages::kPartDropsDatabase) != 0) {
      tails_.erase(header.database);
    } else {
      tails_[header.database].records.push_back({payload, static_cast<uint32_t>(bytes.size()),
                                                 header.flags, header.version});
    }
    // What a round has cut off is in the directory already.
    if (payload >= last_cut_) DOSQL_TRY(visit_admin_part(part));
  }
  return {};
}

Result<void> Store::visit_admin_part(const pages::RecordPart& part) {
  const pages::PartHeader& header = part.header;
  ByteReader in(as_bytes(part.name));
  if ((header.flags & pages::kPartCreatesDatabase) != 0) {
    DOSQL_TRY(Descriptor descriptor, decode_descriptor(part.descriptor));
    names_[descriptor.name] = header.database;
    tails_[header.database].created = std::move(descriptor);
  } else if ((header.flags & pages::kPartDropsDatabase) != 0) {
    names_[std::string(in.read_sized_text())] = std::nullopt;
    dropped_.push_back(header.database);
  } else if ((header.flags & pages::kPartRenamesDatabase) != 0) {
    names_[std::string(in.read_sized_text())] = std::nullopt;
    const std::string name(in.read_sized_text());
    names_[name] = header.database;
    tails_[header.database].renamed = name;
  }
  return {};
}

// --- the root

RootRecord Store::root() const {
  MutexLock lock(root_mutex_);
  return root_;
}

Result<void> Store::update_root(const std::function<void(RootRecord&)>& change) {
  MutexLock lock(root_mutex_);
  RootRecord next = root_;
  change(next);
  DOSQL_TRY(const fsx::Etag etag, blobs_.put_if(kRootBlob, encode_root(next), root_etag_));
  root_ = std::move(next);
  root_etag_ = etag;
  return {};
}

// The first append after opening: from here on the log is not clean.
Result<void> Store::prepare_for_writing() {
  if (options_.read_only) return fail(Code::kReadOnly, "the store is open for reading only");
  DOSQL_TRY(update_root([&](RootRecord& root) {
    root.epoch = log_epoch_;
    root.clean_end = kNoLsn;
  }));
  MutexLock lock(root_mutex_);
  is_writing_ = true;
  return {};
}

// --- databases by name

Result<std::optional<DatabaseId>> Store::find_id(std::string_view name) {
  const auto at = names_.find(name);
  if (at != names_.end()) return at->second;
  return directory_->find_name(name);
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
    } else {
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
    DOSQL_TRY(const auto at,
              commits_->append(payload, floor, [&](wal::Appended where) -> Result<void> {
                publish({where.payload, static_cast<uint32_t>(payload.size()), header.flags,
                         header.version});
                return {};
              }));
    if (at) return log_->wait_durable(at->end);
  }
}

Result<std::shared_ptr<Database>> Store::create(const NewDatabase& wanted) {
  if (!wanted.is_hidden) DOSQL_TRY(check_database_name(wanted.name));
  MutexLock admin(admin_mutex_);
  Descriptor descriptor;
  {
    MutexLock lock(mutex_);
    DOSQL_TRY(const std::optional<DatabaseId> taken, find_id(wanted.name));
    if (taken) {
      return fail(Code::kAlreadyExists,
                  str_cat({"database \"", wanted.name, "\" exists already"}));
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
  DOSQL_TRY(append_admin(header, pages::Section::kDescriptor, encode_descriptor(descriptor),
                         [&](TailRecord record) {
                           MutexLock lock(mutex_);
                           names_[descriptor.name] = descriptor.id;
                           database = std::make_shared<Database>(
                               *commits_, *loader_, clock_, descriptor,
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

// --- bookmarks, closing, figures

std::string Store::bookmark(Version version) const {
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%016llx", root().history_epoch,
                static_cast<unsigned long long>(version.value()));
  return text;
}

Result<Version> Store::parse_bookmark(std::string_view text) const {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  bool ok = text.size() == 25 && text[8] == '-';
  for (size_t i = 0; ok && i < text.size(); ++i) ok = i == 8 || is_hex(text[i]);
  if (!ok) {
    return fail(Code::kInvalidArgument,
                str_cat({"\"", text.substr(0, 60),
                         "\" is not a bookmark (8 hex digits, '-', 16 hex digits)"}));
  }
  const auto number = [](std::string_view hex) {
    uint64_t value = 0;
    for (const char c : hex) {
      value = value << 4 | static_cast<uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return value;
  };
  if (number(text.substr(0, 8)) != root().history_epoch) {
    return fail(Code::kNotFound, str_cat({"bookmark ", text, " belongs to another history"}));
  }
  return Version(number(text.substr(9)));
}

bool Store::is_checkpoint_due() const {
  // The log keeps history_bytes behind a cut, so rounds come often enough for the tail as a whole to
  // stay below checkpoint_bytes.
  const uint64_t history = std::min(options_.history_bytes, options_.checkpoint_bytes / 2);
  const RootRecord root = this->root();
  const uint64_t newest_cut = root.cuts.empty() ? root.log_begin.value() : root.cuts.back().value();
  return log_->end().value() - newest_cut >= options_.checkpoint_bytes - history;
}

Result<void> Store::close() {
  bool is_writing = false;
  {
    MutexLock lock(root_mutex_);
    is_writing = is_writing_;
  }
  if (!is_writing) return {};
  DOSQL_TRY(const Lsn mark, log_->close());
  return update_root([&](RootRecord& root) { root.clean_end = mark; });
}

std::map<std::string, double> Store::stats() const {
  const wal::Log::Stats log = log_->stats();
  const PageCache::Stats cache = cache_.stats();
  const auto number = [](uint64_t value) { return static_cast<double>(value); };
  MutexLock lock(mutex_);
  return {
      {"log_bytes_appended", number(log.bytes_appended)},
      {"log_syncs", number(log.syncs)},
      {"log_frames", number(log.frames)},
      {"log_segments", number(log.segments)},
      {"log_tail_bytes", number(commits_->tail_bytes())},
      {"cache_bytes", number(cache.bytes)},
      {"cache_hits", number(cache.hits)},
      {"cache_misses", number(cache.misses)},
      {"checkpoint_rounds", number(rounds_.load())},
      {"databases_open", number(databases_.size())},
      {"recovery_frames", number(recovery_.frames)},
      {"recovery_dropped_bytes", number(recovery_.dropped_bytes)},
  };
}

}  // namespace dosql::store
