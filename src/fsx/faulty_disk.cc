#include "fsx/faulty_disk.h"

#include <algorithm>

#include "base/text.h"

namespace dosql::fsx {
namespace {

constexpr uint64_t kSector = 512;

void write_into(Buffer& content, uint64_t offset, Bytes bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), 0);
  std::memcpy(content.data() + offset, bytes.data(), bytes.size());
}

}  // namespace

struct FaultyDisk::Inode {
  struct Write {
    uint64_t offset = 0;
    Buffer bytes;
    std::optional<uint64_t> truncate_to;
    bool is_given_up = false;  // its sync failed
  };
  Buffer content;  // as readers see it
  Buffer durable;
  std::vector<Write> unsynced;

  void make_durable(const Write& write) {
    if (write.truncate_to) {
      durable.resize(*write.truncate_to, 0);
    } else {
      write_into(durable, write.offset, write.bytes);
    }
  }
};

struct FaultyDisk::State {
  struct NameChange {
    std::string path;
    std::shared_ptr<Inode> inode;  // null: removed
    std::string from;              // the name a rename takes away; a rename is one step
  };
  mutable Mutex mutex;
  std::map<std::string, std::shared_ptr<Inode>, std::less<>> names;
  std::map<std::string, std::shared_ptr<Inode>, std::less<>> durable_names;
  std::vector<NameChange> unsynced_names;
  uint64_t generation = 0;
  uint64_t calls = 0;
  uint64_t syncs = 0;
  uint64_t fail_at = 0;  // 0: never
  Error failure;
  uint64_t space = ~0ULL;

  Result<void> count_call() {
    ++calls;
    if (fail_at != 0 && calls >= fail_at) return std::unexpected(failure);
    return {};
  }
  static void apply(const NameChange& change,
                    std::map<std::string, std::shared_ptr<Inode>, std::less<>>& to) {
    if (!change.from.empty()) to.erase(change.from);
    if (change.inode) {
      to[change.path] = change.inode;
    } else {
      to.erase(change.path);
    }
  }
  void change_name(std::string_view path, std::shared_ptr<Inode> inode,
                   std::string_view from = {}) {
    unsynced_names.push_back({std::string(path), std::move(inode), std::string(from)});
    apply(unsynced_names.back(), names);
  }
  [[nodiscard]] uint64_t used() const {
    uint64_t bytes = 0;
    for (const auto& [path, inode] : names) bytes += inode->content.size();
    return bytes;
  }
};

class FaultyFile final : public File {
 public:
  FaultyFile(std::shared_ptr<FaultyDisk::State> state, std::shared_ptr<FaultyDisk::Inode> inode,
             std::string path, bool is_writable)
      : state_(std::move(state)),
        inode_(std::move(inode)),
        path_(std::move(path)),
        generation_(state_->generation),
        is_writable_(is_writable) {}

  Result<size_t> read_at(uint64_t offset, MutableBytes out) override {
    MutexLock lock(state_->mutex);
    DOSQL_TRY(check_alive());
    const Buffer& content = inode_->content;
    if (offset >= content.size() || out.empty()) return size_t{0};
    const size_t size = std::min<size_t>(out.size(), content.size() - offset);
    std::memcpy(out.data(), content.data() + offset, size);
    return size;
  }

  Result<void> write_at(uint64_t offset, Bytes bytes) override {
    MutexLock lock(state_->mutex);
    DOSQL_TRY(check_alive());
    if (!is_writable_)
      return fail(Code::kReadOnly, str_cat({"cannot write ", path_, ": read-only"}));
    DOSQL_TRY(state_->count_call());
    const uint64_t size = inode_->content.size();
    const uint64_t growth = offset + bytes.size() > size ? offset + bytes.size() - size : 0;
    if (state_->used() + growth > state_->space) {
      keep(offset, bytes.subspan(0, bytes.size() / 2));
      return fail(Code::kDiskFull, str_cat({"cannot write ", path_, ": no space left"}));
    }
    keep(offset, bytes);
    return {};
  }

