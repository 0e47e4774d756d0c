// The program `dosql`: finds the command, parses its arguments, runs it, turns its outcome into an
// exit code: 0 done, 1 failed, 2 wrong usage. Errors are one line `dosql: ...` on standard error.
#pragma once

#include <span>
#include <string_view>

#include "shell/terminal.h"

namespace dosql::shell {

// `words` without the program's name.
int run_program(Terminal& terminal, std::span<const std::string_view> words);

}  // namespace dosql::shell
