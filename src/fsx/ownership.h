// Ownership: who may write a store. Locally a lock file that holds the owner's pid; an etcd lease
// later. At most one live Lease exists per store over all processes.
// Thread rule: thread-safe. The Lease releases on destruction; the OS releases it when the process
// dies.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dosql::fsx {

class Lease {
 public:
  virtual ~Lease() = default;
};

class Ownership {
 public:
  virtual ~Ownership() = default;
  // kLocked: `store "DIR" is in use by process 1234 (dosql sql acme): stop it first`.
  virtual Result<std::unique_ptr<Lease>> acquire() = 0;
};

}  // namespace dosql::fsx
