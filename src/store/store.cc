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
  DOSQL_TRY(store->load_root(disk, log_dir));
  DOSQL_TRY(store->open_log(disk, std::move(log_dir)));
  return store;
}

Result<void> Store::load_root(fsx::Disk& disk, const std::string& log_dir) {
  MutexLock lock(root_mutex_);
  DOSQL_TRY(const auto found, blobs_.get_versioned(kRootBlob));
  if (found) {
    DOSQL_TRY(root_, decode_root(found->bytes));
    root_etag_ = found->etag;
    history_epoch_ = root_.history_epoch;
    return {};
  }
  if (options_.read_only) return fail(Code::kNotFound, "there is no store here");
  // A log without its root is a store that lost it, never a new store.
  DOSQL_TRY(const auto packs, blobs_.list("pack/"));
  DOSQL_TRY(const bool has_log, disk.exists(log_dir));
  std::vector<std::string> segments;
  if (has_log) {
    DOSQL_TRY(segments, disk.list(log_dir));
  }
  std::erase_if(segments, [](const std::string& name) { return !name.ends_with(".seg"); });
  if (!packs.empty() || !segments.empty()) {
    return fail(Code::kCorrupt,
                "its file \"root\" is missing or empty, and there are commits that belong to it: "
                "restore the file from a backup");
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
  const wal::Start start{root.log_begin, log_epoch_, is_clean ? root.clean_end : last_cut_};
  DOSQL_TRY(log_, wal::Log::open(
                      disk, std::move(log_dir), options_.log, start,
                      [this](Lsn payload, Bytes bytes) { return visit_record(payload, bytes); },
                      &recovery_));
  loader_ = std::make_unique<PageLoader>(*log_, blobs_, cache_);
  commits_ = std::make_unique<CommitLog>(*log_, options_.log_tail_bytes_max,
                                         [this] { return prepare_for_writing(); });
  commits_->set_begin(root.log_begin);
  commits_->set_pack_floor(root.next_pack);
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
      tails_[header.database].records.push_back(
          {payload, static_cast<uint32_t>(bytes.size()), header.flags, header.version});
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

// --- bookmarks, closing, figures

std::string Store::bookmark(Version version) const {
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%016llx", history_epoch_,
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
  if (number(text.substr(0, 8)) != history_epoch_) {
    return fail(Code::kNotFound, str_cat({"bookmark ", text, " belongs to another history"}));
  }
  return Version(number(text.substr(9)));
}

bool Store::is_checkpoint_due() const {
  // The log keeps history_bytes behind a cut, so rounds come often enough for the tail as a whole
  // to stay below checkpoint_bytes.
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
