#include "lake/warehouse.h"

#include <filesystem>

#include "base/text.h"
#include "lake/files.h"
#include "lake/paths.h"

namespace dosql::lake {
namespace {

Options with_directory(Options options, const std::string& store) {
  if (options.directory.empty()) options.directory = str_cat({store, "/lake"});
  // Metadata holds whole paths.
  options.directory = std::filesystem::absolute(options.directory).lexically_normal().string();
  while (options.directory.ends_with('/')) options.directory.pop_back();
  return options;
}

}  // namespace

StateKey state_key(uint32_t database, std::string_view table) {
  return {database, to_lower(table)};
}

Warehouse::Warehouse(engine::Instance& instance, Options options, Clock& clock)
    : instance_(instance),
      options_(with_directory(std::move(options), instance.directory())),
      clock_(clock) {}

Result<catalog::Catalog*> Warehouse::find_catalog() {
  if (catalog_ != nullptr) return catalog_.get();
  DOSQL_TRY(const bool exists, catalog::Catalog::exists(instance_));
  if (!exists) return nullptr;
  return open_catalog();
}

Result<catalog::Catalog*> Warehouse::open_catalog() {
  if (catalog_ == nullptr) {
    DOSQL_TRY(catalog_, catalog::Catalog::open(instance_));
  }
  return catalog_.get();
}

Result<void> Warehouse::open_duck() {
  if (connection_ != nullptr) return {};
  DurableFiles folder(disk_, options_.directory);
  DOSQL_TRY(folder.make_dir(options_.directory));
  DOSQL_TRY(folder.sync());
  DOSQL_TRY(duck_, duck::Database::open({.threads = options_.threads,
                                         .memory_bytes_max = options_.memory_bytes_max,
                                         .directories = {options_.directory},
                                         .temp_directory = {}}));
  DOSQL_TRY(connection_, duck::Connection::open(*duck_));
  return {};
}

Result<void> Warehouse::check_folder(const catalog::Table& table) const {
  DOSQL_TRY(const std::string path, path_of(table.metadata_location));
  if (path.starts_with(str_cat({options_.directory, "/"}))) return {};
  return fail(
      Code::kInvalidArgument,
      str_cat({"lake table \"", table.name.space, ".", table.name.name,
               "\" is in another folder, \"", path, "\", than the lake's, \"", options_.directory,
               "\": Iceberg's metadata holds whole paths, so open the lake where it was"}));
}

Result<void> Warehouse::load_known() {
  if (known_ != nullptr) return {};
  auto known = std::make_unique<std::map<StateKey, catalog::Table>>();
  DOSQL_TRY(catalog::Catalog * catalog, find_catalog());
  if (catalog != nullptr) {
    DOSQL_TRY(auto tables, catalog->tables());
    for (catalog::Table& table : tables) {
      if (table.database == 0) continue;
      DOSQL_TRY(check_folder(table));
      const StateKey key = state_key(table.database, table.name.name);
      if (!states_.contains(key)) known->emplace(key, std::move(table));
    }
  }
  known_ = std::move(known);
  return {};
}

Result<TableState*> Warehouse::find_state(uint32_t database, std::string_view table) {
  const StateKey key = state_key(database, table);
  if (const auto at = states_.find(key); at != states_.end()) return at->second.get();
  DOSQL_TRY(load_known());
  const auto at = known_->find(key);
  if (at == known_->end()) return nullptr;
  DOSQL_TRY(TableState state, load_table(disk_, at->second));
  known_->erase(at);
  return states_.emplace(key, std::make_unique<TableState>(std::move(state))).first->second.get();
}

std::unique_ptr<TableState> Warehouse::take_state(const StateKey& key) {
  if (known_ != nullptr) known_->erase(key);
  const auto at = states_.find(key);
  if (at == states_.end()) return nullptr;
  std::unique_ptr<TableState> state = std::move(at->second);
  states_.erase(at);
  return state;
}

void Warehouse::put_state(std::unique_ptr<TableState> state) {
  StateKey key = state_key(state->database, state->name.name);
  states_[std::move(key)] = std::move(state);
}

}  // namespace dosql::lake
