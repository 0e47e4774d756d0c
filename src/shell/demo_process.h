// A process beside the demo: this program again, or Python. Thread rule: one thread.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dosql::shell::demo {

class Process {
 public:
  // `words` begin with the program ("/proc/self/exe": this one). Its standard output is read here,
  // its standard error is ours.
  static Result<Process> start(const std::vector<std::string>& words);
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  // Kills it where it still runs.
  ~Process();

  // Every line of its output, without the line end; a last line that is cut off is left out.
  void read_lines(const std::function<void(std::string_view)>& line);
  void kill() const;  // SIGKILL
  // Its exit code; -1 when a signal ended it.
  int wait();

 private:
  Process(pid_t pid, int out) : pid_(pid), out_(out) {}

  pid_t pid_;
  int out_;
};

}  // namespace dosql::shell::demo
