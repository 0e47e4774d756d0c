// What sessions do: statements, transactions, savepoints, reads; each beside stock SQLite.
#include <gtest/gtest.h>

#include "base/text.h"
#include "engine/database_impl.h"
#include "simulator/simulation.h"

namespace dosql::simulator {
namespace {

constexpr size_t kClientsMost = 5;

}  // namespace

// --- sessions

void Simulation::open_client() {
  Subject* subject = pick_subject();
  if (subject == nullptr) return create_database();
  auto handle = world_.instance().database(subject->versions->name());
  if (!handle) return complain("database: " + handle.error().message);
  auto session = Database(*std::move(handle)).session();
  if (!session) return complain("session: " + session.error().message);
  session->set_busy_timeout(std::chrono::milliseconds(0));
  Client& client = clients_.emplace_back();
  client.subject = subject;
  client.name = std::to_string(++sessions_);
  client.session = std::make_unique<Session>(*std::move(session));
  // Few pages of cache: changed pages spill while the transaction runs.
  if (random_.one_in(3)) static_cast<void>(client.session->run("PRAGMA cache_size=5"));
  if (subject->model->newest() == Version(1) && subject->writer == nullptr && random_.one_in(3)) {
    write(client, "PRAGMA auto_vacuum=" + std::to_string(1 + random_.below(2)));
  }
}

void Simulation::close_client() {
  const auto at =
      std::next(clients_.begin(), static_cast<ptrdiff_t>(random_.below(clients_.size())));
  if (at->subject->writer == &*at) accept(at->subject->model->stock().exec("ROLLBACK"), "stock");
  leave(*at);
  clients_.erase(at);
}

void Simulation::leave(Client& client) {
  if (client.subject->writer == &client) client.subject->writer = nullptr;
  client.is_reading = false;
  client.savepoints = 0;
}

void Simulation::client_step() {
  if (clients_.size() < kClientsMost && random_.one_in(8)) open_client();
  if (clients_.empty()) return;
  if (random_.one_in(30)) return close_client();
  Client& client =
      *std::next(clients_.begin(), static_cast<ptrdiff_t>(random_.below(clients_.size())));
  if (client.session->in_transaction()) {
    transaction_step(client);
  } else {
    idle_step(client);
  }
}

void Simulation::idle_step(Client& client) {
  const uint64_t choice = random_.below(100);
  const auto statement = [&]() -> std::string {
    // Records of one size: what a crash left behind fits where a later process writes.
    if (is_monotonous_ && !random_.one_in(6)) {
      return "PRAGMA user_version=" + std::to_string(10 + random_.below(90));
    }
    if (choice < 4) return "VACUUM";
    auto next = client.subject->statements->next(client.subject->model->stock());
    return next ? *next : "SELECT 1";
  };
  if (choice < 60) {
    arm_slot(client);
    write(client, statement());
    disarm_slot(client);
  } else if (choice < 66) {
    write_blob(client);
  } else if (choice < 76) {
    read(client);
  } else {
    begin(client);
  }
}

void Simulation::transaction_step(Client& client) {
  const uint64_t choice = random_.below(100);
  if (choice < 50) {
    const auto next = client.subject->statements->next(client.subject->model->stock());
    if (next) write(client, *next);
  } else if (choice < 56) {
    write_blob(client);
  } else if (choice < 66) {
    read(client);
  } else if (choice < 78) {
    savepoint(client);
  } else {
    end_transaction(client, choice < 84 ? "ROLLBACK" : "COMMIT");
  }
}

// --- statements

// Runs it in the store alone. Ok when the statement took effect, whether or not that is durable.
Result<void> Simulation::run(Client& client, const std::string& sql, Settled* settled) {
  *settled = Settled::kNo;
  if (!random_.one_in(is_monotonous_ ? 8 : 2)) {
    DOSQL_TRY(client.session->impl().run_unsettled(sql, {}));
    return {};
  }
  const auto done = client.session->run(sql);
  if (done) {
    *settled = Settled::kYes;
    return {};
  }
  // The statement ran; what it is based on, or its commit, may be lost.
  if (done.error().code == Code::kOutcomeUnknown && is_fault(done.error())) return {};
  return std::unexpected(done.error());
}

bool Simulation::is_writing_in_store(Client& client) const {
  return client.session->impl().context->writer != nullptr;
}

// Somebody else writes, or the transaction reads an old version: what the statement says is not
// known, and it may change nothing.
bool Simulation::must_not_write(const Client& client) const {
  const Subject& subject = *client.subject;
  if (subject.writer == &client) return false;
  if (subject.writer != nullptr) return true;
  return client.is_reading && client.seen != subject.model->newest();
}

bool Simulation::sees_old_names(const Client& client) {
  const Version newest = client.subject->model->newest();
  if (client.subject->writer == &client || client.committed == newest) return false;
  const auto durable = client.subject->versions->snapshot();
  return durable && durable->version() != newest;
}

// SQLite compiles against the schema it knows, and some errors of its compiler do not make it look
// whether somebody else has changed that.
bool Simulation::is_of_old_schema(const Client& client, const Error& error) {
  return error.code == Code::kSql && client.known != client.subject->model->newest();
}

void Simulation::write(Client& client, const std::string& sql) {
  last_ = sql.substr(0, 300);
  const bool must_fail = must_not_write(client);
  Settled settled = Settled::kNo;
  const auto done = run(client, sql, &settled);
  finish_write(client, done, must_fail, settled,
               [&](sqlite::Connection& stock) { return stock.exec(sql); });
}

void Simulation::write_blob(Client& client) {
  if (must_not_write(client)) return;
  const auto blob = client.subject->statements->blob_write(client.subject->model->stock());
  if (!blob || blob->table.empty()) return;
  last_ = str_cat({"blob of ", blob->table, " at ", std::to_string(blob->offset)});
  const auto into = [&](sqlite::Connection& connection) {
    return connection.write_blob(blob->table, blob->column, blob->rowid, blob->offset,
                                 as_bytes(blob->bytes));
  };
  const auto done = into(client.session->impl().connection);
  Settled settled = Settled::kNo;
  if (done && random_.one_in(2) && client.session->impl().settle()) settled = Settled::kYes;
  finish_write(client, done, false, settled, into);
}

// `done` is what the store said; `on_stock` does the same in the model.
void Simulation::finish_write(Client& client, const Result<void>& done, bool must_fail,
                              Settled settled, const OnStock& on_stock) {
  Subject& subject = *client.subject;
  trace(str_cat({"session ", client.name, done ? " writes" : ": " + done.error().message}));
  const bool is_busy =
      !done && (done.error().code == Code::kBusy || done.error().code == Code::kBusySnapshot);
  if (must_fail) {
    const bool is_refused = !done && (is_busy || done.error().code == Code::kSql);
    if (!done && !is_refused && !is_fault(done.error()) && done.error().code != Code::kConstraint) {
      complain("a write that must be refused: " + done.error().message);
    }
    if (last_commit(client) != client.committed) complain("two transactions write at once");
    return;
  }
  const bool is_of_sql =
      !done && (done.error().code == Code::kSql || done.error().code == Code::kConstraint);
  if (!done && !is_of_sql) {
    const bool is_tail_full = is_tail_limited_ && done.error().code == Code::kBusy;
    if (!is_fault(done.error()) && !is_tail_full) complain(done.error().message);
    return abandon(client);
  }
  if (is_writing_in_store(client) && subject.writer != &client) {
    subject.writer = &client;
    accept(subject.model->stock().exec("BEGIN"), "stock");
  }
  // What others have committed and is not durable is not there yet when SQL is compiled.
  if (is_of_sql && (sees_old_names(client) || is_of_old_schema(client, done.error()))) return;
  const auto mirrored = on_stock(subject.model->stock());
  if (done.has_value() != mirrored.has_value() ||
      (!done && done.error().code != mirrored.error().code)) {
    complain(str_cat({"the store says \"", done ? "ok" : done.error().message,
                      "\", stock SQLite \"", mirrored ? "ok" : mirrored.error().message, "\""}));
  }
  after_statement(client, settled);
}

// A commit may have come out of the statement.
void Simulation::after_statement(Client& client, Settled settled) {
  Subject& subject = *client.subject;
  if (!client.session->in_transaction()) leave(client);
  const Version version = last_commit(client);
  if (version == client.committed) return;
  client.committed = client.known = version;
  if (version.value() != subject.model->newest().value() + 1) {
    return complain(str_cat({"version ", std::to_string(version.value()), " follows ",
                             std::to_string(subject.model->newest().value())}));
  }
  trace(
      str_cat({"#", std::to_string(subject.model->id().value()), " version ",
               std::to_string(version.value()), settled == Settled::kYes ? "" : ", not awaited"}));
  accept(subject.model->remember(version), "stock");
  Event event{.kind = Event::Kind::kCommit, .database = subject.model->id(), .version = version};
  if (client.moves != nullptr) {
    event.slots.push_back(
        {client.moves->subject->model->id(), client.moves->name, client.moves->snapshot.version()});
  }
  const uint64_t number = events_.add(std::move(event));
  if (client.moves != nullptr) client.moves->moved_by = number;
  client.moves = nullptr;
  if (settled == Settled::kYes) return events_.acknowledge(number);
  world_.store().log().on_durable(client.session->impl().settled(),
                                  [this, number, opening = opening_](const Result<void>& outcome) {
                                    if (outcome && opening == opening_) events_.acknowledge(number);
                                  });
}

Version Simulation::last_commit(const Client& client) const {
  return client.session->impl().context->main_port->last_commit();
}

// The statement failed for a reason that stock SQLite does not have: back to the newest version.
void Simulation::abandon(Client& client) {
  if (client.session->in_transaction()) {
    static_cast<void>(client.session->run("ROLLBACK"));
    if (client.session->in_transaction()) complain("a transaction cannot be rolled back");
  }
  if (client.subject->writer == &client) {
    accept(client.subject->model->stock().exec("ROLLBACK"), "stock");
  }
  leave(client);
  if (last_commit(client) != client.committed) complain("a statement failed and committed");
}

// --- slots that move with a commit

void Simulation::arm_slot(Client& client) {
  for (HeldSlot& slot : slots_) {
    if (slot.moved_by != 0 || !random_.one_in(3)) continue;
    client.moves = &slot;
    engine::set_commit_slots(*client.session,
                             {{slot.subject->versions.get(), slot.name, slot.snapshot.version()}});
    return;
  }
}

void Simulation::disarm_slot(Client& client) {
  client.moves = nullptr;
  engine::set_commit_slots(*client.session, {});
}

// --- transactions

void Simulation::begin(Client& client) {
  Subject& subject = *client.subject;
  const bool is_immediate = random_.one_in(2);
  const std::string sql = is_immediate ? "BEGIN IMMEDIATE" : "BEGIN";
  last_ = str_cat({"session ", client.name, ": ", sql});
  Settled settled = Settled::kNo;
  const auto done = run(client, sql, &settled);
  if (done) {
    if (!is_immediate) return;
    if (subject.writer != nullptr) return complain("two sessions write at once");
    subject.writer = &client;
    accept(subject.model->stock().exec("BEGIN"), "stock");
    return;
  }
  if (done.error().code == Code::kBusy && is_immediate && subject.writer != nullptr) return;
  if (!is_fault(done.error())) complain(done.error().message);
}

void Simulation::end_transaction(Client& client, const char* how) {
  last_ = str_cat({"session ", client.name, ": ", how});
  Subject& subject = *client.subject;
  const bool is_writer = subject.writer == &client;
  if (is_writer) arm_slot(client);
  Settled settled = Settled::kNo;
  const auto done = run(client, how, &settled);
  if (done && is_writer) accept(subject.model->stock().exec(how), "stock");
  if (done) {
    after_statement(client, settled);
  } else {
    const bool is_tail_full = is_tail_limited_ && done.error().code == Code::kBusy;
    if (!is_fault(done.error()) && !is_tail_full) complain(done.error().message);
    abandon(client);
  }
  disarm_slot(client);
}

void Simulation::savepoint(Client& client) {
  if (client.subject->writer != &client) return;
  const uint64_t choice = random_.below(3);
  std::string sql;
  if (choice == 0 || client.savepoints == 0) {
    sql = "SAVEPOINT s" + std::to_string(client.savepoints++);
  } else if (choice == 1) {
    sql = "RELEASE s" + std::to_string(--client.savepoints);
  } else {
    sql = "ROLLBACK TO s" + std::to_string(client.savepoints - 1);
  }
  write(client, sql);
}

// --- reads

void Simulation::read(Client& client) {
  last_ = "a session reads";
  Subject& subject = *client.subject;
  const bool is_writer = subject.writer == &client;
  const auto visible = [&] {
    const auto durable = subject.versions->snapshot();
    if (!durable) complain("snapshot: " + durable.error().message);
    return std::max(durable ? durable->version() : Version(0), client.committed);
  };
  if (!is_writer && !client.is_reading) client.seen = visible();
  const Version version = is_writer ? subject.model->newest() : client.seen;
  const auto first = client.session->query("SELECT count(*) FROM sqlite_schema");
  if (first) {
    // What was answered is durable, save the transaction's own changes.
    events_.acknowledge_version(subject.model->id(), version);
  } else if (!is_fault(first.error())) {
    return complain("read: " + first.error().message);
  }
  client.is_reading = client.session->in_transaction() && !is_writer;
  // Outside of a transaction the next statement may see what the first one has waited for.
  if (!is_writer && !client.is_reading) client.seen = visible();
  client.known = is_writer ? version : client.seen;
  sqlite::Connection& connection = client.session->impl().connection;
  const auto rows = dump(connection);
  const auto expected =
      is_writer ? dump(subject.model->stock()) : subject.model->dump_at(client.seen);
  if (!rows || !expected) {
    return complain("read: " + (rows ? expected.error().message : rows.error().message));
  }
  if (*rows != *expected) complain("a session reads " + first_difference(*rows, *expected));
  if (!random_.one_in(4)) return;
  const auto integrity = answer(connection, "PRAGMA integrity_check");
  if (!integrity || *integrity != "ok") complain("integrity_check through a session");
}

}  // namespace dosql::simulator
