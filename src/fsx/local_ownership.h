// LocalOwnership: a lock file, held by flock for as long as the process lives; its text names the
// owner for the error that others get.
#pragma once

#include "fsx/ownership.h"

namespace dosql::fsx {

class LocalOwnership final : public Ownership {
 public:
  explicit LocalOwnership(std::string path) : path_(std::move(path)) {}
  Result<std::unique_ptr<Lease>> acquire() override;

 private:
  const std::string path_;
};

}  // namespace dosql::fsx
