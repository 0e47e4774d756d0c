// The program: hands the process's streams to the shell. A reader that goes away and a limit on the
// size of files are write errors, not signals, so that the store is closed.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "shell/program.h"

int main(int argc, char** argv) {
  using namespace dosql::shell;
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  Interrupts interrupts;
  FileOutput out(stdout, "standard output");
  FileOutput err(stderr, "standard error");
  Terminal terminal{
      .out = out,
      .err = err,
      .in = STDIN_FILENO,
      .is_in_terminal = ::isatty(STDIN_FILENO) == 1,
      .is_out_terminal = ::isatty(STDOUT_FILENO) == 1,
      .is_err_terminal = ::isatty(STDERR_FILENO) == 1,
      .interrupts = interrupts,
      .environment = [](const char* name) -> const char* { return std::getenv(name); }};
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  return run_program(terminal, words);
}
