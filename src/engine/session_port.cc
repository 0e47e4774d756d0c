#include "engine/session_port.h"

#include "base/text.h"

namespace dosql::engine {
namespace {

thread_local SessionContext* running = nullptr;

}  // namespace

SessionContext* SessionContext::current() {
  return running;
}

RunningSession::RunningSession(SessionContext& context) : previous_(running) {
  running = &context;
}
RunningSession::~RunningSession() {
  running = previous_;
}

SessionPort::~SessionPort() {
  pin_.reset();
  release_permit();
  leave_transaction();
}

void SessionPort::leave_transaction() {
  if (context_.writer == this) context_.writer = nullptr;
  if (context_.changer == this) context_.changer = nullptr;
}

Result<sqlite::Pin> SessionPort::pin() {
  const bool is_retry = std::exchange(refused_, 0) == context_.statement;
  if (is_retry && !has_permit_) has_permit_ = database_->permit().try_acquire();
  if (has_permit_) {
    DOSQL_TRY(pin_, database_->head());
  } else {
    // A session sees its own commits, durable or not.
    DOSQL_TRY(pin_, database_->snapshot(last_commit_));
  }
  context_.settle_at(pin_.end());
  return as_pin();
}

void SessionPort::unpin() {
  pin_.reset();
  leave_transaction();
  release_permit();
}

Result<void> SessionPort::take_permit() {
  if (has_permit_) return {};
  const auto deadline = std::chrono::steady_clock::now() + context_.busy_timeout;
  has_permit_ = database_->permit().acquire(deadline);
  if (has_permit_) return {};
  return fail(Code::kBusy, str_cat({"database \"", database_->name(),
                                    "\" is locked: another session has been writing for longer "
                                    "than the busy timeout of ",
                                    std::to_string(context_.busy_timeout.count()), " ms"}));
}

void SessionPort::release_permit() {
  if (!has_permit_) return;
  has_permit_ = false;
  database_->permit().release();
}

Result<void> SessionPort::require_head() {
  DOSQL_TRY(const store::Snapshot head, database_->head());
  if (head.version() == pin_.version()) {
    context_.settle_at(head.end());
    return {};
  }
  release_permit();
  refused_ = context_.statement;
  return fail(Code::kBusySnapshot,
              str_cat({"database \"", database_->name(),
                       "\" changed since this transaction began to read: roll back and begin "
                       "again (BEGIN IMMEDIATE avoids this)"}));
}

// BEGIN IMMEDIATE begins to write in every attached database. Only the first one takes its permit,
// so that nobody waits for a permit while holding another; which one is written shows later.
Result<void> SessionPort::begin_write() {
  if (context_.writer != nullptr && context_.writer != this) return {};
  // Taken in advance for a statement that turned out to write here.
  if (context_.main_port != this) context_.main_port->release_permit();
  if (!has_permit_) {
    DOSQL_TRY(take_permit());
    DOSQL_TRY(require_head());
  }
  context_.writer = this;
  return {};
}

Result<void> SessionPort::begin_change() {
  if (context_.changer != nullptr && context_.changer != this) {
    return fail(Code::kUnsupported,
                "one transaction cannot write two databases yet: it was rolled back; commit what "
                "is written to the first before writing to the second");
  }
  if (!has_permit_) {
    has_permit_ = database_->permit().try_acquire();
    if (!has_permit_) {
      return fail(Code::kBusy, str_cat({"another session is writing database \"", database_->name(),
                                        "\": the transaction was rolled back"}));
    }
    DOSQL_TRY(require_head());
  }
  context_.changer = this;
  return {};
}

Result<sqlite::Pin> SessionPort::commit(std::span<const sqlite::DirtyPage> pages,
                                        uint32_t page_count) {
  std::vector<store::CommitRequest::Page> changed;
  changed.reserve(pages.size());
  for (const sqlite::DirtyPage& page : pages) changed.push_back({page.page, page.image});
  store::CommitRequest request{changed, page_count, context_.message, context_.slots};
  DOSQL_TRY(pin_, database_->commit(pin_, request));
  context_.settle_at(pin_.end());
  last_commit_ = pin_.version();
  context_.message.clear();
  context_.slots.clear();
  return as_pin();
}

void SessionPort::end_write() {
  leave_transaction();
  release_permit();
}

}  // namespace dosql::engine
