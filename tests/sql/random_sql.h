// Random statements for several connections: DML, DDL, transactions and savepoints over tables of
// every kind. What comes depends on the seed and on the committed schema alone, and no statement
// asks for chance or time, so both sides of a comparison can run it.
// Thread rule: one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "sides.h"

namespace dosql::sqltest {

class RandomSql {
 public:
  // Names of tables and columns come from `schema`, read on a connection of their own.
  RandomSql(uint64_t seed, Side& schema) : random_(seed * 7919), schema_(schema) {}

  // For a connection's first use, and the database's when `is_first`.
  std::vector<std::string> settings(bool is_first);
  std::string next(char connection);
  [[nodiscard]] Random& random() { return random_; }
  // The connections were closed.
  void forget_transactions() { open_.clear(); }

 private:
  struct Transaction {
    bool is_open = false;
    int savepoints = 0;
  };

  std::string boundary(Transaction& transaction);
  std::string change();
  std::string insert();
  std::string bulk();
  std::string upsert();
  std::string update();
  std::string erase();
  std::string select();
  std::string structure();
  std::string create_table();
  std::string create_child();
  std::string create_trigger();
  std::string create_virtual();
  std::string change_virtual();
  std::string alter();
  std::string drop();
  std::string upkeep();

  std::vector<std::string> names(const std::string& sql);
  std::string pick(const std::string& kinds);
  std::string column(const std::string& table);
  std::string value();
  std::string condition(const std::string& table);
  std::string conflict();
  std::string new_name(char kind) { return kind + std::to_string(++names_); }

  Random random_;
  Side& schema_;
  std::map<char, Transaction> open_;
  int names_ = 0;
};

}  // namespace dosql::sqltest
