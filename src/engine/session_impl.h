// What a public Session and Statement are inside.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include <dosql/session.h>

#include "engine/session_port.h"
#include "sqlite/connection.h"
#include "sqlite/script.h"
#include "sqlite/statement.h"
#include "store/store.h"

namespace dosql {

struct Session::Impl {
  store::Store* store = nullptr;
  std::shared_ptr<store::Database> database;
  // The ports live in SQLite's file handles and refer to the context: it dies after the connection.
  std::unique_ptr<engine::SessionContext> context;
  sqlite::Connection connection;
  // Statements of query() and run(), newest last; bounded.
  std::list<std::pair<std::string, sqlite::Statement>> cached;
  std::unordered_map<std::string_view,
                     std::list<std::pair<std::string, sqlite::Statement>>::iterator>
      cached_by_text;

  // Where the newest commit may wait: durable there means all replies may go out.
  [[nodiscard]] Lsn settled() const { return context->settled; }

  [[nodiscard]] Statement make_statement(sqlite::Statement compiled);
  // Empty at the end of the script.
  Result<Statement> next_statement(sqlite::Script& script);
  Result<sqlite::Statement*> cached_statement(std::string_view sql);
  void drop_cached();
  // One step with the permit taken first when the statement writes; does not wait for durability
  // (settle() does).
  Result<bool> step(sqlite::Statement& statement, bool is_first);
  // Ends what a finished or failed statement may have left, and waits until replies may go out.
  Result<void> settle();
  void release_leftovers();
  // Runs to the end without waiting for durability.
  Result<RunResult> run_unsettled(std::string_view sql, const Params& params);

  ~Impl();
};

struct Statement::Impl {
  sqlite::Statement statement;
  Session::Impl* session = nullptr;
  bool is_running = false;
};

namespace engine {

// Opens a connection to `database` through the VFS `vfs_name`.
Result<std::unique_ptr<Session::Impl>> open_session(store::Store& store,
                                                    std::shared_ptr<store::Database> database,
                                                    const std::string& vfs_name);
Result<void> bind_value(sqlite::Statement& statement, int index, const Value& value);
Result<void> bind_params(sqlite::Statement& statement, const Params& params);
[[nodiscard]] Value column_value(const sqlite::Statement& statement, int column);

}  // namespace engine
}  // namespace dosql
