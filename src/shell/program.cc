#include "shell/program.h"

#include <algorithm>

#include "base/text.h"
#include "shell/command.h"

namespace dosql::shell {
namespace {

enum ExitCode : int { kDone = 0, kFailed = 1, kWrongUsage = 2 };

int complain(Terminal& terminal, ExitCode code, std::string_view message) {
  std::string line(message);
  std::ranges::replace(line, '\n', ' ');
  terminal.say(str_cat({"dosql: ", line, "\n"}));
  return code;
}

int print(Terminal& terminal, ExitCode code, std::string_view text) {
  Output& out = code == kDone ? terminal.out : terminal.err;
  const auto written = out.write(text);
  const auto flushed = out.flush();
  return written && flushed ? code : kFailed;
}

// Of the surface, and not built yet.
constexpr std::string_view kPlanned[] = {
    "serve",         "branch",         "tag",         "diff",         "merge", "restore",
    "restore-store", "backup",         "vacuum",      "migrate",      "token", "lake scan",
    "lake compact",  "lake snapshots", "lake expire", "lake rollback"};

bool is_help(std::string_view word) {
  return word == "--help" || word == "-h" || word == "help";
}

// The command named by the first one or two words; `used` is how many.
const Command* find_command(std::span<const std::string_view> words, size_t& used) {
  for (const Command& command : all_commands()) {
    const size_t space = command.name.find(' ');
    used = space == std::string_view::npos ? 1 : 2;
    if (words.size() < used || words[0] != command.name.substr(0, space)) continue;
    if (used == 1 || words[1] == command.name.substr(space + 1)) return &command;
  }
  return nullptr;
}

int unknown_command(Terminal& terminal, std::span<const std::string_view> words) {
  std::vector<std::string> firsts;
  std::vector<std::string> seconds;  // of the group words[0]
  for (const Command& command : all_commands()) {
    const size_t space = command.name.find(' ');
    const std::string_view first = command.name.substr(0, space);
    firsts.emplace_back(first);
    if (space != std::string_view::npos && first == words[0]) {
      seconds.emplace_back(command.name.substr(space + 1));
    }
  }
  std::string_view known;
  std::string_view unknown = words[0];
  if (!seconds.empty()) {
    if (words.size() == 1) return print(terminal, kWrongUsage, group_help_text(words[0]));
    if (is_help(words[1])) return print(terminal, kDone, group_help_text(words[0]));
    known = words[0];
    unknown = words[1];
  }
  const std::string_view nearest = nearest_word(unknown, seconds.empty() ? firsts : seconds);
  const std::string_view space = known.empty() ? "" : " ";
  const std::string name = str_cat({known, space, unknown});
  if (std::ranges::find(kPlanned, name) != std::end(kPlanned)) {
    return complain(terminal, kFailed,
                    str_cat({"the command \"", name, "\" is not built yet (see dosql --help)"}));
  }
  std::string message = str_cat({"there is no command \"", name, "\""});
  if (nearest.empty()) {
    message += " (see dosql --help)";
  } else {
    message += str_cat({" (did you mean \"", known, space, nearest, "\"?)"});
  }
  return complain(terminal, kWrongUsage, message);
}

Result<void> check_positional(const Command& command, Call& call) {
  const size_t count = call.arguments().positional().size();
  if (count >= command.positional_min && count <= command.positional_max) return {};
  const std::string_view what =
      count < command.positional_min ? "an argument is missing" : "there are too many arguments";
  const std::string_view space = command.arguments.empty() ? "" : " ";
  return call.wrong_usage(
      str_cat({command.name, ": ", what, ": dosql ", command.name, space, command.arguments}));
}

Result<void> run_command(const Command& command, Call& call) {
  DOSQL_TRY(call.check_options());
  DOSQL_TRY(check_positional(command, call));
  auto done = command.run(call);
  if (done) done = call.terminal().out.flush();
  auto closed = call.close();
  return done ? closed : done;
}

}  // namespace

int run_program(Terminal& terminal, std::span<const std::string_view> words) {
  if (words.empty()) return print(terminal, kDone, help_text());
  if (words[0] == "--version")
    return run_program(terminal, std::vector<std::string_view>{"version"});
  if (is_help(words[0]) && words.size() == 1) return print(terminal, kDone, help_text());
  std::vector<std::string_view> turned(words.begin(), words.end());
  if (words[0] == "help") {  // dosql help COMMAND
    std::ranges::rotate(turned, turned.begin() + 1);
    turned.back() = "--help";
  }
  size_t used = 0;
  const Command* command = find_command(turned, used);
  if (command == nullptr) return unknown_command(terminal, turned);
  auto arguments = Arguments::parse(command->options, std::span(turned).subspan(used));
  if (!arguments) {
    return complain(terminal, kWrongUsage,
                    str_cat({command->name, ": ", arguments.error().message}));
  }
  if (arguments->has("help")) return print(terminal, kDone, help_text(*command));
  Call call(terminal, *std::move(arguments));
  const auto done = run_command(*command, call);
  if (done) return kDone;
  // Whoever closed the pipe knows.
  if (done.error().code == Code::kIo && terminal.out.has_lost_reader()) return kFailed;
  return complain(terminal, call.is_wrong_usage() ? kWrongUsage : kFailed, done.error().message);
}

}  // namespace dosql::shell
