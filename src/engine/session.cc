#include "engine/session_impl.h"

#include "base/text.h"
#include "engine/instance.h"
#include "sqlite/vfs.h"

namespace dosql {
namespace engine {
namespace {

constexpr size_t kCachedStatementsMax = 64;

}  // namespace

Result<std::unique_ptr<Session::Impl>> open_session(store::Store& store,
                                                    std::shared_ptr<store::Database> database,
                                                    const std::string& vfs_name) {
  auto session = std::make_unique<Session::Impl>();
  session->store = &store;
  session->database = std::move(database);
  session->context = std::make_unique<SessionContext>();
  session->context->may_open_hidden = session->database->descriptor().is_hidden();
  const RunningSession running(*session->context);
  DOSQL_TRY(session->connection,
            sqlite::Connection::open_versioned(session->database->name(), vfs_name));
  return session;
}

Result<void> bind_value(sqlite::Statement& statement, int index, const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value))
    return statement.bind_int64(index, *number);
  if (const auto* number = std::get_if<double>(&value))
    return statement.bind_double(index, *number);
  if (const auto* text = std::get_if<std::string>(&value)) return statement.bind_text(index, *text);
  if (const auto* blob = std::get_if<Blob>(&value)) return statement.bind_blob(index, blob->bytes);
  return statement.bind_null(index);
}

Result<void> bind_params(sqlite::Statement& statement, const Params& params) {
  const int count = statement.parameter_count();
  if (static_cast<int>(params.positional.size()) > count) {
    return fail(Code::kInvalidArgument,
                str_cat({"the statement has ", std::to_string(count), " parameters, not ",
                         std::to_string(params.positional.size())}));
  }
  for (size_t i = 0; i < params.positional.size(); ++i) {
    DOSQL_TRY(bind_value(statement, static_cast<int>(i) + 1, params.positional[i]));
  }
  for (const auto& [name, value] : params.named) {
    int index = 0;
    for (const char prefix : {':', '@', '$'}) {
      if (index == 0) index = statement.parameter_index(std::string(1, prefix) + name);
    }
    if (index == 0) {
      return fail(Code::kInvalidArgument,
                  str_cat({"the statement has no parameter named \"", name, "\""}));
    }
    DOSQL_TRY(bind_value(statement, index, value));
  }
  return {};
}

Value column_value(const sqlite::Statement& statement, int column) {
  switch (statement.column_type(column)) {
    case sqlite::Type::kInteger:
      return statement.column_int64(column);
    case sqlite::Type::kFloat:
      return statement.column_double(column);
    case sqlite::Type::kText:
      return std::string(statement.column_text(column));
    case sqlite::Type::kBlob: {
      const Bytes bytes = statement.column_blob(column);
      return Blob{{bytes.begin(), bytes.end()}};
    }
    case sqlite::Type::kNull:
      break;
  }
  return std::monostate();
}

void set_commit_message(Session& session, std::string message) {
  session.impl().context->message = std::move(message);
}

void set_commit_slots(Session& session, std::vector<store::SlotUpdate> slots) {
  session.impl().context->slots = std::move(slots);
}

}  // namespace engine

// --- Session::Impl

Session::Impl::~Impl() {
  drop_cached();
  if (context == nullptr) return;
  const engine::RunningSession running(*context);
  connection = sqlite::Connection();
}

void Session::Impl::drop_cached() {
  cached_by_text.clear();
  cached.clear();
}

Result<sqlite::Statement*> Session::Impl::cached_statement(std::string_view sql) {
  if (const auto at = cached_by_text.find(sql); at != cached_by_text.end()) {
    cached.splice(cached.end(), cached, at->second);
    return &at->second->second;
  }
  std::string_view tail;
  DOSQL_TRY(sqlite::Statement statement, connection.prepare(sql, &tail));
  if (statement.is_empty()) return fail(Code::kInvalidArgument, "there is no statement to run");
  if (tail.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    DOSQL_TRY(const sqlite::Statement next, connection.prepare(tail, &tail));
    if (!next.is_empty()) {
      return fail(Code::kInvalidArgument,
                  "there is more than one statement: run them one by one or use exec");
    }
  }
  cached.emplace_back(sql, std::move(statement));
  cached_by_text[cached.back().first] = std::prev(cached.end());
  if (cached.size() > engine::kCachedStatementsMax) {
    cached_by_text.erase(cached.front().first);
    cached.pop_front();
  }
  return &cached.back().second;
}

