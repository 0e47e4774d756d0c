// Terminal: the process's streams and environment, handed in by main (or by a test).
// Thread rule: one thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "shell/interrupts.h"
#include "shell/output.h"

namespace dosql::shell {

struct Terminal {
  Output& out;
  Output& err;
  int in = 0;  // file descriptor
  bool is_in_terminal = false;
  bool is_out_terminal = false;
  bool is_err_terminal = false;
  Interrupts& interrupts;
  // nullptr when it is not set.
  const char* (*environment)(const char* name);

  // Empty when the variable is not set.
  [[nodiscard]] std::string_view variable(const char* name) const {
    const char* value = environment(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
  }
  // Text for the person, on standard error.
  void say(std::string_view text) {
    static_cast<void>(out.flush());
    static_cast<void>(err.write(text));
    static_cast<void>(err.flush());
  }
};

// Reads a descriptor piece by piece; an interrupt ends the wait with kInterrupted.
class Input {
 public:
  Input(int fd, Interrupts& interrupts) : fd_(fd), interrupts_(interrupts) {}
  // 0 at the end.
  Result<size_t> read(std::span<char> buffer);
  // The next line with its line end (the last may lack it); empty at the end.
  Result<std::string> read_line();

 private:
  const int fd_;
  Interrupts& interrupts_;
  std::string held_;  // read and not given yet
};

}  // namespace dosql::shell
