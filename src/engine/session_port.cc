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
  if (context_.writer == this) context_.writer = nullptr;
}

Result<sqlite::Pin> SessionPort::pin() {
  const bool is_retry = std::exchange(refused_, 0) == context_.statement;
  if (is_retry && !has_permit_) has_permit_ = database_->permit().try_acquire();
  if (has_permit_) {
    DOSQL_TRY(pin_, database_->head());
    context_.settle_at(pin_.end());
  } else {
    DOSQL_TRY(pin_, database_->snapshot());
  }
  return as_pin();
}

void SessionPort::unpin() {
  pin_.reset();
  if (context_.writer == this) context_.writer = nullptr;
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

Result<void> SessionPort::begin_write() {
  if (context_.writer != nullptr && context_.writer != this) {
    return fail(Code::kUnsupported,
                "one transaction cannot write two databases yet: commit the first before writing "
                "the second");
  }
  if (!has_permit_) {
    DOSQL_TRY(take_permit());
    DOSQL_TRY(const store::Snapshot head, database_->head());
    if (head.version() != pin_.version()) {
      release_permit();
      refused_ = context_.statement;
      return fail(Code::kBusySnapshot,
                  str_cat({"database \"", database_->name(),
                           "\" changed since this transaction began to read: roll back and begin "
                           "again (BEGIN IMMEDIATE avoids this)"}));
    }
    context_.settle_at(head.end());
  }
  context_.writer = this;
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
  if (context_.writer == this) context_.writer = nullptr;
  release_permit();
}

}  // namespace dosql::engine