  Result<void> sync() override {
    MutexLock lock(state_->mutex);
    DOSQL_TRY(check_alive());
    if (auto counted = state_->count_call(); !counted) {
      for (FaultyDisk::Inode::Write& write : inode_->unsynced) write.is_given_up = true;
      return counted;
    }
    ++state_->syncs;
    for (const FaultyDisk::Inode::Write& write : inode_->unsynced) {
      if (!write.is_given_up) inode_->make_durable(write);
    }
    inode_->unsynced.clear();
    return {};
  }

  Result<uint64_t> size() override {
    MutexLock lock(state_->mutex);
    DOSQL_TRY(check_alive());
    return inode_->content.size();
  }

  Result<void> truncate(uint64_t size) override {
    MutexLock lock(state_->mutex);
    DOSQL_TRY(check_alive());
    DOSQL_TRY(state_->count_call());
    inode_->content.resize(size, 0);
    inode_->unsynced.push_back({0, {}, size, false});
    return {};
  }

 private:
  Result<void> check_alive() {
    if (state_->generation == generation_) return {};
    return fail(Code::kIo, str_cat({path_, ": the machine crashed"}));
  }
  void keep(uint64_t offset, Bytes bytes) {
    write_into(inode_->content, offset, bytes);
    inode_->unsynced.push_back({offset, Buffer(bytes.begin(), bytes.end()), std::nullopt, false});
  }

  std::shared_ptr<FaultyDisk::State> state_;
  std::shared_ptr<FaultyDisk::Inode> inode_;
  const std::string path_;
  const uint64_t generation_;
  const bool is_writable_;
};

FaultyDisk::FaultyDisk() : state_(std::make_shared<State>()) {}
FaultyDisk::~FaultyDisk() = default;

void FaultyDisk::set_open_hook(std::function<void(std::string_view)> hook) {
  open_hook_ = std::move(hook);
}

Result<std::unique_ptr<File>> FaultyDisk::open(std::string_view path, OpenMode mode) {
  if (open_hook_) open_hook_(path);
  MutexLock lock(state_->mutex);
  auto at = state_->names.find(path);
  const bool exists = at != state_->names.end();
  if (exists && mode == OpenMode::kCreateNew) {
    return fail(Code::kAlreadyExists, str_cat({"cannot create ", path, ": it exists"}));
  }
  if (!exists && (mode == OpenMode::kRead || mode == OpenMode::kReadWrite)) {
    return fail(Code::kNotFound, str_cat({"cannot open ", path, ": no such file"}));
  }
  if (!exists) {
    DOSQL_TRY(state_->count_call());
    state_->change_name(path, std::make_shared<Inode>());
    at = state_->names.find(path);
  }
  return std::make_unique<FaultyFile>(state_, at->second, std::string(path),
                                      mode != OpenMode::kRead);
}

Result<void> FaultyDisk::rename(std::string_view from, std::string_view to) {
  MutexLock lock(state_->mutex);
  const auto at = state_->names.find(from);
  if (at == state_->names.end()) {
    return fail(Code::kNotFound, str_cat({"cannot rename ", from, ": no such file"}));
  }
  DOSQL_TRY(state_->count_call());
  const std::shared_ptr<Inode> inode = at->second;
  state_->change_name(to, inode, from);
  return {};
}

Result<void> FaultyDisk::remove(std::string_view path) {
  MutexLock lock(state_->mutex);
  if (!state_->names.contains(path)) {
    return fail(Code::kNotFound, str_cat({"cannot remove ", path, ": no such file"}));
  }
  DOSQL_TRY(state_->count_call());
  state_->change_name(path, nullptr);
  return {};
}

Result<void> FaultyDisk::make_dir(std::string_view) {
  return {};
}

Result<std::vector<std::string>> FaultyDisk::list(std::string_view dir) {
  MutexLock lock(state_->mutex);
  std::vector<std::string> names;
  const std::string prefix = str_cat({dir, "/"});
  for (const auto& [path, inode] : state_->names) {
    if (!path.starts_with(prefix)) continue;
    const std::string name = path.substr(prefix.size());
    if (name.find('/') == std::string::npos) names.push_back(name);
  }
  return names;
}

