#include <dosql/store.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/database_impl.h"
#include "engine/instance.h"

namespace dosql {

struct Store::Impl {
  std::unique_ptr<engine::Instance> instance;
};

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open(const std::string& directory, const StoreOptions& options) {
  auto impl = std::make_unique<Impl>();
  DOSQL_TRY(impl->instance, engine::Instance::open(directory, options));
  return Store(std::move(impl));
}

Result<Database> Store::database(std::string_view name) {
  DOSQL_TRY(auto handle, impl_->instance->database(name));
  return Database(std::move(handle));
}

Result<Database> Store::create_database(std::string_view name, const DatabaseOptions& options) {
  const uint32_t size = options.page_size;
  if (size < 512 || size > 65536 || (size & (size - 1)) != 0) {
    return fail(Code::kInvalidArgument, str_cat({"page size ", std::to_string(size),
                                                 " is not a power of two from 512 to 65536"}));
  }
  if (!options.group.empty()) {
    DOSQL_TRY(store::check_name("group", options.group));
    return fail(Code::kUnsupported, str_cat({"group \"", options.group,
                                             "\": databases that share lake tables are not "
                                             "built yet; create the database without one"}));
  }
  DOSQL_TRY(impl_->instance->versions().create({std::string(name), "", size, false}));
  return database(name);
}

Result<void> Store::drop_database(std::string_view name) {
  DOSQL_TRY(store::check_database_name(name));
  DOSQL_TRY(impl_->instance->versions().drop(name));
  impl_->instance->forget(name);
  return {};
}

Result<void> Store::rename_database(std::string_view from, std::string_view to) {
  DOSQL_TRY(store::check_database_name(from));
  DOSQL_TRY(impl_->instance->versions().rename(from, to));
  impl_->instance->forget(from);
  return {};
}

Result<std::vector<DatabaseSummary>> Store::databases() {
  store::Store& versions = impl_->instance->versions();
  DOSQL_TRY(const auto descriptors, versions.list());
  std::vector<DatabaseSummary> summaries;
  for (const store::Descriptor& descriptor : descriptors) {
    if (descriptor.is_hidden()) continue;
    DOSQL_TRY(const auto database, versions.find(descriptor.name));
    DOSQL_TRY(const store::Snapshot snapshot, database->snapshot());
    DatabaseSummary summary;
    summary.name = descriptor.name;
    summary.group = descriptor.group;
    summary.version = snapshot.version().value();
    summary.bookmark = versions.bookmark(snapshot.version());
    summary.page_size = descriptor.page_size;
    summary.bytes = static_cast<uint64_t>(snapshot.view().page_count()) * descriptor.page_size;
    summary.branches = static_cast<int>(descriptor.branches.size());
    summary.created = format_rfc3339(descriptor.created_us);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

Result<void> Store::checkpoint() {
  return impl_->instance->versions().checkpoint();
}

std::map<std::string, double> Store::stats() {
  return impl_->instance->versions().stats();
}

std::string Store::recovery_notice() const {
  const uint64_t dropped = impl_->instance->versions().recovery().dropped_bytes;
  if (dropped == 0) return {};
  return str_cat({"the last process did not close the store: ", std::to_string(dropped),
                  " bytes at the end of the log are incomplete and dropped; a crash leaves them of "
                  "commits that were not acknowledged"});
}

Result<void> Store::close() {
  return impl_->instance->close();
}

std::string_view version_string() {
  return DOSQL_VERSION;
}

namespace engine {

Instance& instance_of(Store& store) {
  return *store.impl().instance;
}

}  // namespace engine
}  // namespace dosql
