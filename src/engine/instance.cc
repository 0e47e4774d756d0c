#include "engine/instance.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "engine/database_impl.h"
#include "fsx/local_blob_store.h"
#include "fsx/local_ownership.h"
#include "fsx/posix_disk.h"

namespace dosql::engine {
namespace {

constexpr auto kBackgroundPause = std::chrono::milliseconds(200);
constexpr std::string_view kOwnNames[] = {"root", "lock", "log", "pack", "tmp", "lake", "sock"};

// A process that was killed between making a temporary file and taking its name away left it.
Result<void> remove_leftovers(fsx::Disk& disk, const std::string& temp) {
  DOSQL_TRY(const auto names, disk.list(temp));
  for (const std::string& name : names) {
    if (!sqlite::is_temp_file_name(name)) continue;
    DOSQL_TRY(disk.remove(str_cat({temp, "/", name})));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Instance>> Instance::open(const std::string& directory,
                                                 const StoreOptions& options) {
  auto instance = std::unique_ptr<Instance>(new Instance());
  instance->directory_ = directory;
  const auto start = [&]() -> Result<void> {
    DOSQL_TRY(instance->own_directory(options));
    store::Options store_options;
    store_options.cache_bytes = options.cache_bytes;
    store_options.checkpoint_bytes = options.checkpoint_bytes;
    store_options.history_bytes = options.history_bytes;
    const std::string temp = str_cat({directory, "/tmp"});
    DOSQL_TRY(instance->own_disk_->make_dir(temp));
    DOSQL_TRY(remove_leftovers(*instance->own_disk_, temp));
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    return instance->start({*instance->own_disk_, Clock::system(), store_options, temp},
                           options.workers > 0 ? options.workers : cores);
  };
  if (auto started = start(); !started) {
    return with_context(str_cat({"store \"", directory, "\""}), started.error());
  }
  if (options.background) {
    instance->background_ = std::thread([&instance = *instance] { instance.run_background(); });
  }
  return instance;
}

Result<std::unique_ptr<Instance>> Instance::open_on(const Ground& ground,
                                                    const std::string& directory) {
  auto instance = std::unique_ptr<Instance>(new Instance());
  instance->directory_ = directory;
  DOSQL_TRY(instance->start(ground, 1));
  return instance;
}

Result<void> Instance::own_directory(const StoreOptions& options) {
  own_disk_ = std::make_unique<fsx::PosixDisk>();
  DOSQL_TRY(const bool exists, own_disk_->exists(directory_));
  if (!exists && !options.create) {
    return fail(Code::kNotFound, "the directory does not exist; create a database first");
  }
  if (exists) DOSQL_TRY(check_directory(options));
  DOSQL_TRY(own_disk_->make_dir(directory_));
  ownership_ = std::make_unique<fsx::LocalOwnership>(str_cat({directory_, "/lock"}));
  DOSQL_TRY(lease_, ownership_->acquire());
  return {};
}

Result<void> Instance::start(const Ground& ground, int workers) {
  const std::string log = str_cat({directory_, "/log"});
  DOSQL_TRY(ground.disk.make_dir(log));
  DOSQL_TRY(ground.disk.make_dir(str_cat({directory_, "/pack"})));
  blobs_ = std::make_unique<fsx::LocalBlobStore>(ground.disk, directory_);
  DOSQL_TRY(store_, store::Store::open(ground.disk, log, *blobs_, ground.clock, ground.store));
  DOSQL_TRY(vfs_, sqlite::Vfs::create(*this, sqlite::VfsOptions{ground.temp_directory}));
  executor_ = std::make_unique<Executor>(store_->log(), workers);
  return {};
}

// A store is never made of a directory that somebody uses for something else, nor by commands that
// only look.
Result<void> Instance::check_directory(const StoreOptions& options) {
  DOSQL_TRY(const auto names, own_disk_->list(directory_));
  const auto has = [&](std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  };
  if (has("root")) return {};
  for (const std::string& name : names) {
    if (std::ranges::find(kOwnNames, name) != std::end(kOwnNames)) continue;
    return fail(Code::kInvalidArgument, str_cat({"it is no store, and it holds other files (\"",
                                                 name, "\"): name a new or an empty directory"}));
  }
  if (options.create || has("log")) return {};
  return fail(Code::kNotFound, "the directory is empty; create a database first");
}

Instance::~Instance() {
  static_cast<void>(close());
}

Result<void> Instance::close() {
  {
    MutexLock lock(mutex_);
    if (is_closed_) return {};
    is_closed_ = is_stopping_ = true;
    stops_.notify_all();
  }
  if (background_.joinable()) background_.join();
  if (executor_) executor_->stop();
  {
    MutexLock lock(mutex_);
    handles_.clear();
  }
  Result<void> closed;
  if (store_) closed = store_->close();
  vfs_.reset();
  store_.reset();
  lease_.reset();
  return closed;
}

void Instance::run_background() {
  MutexLock lock(mutex_);
  while (!is_stopping_) {
    stops_.wait_until(mutex_, std::chrono::steady_clock::now() + kBackgroundPause);
    if (is_stopping_) return;
    mutex_.unlock();
    // A failed round is tried again; commits are refused with the cause when the log gets too long.
    static_cast<void>(checkpoint_when_due());
    mutex_.lock();
  }
}

Result<void> Instance::checkpoint_when_due() {
  if (!store_->is_checkpoint_due()) return {};
  return store_->checkpoint();
}

Result<std::unique_ptr<sqlite::PagePort>> Instance::open_port(std::string_view name) {
  SessionContext* context = SessionContext::current();
  if (context == nullptr) {
    return fail(Code::kInternal, "a database file was opened outside a session");
  }
  if (name.starts_with('_') && !context->may_open_hidden) {
    return fail(Code::kNotFound, str_cat({"there is no database \"", name, "\""}));
  }
  DOSQL_TRY(auto database, store_->find(name));
  auto port = std::make_unique<SessionPort>(std::move(database), *context);
  if (context->main_port == nullptr) context->main_port = port.get();
  return port;
}

Result<std::shared_ptr<Database::Impl>> Instance::handle_of(
    std::shared_ptr<store::Database> database) {
  const std::string name = database->name();
  MutexLock lock(mutex_);
  auto& handle = handles_[name];
  if (handle == nullptr || handle->versions() != database) {
    handle = std::make_shared<Database::Impl>(*this, std::move(database));
  }
  return handle;
}

Result<std::shared_ptr<Database::Impl>> Instance::database(std::string_view name) {
  DOSQL_TRY(store::check_database_name(name));
  DOSQL_TRY(auto database, store_->find(name));
  return handle_of(std::move(database));
}

Result<std::shared_ptr<Database::Impl>> Instance::open_hidden(std::string_view name) {
  auto found = store_->find(name);
  if (!found && found.error().code == Code::kNotFound) {
    found = store_->create({std::string(name), "", 4096, true});
  }
  DOSQL_TRY(auto database, std::move(found));
  return handle_of(std::move(database));
}

void Instance::forget(std::string_view name) {
  MutexLock lock(mutex_);
  handles_.erase(std::string(name));
}

}  // namespace dosql::engine
