// One seed: random operations on a store in a World beside a model, with checks all along and a
// full comparison after every reopening.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "simulator/model.h"
#include "simulator/statements.h"
#include "simulator/world.h"

namespace dosql::simulator {

class Simulation {
 public:
  // `directory`: of the machine, empty, for temporary files. A traced one prints its steps.
  enum class Trace : uint8_t { kNo, kYes };
  Simulation(uint64_t seed, const std::string& directory, Trace trace);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;
  ~Simulation();
  void run();

 private:
  struct Client;
  struct Subject {  // a database, in the store and in the model
    std::unique_ptr<DatabaseModel> model;
    std::unique_ptr<Statements> statements;
    std::shared_ptr<store::Database> versions;  // null while the store is closed
    bool is_dropped = false;
    Client* writer = nullptr;  // in a transaction that has begun to write
  };
  struct Held {  // a snapshot kept across other operations
    Subject* subject = nullptr;
    store::Snapshot snapshot;
  };
  struct HeldSlot {
    Subject* subject = nullptr;
    std::string name;
    store::Snapshot snapshot;
    uint64_t moved_by = 0;  // the event that moved the slot; 0: none yet
  };
  struct Client {
    std::string name;
    Subject* subject = nullptr;
    std::unique_ptr<Session> session;
    Version committed{0};     // newest commit of this session
    Version known{0};         // whose schema its connection knows at least
    bool is_reading = false;  // in a transaction, and has read `seen`
    Version seen{0};
    int savepoints = 0;
    HeldSlot* moves = nullptr;  // with the commit at hand
  };
  enum class Settled : uint8_t { kNo, kYes };
  using OnStock = std::function<Result<void>(sqlite::Connection&)>;

  void step();
  void trace(const std::string& what) const;
  [[nodiscard]] bool is_failed() const;
  void complain(const std::string& what);
  // Complains unless ok, or an error of I/O after a fault was armed.
  bool accept(const Result<void>& result, const char* what);
  [[nodiscard]] bool is_fault(const Error& error) const;

  // simulation.cc: opening and ending
  void reopen();
  void end_process();
  void close_cleanly();
  void let_go();
  void compare();
  State read_state();
  void roll_back_models();

  // simulation_clients.cc
  void open_client();
  void close_client();
  void leave(Client& client);
  void client_step();
  void idle_step(Client& client);
  void transaction_step(Client& client);
  Result<void> run(Client& client, const std::string& sql, Settled* settled);
  [[nodiscard]] bool is_writing_in_store(Client& client) const;
  [[nodiscard]] bool must_not_write(const Client& client) const;
  [[nodiscard]] bool sees_old_names(const Client& client);
  static bool is_of_old_schema(const Client& client, const Error& error);
  void write(Client& client, const std::string& sql);
  void write_blob(Client& client);
  void finish_write(Client& client, const Result<void>& done, bool must_fail, Settled settled,
                    const OnStock& on_stock);
  void after_statement(Client& client, Settled settled);
  [[nodiscard]] Version last_commit(const Client& client) const;
  void abandon(Client& client);
  void arm_slot(Client& client);
  void disarm_slot(Client& client);
  void begin(Client& client);
  void end_transaction(Client& client, const char* how);
  void savepoint(Client& client);
  void read(Client& client);

  // simulation_store.cc
  void create_database();
  void drop_database();
  void rename_database();
  void checkpoint();
  void flush();
  void hold_snapshot();
  void check_held();
  void take_slot();
  void release_slots();
  void check_view(Subject& subject, const store::Snapshot& snapshot, const char* what);
  void read_durable();
  void follow_changes();
  Subject* pick_subject();

  Random random_;
  const uint64_t seed_;
  const Trace trace_;
  World world_;
  EventLog events_;
  std::map<uint32_t, Subject> subjects_;  // by DatabaseId
  std::list<Client> clients_;
  std::vector<Held> held_;
  std::list<HeldSlot> slots_;
  uint64_t opening_ = 0;  // how often the store was opened
  int step_ = 0;
  int names_ = 0;
  int sessions_ = 0;
  bool is_tail_limited_ = false;
  bool is_monotonous_ = false;  // mostly commits of the same size, not awaited, and many ends
  std::string last_;            // what the running step is
};

}  // namespace dosql::simulator
