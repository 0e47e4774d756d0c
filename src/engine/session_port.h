// SessionPort: the page port of one schema (main or attached) of one session, over store::Database.
// Decides which version a transaction sees and when the write permit is held (DESIGN 4, invariant
// 3). Thread rule: the thread that uses the session's connection.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sqlite/page_port.h"
#include "store/database.h"

namespace dosql::engine {

class SessionPort;

// What the ports of one session share.
struct SessionContext {
  std::chrono::milliseconds busy_timeout{5000};
  SessionPort* writer = nullptr;   // the first port that began to write in this transaction
  SessionPort* changer = nullptr;  // the one that changed something
  Lsn settled{0};                  // the session's replies wait until the log is durable up to here
  std::string message;             // of the next commit; cleared by it
  std::vector<store::SlotUpdate> slots;  // moved by the next commit; cleared by it

  SessionPort* main_port = nullptr;  // the first one opened
  uint64_t statement = 1;            // counts the statements the session began to run
  bool may_open_hidden = false;

  // The session whose connection runs on this thread: SQLite opens files without saying for whom.
  [[nodiscard]] static SessionContext* current();

  void settle_at(Lsn end) {
    if (end > settled) settled = end;
  }
};

// Makes a context current while it lives.
class RunningSession {
 public:
  explicit RunningSession(SessionContext& context);
  ~RunningSession();
  RunningSession(const RunningSession&) = delete;
  RunningSession& operator=(const RunningSession&) = delete;

 private:
  SessionContext* previous_;
};

class SessionPort final : public sqlite::PagePort {
 public:
  SessionPort(std::shared_ptr<store::Database> database, SessionContext& context)
      : database_(std::move(database)), context_(context) {}
  ~SessionPort() override;

  [[nodiscard]] uint32_t page_size() const override { return database_->page_size(); }
  [[nodiscard]] bool is_immutable() const override { return false; }
  Result<sqlite::Pin> pin() override;
  void unpin() override;
  Result<PageRef> page(PageNo page) override { return pin_.view().page(page); }
  Result<void> begin_write() override;
  Result<void> begin_change() override;
  Result<sqlite::Pin> commit(std::span<const sqlite::DirtyPage> pages,
                             uint32_t page_count) override;
  void end_write() override;

  // The newest version this port committed; 0 for none.
  [[nodiscard]] Version last_commit() const { return last_commit_; }
  [[nodiscard]] bool is_pinned() const { return !pin_.empty(); }
  // Before a statement that writes: the next pin is the head. kBusy after the busy timeout.
  Result<void> take_permit();
  void release_permit();

 private:
  // Of the permit's holder: kBusySnapshot, without the permit, unless the pin is the head.
  Result<void> require_head();
  void leave_transaction();
  sqlite::Pin as_pin() const { return {pin_.version(), pin_.view().page_count()}; }

  std::shared_ptr<store::Database> database_;
  SessionContext& context_;
  store::Snapshot pin_;
  Version last_commit_{0};
  bool has_permit_ = false;
  // The statement that was refused because its pin was old: SQLite's second try pins the head.
  uint64_t refused_ = 0;
};

}  // namespace dosql::engine