Statement Session::Impl::make_statement(sqlite::Statement compiled) {
  auto impl = std::make_unique<Statement::Impl>();
  impl->statement = std::move(compiled);
  impl->session = this;
  return Statement(std::move(impl));
}

Result<Statement> Session::Impl::next_statement(sqlite::Script& script) {
  const engine::RunningSession running(*context);
  DOSQL_TRY(sqlite::Statement compiled, script.next(connection));
  return make_statement(std::move(compiled));
}

Result<bool> Session::Impl::step(sqlite::Statement& statement, bool is_first) {
  engine::SessionPort* port = context->main_port;
  if (is_first) ++context->statement;
  const bool may_write = !statement.is_readonly() && !statement.writes_only_temp();
  if (is_first && !port->is_pinned() && may_write) DOSQL_TRY(port->take_permit());
  const engine::RunningSession running(*context);
  return statement.step();
}

void Session::Impl::release_leftovers() {
  // The permit was taken for a statement that never began a transaction.
  engine::SessionPort* port = context->main_port;
  if (connection.is_autocommit() && !port->is_pinned()) port->release_permit();
}

Result<void> Session::Impl::settle() {
  release_leftovers();
  wal::Log& log = store->log();
  if (log.durable() >= context->settled) return {};
  return log.wait_durable(context->settled);
}

Result<RunResult> Session::Impl::run_unsettled(std::string_view sql, const Params& params) {
  DOSQL_TRY(sqlite::Statement * statement, cached_statement(sql));
  const int64_t changes_before = connection.total_changes();
  const Version version_before = context->main_port->last_commit();
  auto bound = engine::bind_params(*statement, params);
  Result<bool> row = bound ? step(*statement, true) : Result<bool>(std::unexpected(bound.error()));
  while (row && *row) row = step(*statement, false);
  {
    const engine::RunningSession running(*context);
    statement->reset();
    statement->clear_bindings();
  }
  release_leftovers();
  if (!row) return std::unexpected(row.error());
  RunResult result;
  result.changes = connection.total_changes() - changes_before;
  result.last_insert_rowid = connection.last_insert_rowid();
  const Version version = context->main_port->last_commit();
  if (version != version_before) result.bookmark = store->bookmark(version);
  return result;
}

// --- Session

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Result<Statement> Session::prepare(std::string_view sql, std::string_view* tail) {
  std::string_view rest;
  const engine::RunningSession running(*impl_->context);
  DOSQL_TRY(sqlite::Statement statement, impl_->connection.prepare(sql, &rest));
  if (tail == nullptr) {
    if (rest.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
      return fail(Code::kInvalidArgument, "there is more than one statement: pass a tail");
    }
  } else {
    *tail = rest;
  }
  return impl_->make_statement(std::move(statement));
}

Result<Rows> Session::query(std::string_view sql, const Params& params) {
  DOSQL_TRY(sqlite::Statement * statement, impl_->cached_statement(sql));
  Rows rows;
  for (int i = 0; i < statement->column_count(); ++i) {
    rows.columns.emplace_back(statement->column_name(i));
  }
  const auto run = [&]() -> Result<void> {
    DOSQL_TRY(engine::bind_params(*statement, params));
    DOSQL_TRY(bool has_row, impl_->step(*statement, true));
    while (has_row) {
      auto& row = rows.rows.emplace_back();
      row.reserve(rows.columns.size());
      for (int i = 0; i < statement->column_count(); ++i) {
        row.push_back(engine::column_value(*statement, i));
      }
      DOSQL_TRY(has_row, impl_->step(*statement, false));
    }
    return {};
  };
  const auto done = run();
  {
    const engine::RunningSession running(*impl_->context);
    statement->reset();
    statement->clear_bindings();
  }
  const auto settled = impl_->settle();
  if (!done) return std::unexpected(done.error());
  DOSQL_TRY(settled);
  return rows;
}

