#include "shell/output.h"

#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace dosql::shell {

Result<void> FileOutput::failure() {
  const int error = errno;
  has_lost_reader_ = error == EPIPE;
  return fail(error == ENOSPC ? Code::kDiskFull : Code::kIo,
              str_cat({"cannot write to ", name_, ": ", std::strerror(error)}));
}

Result<void> FileOutput::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) return failure();
  return {};
}

Result<void> FileOutput::flush() {
  if (std::fflush(file_) != 0) return failure();
  return {};
}

}  // namespace dosql::shell
