// The tour: import, live stream, kill, recovery, changes, lake, other engines. Every step says what
// it does and fails when what it shows is not so. Thread rule: one thread.
#pragma once

#include <string>

#include "shell/terminal.h"

namespace dosql::shell::demo {

struct Tour {
  Terminal& terminal;
  std::string folder;  // the store is in its subfolder "store"
  std::string data;
  std::string python;
  std::string reader;  // examples/read_lake.py
};

Result<void> run_tour(const Tour& tour);

}  // namespace dosql::shell::demo