Result<bool> FaultyDisk::exists(std::string_view path) {
  MutexLock lock(state_->mutex);
  const std::string prefix = str_cat({path, "/"});
  const auto inside = state_->names.lower_bound(prefix);
  return state_->names.contains(path) ||
         (inside != state_->names.end() && inside->first.starts_with(prefix));
}

Result<void> FaultyDisk::sync_dir(std::string_view dir) {
  MutexLock lock(state_->mutex);
  DOSQL_TRY(state_->count_call());
  const std::string prefix = str_cat({dir, "/"});
  const auto is_inside = [&](const State::NameChange& change) {
    return change.path.starts_with(prefix) &&
           change.path.find('/', prefix.size()) == std::string::npos;
  };
  for (const State::NameChange& change : state_->unsynced_names) {
    if (is_inside(change)) State::apply(change, state_->durable_names);
  }
  std::erase_if(state_->unsynced_names, is_inside);
  return {};
}

void FaultyDisk::crash(Random& random) {
  MutexLock lock(state_->mutex);
  ++state_->generation;
  for (const State::NameChange& change : state_->unsynced_names) {
    if (random.one_in(2)) break;  // later changes of names did not happen either
    State::apply(change, state_->durable_names);
  }
  state_->unsynced_names.clear();
  state_->names = state_->durable_names;
  std::vector<Inode*> done;
  for (const auto& [path, inode] : state_->names) {
    if (std::ranges::find(done, inode.get()) != done.end()) continue;
    done.push_back(inode.get());
    for (const Inode::Write& write : inode->unsynced) {
      const uint64_t fate = random.below(3);
      if (fate == 0) continue;
      Bytes bytes = write.bytes;
      if (fate == 1 && !bytes.empty()) {
        // Sectors that got there: a random run of them.
        const uint64_t first = random.below(bytes.size()) / kSector * kSector;
        const uint64_t last = std::min<uint64_t>(
            bytes.size(), first + (random.below(bytes.size() / kSector + 1) + 1) * kSector);
        write_into(inode->durable, write.offset + first, bytes.subspan(first, last - first));
      } else {
        inode->make_durable(write);
      }
    }
    inode->unsynced.clear();
    inode->content = inode->durable;
  }
}

void FaultyDisk::fail_from_call(uint64_t n, Error error) {
  MutexLock lock(state_->mutex);
  state_->fail_at = state_->calls + n;
  state_->failure = std::move(error);
}

void FaultyDisk::heal() {
  MutexLock lock(state_->mutex);
  state_->fail_at = 0;
  state_->space = ~0ULL;
}

void FaultyDisk::set_space(uint64_t bytes) {
  MutexLock lock(state_->mutex);
  state_->space = bytes;
}

void FaultyDisk::set_space_left(uint64_t bytes) {
  MutexLock lock(state_->mutex);
  state_->space = state_->used() + bytes;
}

uint64_t FaultyDisk::changing_calls() const {
  MutexLock lock(state_->mutex);
  return state_->calls;
}

uint64_t FaultyDisk::syncs() const {
  MutexLock lock(state_->mutex);
  return state_->syncs;
}

Result<Buffer> FaultyDisk::read_file(std::string_view path) {
  MutexLock lock(state_->mutex);
  const auto at = state_->names.find(path);
  if (at == state_->names.end()) return fail(Code::kNotFound, std::string(path));
  return at->second->content;
}

Result<void> FaultyDisk::overwrite_file(std::string_view path, Bytes bytes) {
  MutexLock lock(state_->mutex);
  const auto at = state_->names.find(path);
  if (at == state_->names.end()) return fail(Code::kNotFound, std::string(path));
  at->second->content.assign(bytes.begin(), bytes.end());
  at->second->durable = at->second->content;
  at->second->unsynced.clear();
  return {};
}

}  // namespace dosql::fsx
