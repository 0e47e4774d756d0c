// Query: analytic SQL over the lake as it is now, rows not flushed yet included.
// Thread rule: one thread, interrupt() from any. Independent of later cycles: it keeps what it
// reads.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "duck/rows.h"
#include "lake/warehouse.h"

namespace dosql::lake {

class Query {
 public:
  ~Query();
  [[nodiscard]] duck::Rows& rows();
  void interrupt();

  struct Impl;
  explicit Query(std::unique_ptr<Impl> impl);

 private:
  std::unique_ptr<Impl> impl_;
};

// nullptr when more rows wait for a flush than a query may hold: flush and ask again.
Result<std::unique_ptr<Query>> open_query(Warehouse& warehouse, const std::string& sql);

}  // namespace dosql::lake