Result<RunResult> Session::run(std::string_view sql, const Params& params) {
  auto result = impl_->run_unsettled(sql, params);
  const auto settled = impl_->settle();
  if (result) DOSQL_TRY(settled);
  return result;
}

Result<void> Session::exec(std::string_view text) {
  sqlite::Script script(text);
  for (;;) {
    DOSQL_TRY(Statement statement, impl_->next_statement(script));
    if (statement.impl_->statement.is_empty()) return {};
    DOSQL_TRY(bool has_row, statement.step());
    while (has_row) {
      DOSQL_TRY(has_row, statement.step());
    }
  }
}

Result<void> Session::transaction(const std::function<Result<void>(Session&)>& body) {
  DOSQL_TRY(run("BEGIN IMMEDIATE"));
  auto done = body(*this);
  if (done) {
    auto committed = run("COMMIT");
    if (committed) return {};
    done = std::unexpected(committed.error());
  }
  if (in_transaction()) static_cast<void>(run("ROLLBACK"));
  return done;
}

bool Session::in_transaction() const {
  return !impl_->connection.is_autocommit();
}

std::string Session::last_bookmark() const {
  const Version version = impl_->context->main_port->last_commit();
  return version.value() == 0 ? std::string() : impl_->store->bookmark(version);
}

int64_t Session::total_changes() const {
  return impl_->connection.total_changes();
}

void Session::set_busy_timeout(std::chrono::milliseconds timeout) {
  impl_->context->busy_timeout = timeout;
}

void Session::interrupt() {
  impl_->connection.interrupt();
}

// --- Statement

Statement::Statement(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&& other) noexcept {
  if (this != &other) {
    reset();
    impl_ = std::move(other.impl_);
  }
  return *this;
}
Statement::~Statement() {
  reset();
}

Result<void> Statement::bind(int index, const Value& value) {
  if (impl_->is_running) reset();
  return engine::bind_value(impl_->statement, index, value);
}

Result<void> Statement::bind(const Params& params) {
  if (impl_->is_running) reset();
  return engine::bind_params(impl_->statement, params);
}

Result<bool> Statement::step() {
  if (impl_->statement.is_empty()) return false;
  const bool is_first = !impl_->is_running;
  impl_->is_running = true;
  auto row = impl_->session->step(impl_->statement, is_first);
  if (row && *row) {
    // A row read from a version that is not durable yet waits like a reply.
    wal::Log& log = impl_->session->store->log();
    const Lsn settled = impl_->session->settled();
    if (log.durable() < settled) DOSQL_TRY(log.wait_durable(settled));
    return row;
  }
  reset();
  const auto settled = impl_->session->settle();
  if (row) DOSQL_TRY(settled);
  return row;
}

void Statement::reset() {
  if (impl_ == nullptr || !impl_->is_running) return;
  impl_->is_running = false;
  const engine::RunningSession running(*impl_->session->context);
  impl_->statement.reset();
  impl_->session->release_leftovers();
}

int Statement::column_count() const {
  return impl_->statement.column_count();
}
std::string_view Statement::column_name(int column) const {
  return impl_->statement.column_name(column);
}
std::string_view Statement::column_decltype(int column) const {
  return impl_->statement.column_decltype(column);
}
Value Statement::column(int column) const {
  return engine::column_value(impl_->statement, column);
}
bool Statement::is_readonly() const {
  return impl_->statement.is_readonly();
}
int Statement::parameter_count() const {
  return impl_->statement.parameter_count();
}
std::string_view Statement::parameter_name(int index) const {
  const std::string_view name = impl_->statement.parameter_name(index);
  return name.empty() ? name : name.substr(1);
}

}  // namespace dosql
