#include "engine/database_impl.h"

#include "base/text.h"
#include "engine/instance.h"

namespace dosql {

constexpr size_t kIdleSessionsMax = 8;

Database::Impl::Impl(engine::Instance& instance, std::shared_ptr<store::Database> versions)
    : instance_(instance),
      versions_(std::move(versions)),
      name_(versions_->name()),
      strand_(std::make_shared<engine::Strand>(instance.executor())) {}

Result<std::unique_ptr<Session::Impl>> Database::Impl::new_session() {
  return engine::open_session(instance_.versions(), versions_, instance_.vfs_name());
}

Result<std::unique_ptr<Session::Impl>> Database::Impl::borrow_session() {
  {
    MutexLock lock(mutex_);
    if (!idle_.empty()) {
      auto session = std::move(idle_.back());
      idle_.pop_back();
      return session;
    }
  }
  return new_session();
}

void Database::Impl::give_back(std::unique_ptr<Session::Impl> session) {
  // Its next reply would wait for a commit that the log lost; others read on at what is durable.
  if (session->settled() > instance_.versions().log().durable()) return;
  MutexLock lock(mutex_);
  if (idle_.size() < kIdleSessionsMax) idle_.push_back(std::move(session));
}

void Database::Impl::run_async(std::string sql, Params params,
                               std::function<void(Result<RunResult>)> done) {
  strand_->post([this, sql = std::move(sql), params = std::move(params), done = std::move(done)] {
    run_now(sql, params, done);
  });
}

void Database::Impl::run_now(const std::string& sql, const Params& params,
                             const std::function<void(Result<RunResult>)>& done) {
  if (strand_session_ == nullptr) {
    auto session = new_session();
    if (!session) return done(std::unexpected(session.error()));
    strand_session_ = *std::move(session);
  }
  Session::Impl& session = *strand_session_;
  auto result = session.run_unsettled(sql, params);
  if (!session.connection.is_autocommit()) {
    static_cast<void>(session.connection.exec("ROLLBACK"));
    session.release_leftovers();
    return done(std::unexpected(
        Error{Code::kInvalidArgument,
              "run_async takes one statement, not the beginning of a transaction"}));
  }
  instance_.executor().when_durable(session.settled(),
                                    [done, result = std::move(result)](Result<void> settled) {
                                      if (settled || !result) return done(result);
                                      done(std::unexpected(settled.error()));
                                    });
}

// --- the public handle

Database::Database(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

const std::string& Database::name() const {
  return impl_->name();
}

Result<Session> Database::session() {
  DOSQL_TRY(auto session, impl_->new_session());
  return Session(std::move(session));
}

Result<Rows> Database::query(std::string_view sql, const Params& params) {
  DOSQL_TRY(auto borrowed, impl_->borrow_session());
  Session session(std::move(borrowed));
  auto rows = session.query(sql, params);
  if (!session.in_transaction()) impl_->give_back(session.take_impl());
  return rows;
}

Result<RunResult> Database::run(std::string_view sql, const Params& params) {
  DOSQL_TRY(auto borrowed, impl_->borrow_session());
  Session session(std::move(borrowed));
  auto result = session.run(sql, params);
  if (!session.in_transaction()) {
    impl_->give_back(session.take_impl());
  } else if (result) {
    return fail(Code::kInvalidArgument,
                "the statement began a transaction: use transaction() or a session of your own");
  }
  return result;
}

Result<void> Database::exec(std::string_view script) {
  DOSQL_TRY(Session session, this->session());
  DOSQL_TRY(session.exec(script));
  if (session.in_transaction()) {
    return fail(Code::kInvalidArgument,
                "the script left a transaction open: it was rolled back; end it with COMMIT");
  }
  return {};
}

Result<void> Database::transaction(const std::function<Result<void>(Session&)>& body) {
  DOSQL_TRY(Session session, this->session());
  return session.transaction(body);
}

void Database::run_async(std::string sql, Params params,
                         std::function<void(Result<RunResult>)> done) {
  impl_->run_async(std::move(sql), std::move(params), std::move(done));
}

Result<std::string> Database::bookmark() {
  DOSQL_TRY(const store::Snapshot snapshot, impl_->versions()->snapshot());
  return impl_->instance().versions().bookmark(snapshot.version());
}

namespace engine {

const std::shared_ptr<store::Database>& versions_of(Database& database) {
  return database.impl().versions();
}

}  // namespace engine
}  // namespace dosql
