// `dosql demo`: the tour on real data, and `dosql demo stream`: the process that it kills.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "shell/commands.h"
#include "shell/demo_stream.h"
#include "shell/demo_tour.h"

namespace dosql::shell {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMarker = "/this-is-a-dosql-demo";

// A folder of ours is begun anew; one of somebody else's is left alone.
Result<void> prepare_folder(const std::string& folder) {
  std::error_code error;
  const bool is_ours = fs::exists(folder + std::string(kMarker));
  const bool is_free =
      !fs::exists(folder) || (fs::is_directory(folder) && fs::is_empty(folder, error));
  if (!is_ours && !is_free) {
    return fail(
        Code::kAlreadyExists,
        str_cat({"\"", folder, "\" is there and is no demo: name another folder with --folder"}));
  }
  fs::remove_all(folder, error);
  if (!error) fs::create_directories(folder + "/rows", error);
  std::ofstream marker(folder + std::string(kMarker));
  if (error || !(marker << "rm -r this folder to remove the demo\n").flush()) {
    return fail(Code::kIo, str_cat({"cannot write into \"", folder,
                                    "\": ", error ? error.message() : "is it read-only or full?"}));
  }
  return {};
}

}  // namespace

Result<void> run_demo(Call& call) {
  const Arguments& arguments = call.arguments();
  demo::Tour tour{.terminal = call.terminal(),
                  .folder = std::string(arguments.value_or("folder", "./dosql-demo")),
                  .data = std::string(arguments.value_or("data", ".deps/flights")),
                  .python = std::string(arguments.value_or("python", ".deps/python/bin/python")),
                  .reader = std::string(arguments.value_or("reader", "examples/read_lake.py"))};
  for (const std::string& needed : {tour.data + "/flights-12.csv", tour.python, tour.reader}) {
    if (fs::exists(needed)) continue;
    return fail(Code::kNotFound, str_cat({"the demo needs \"", needed,
                                          "\", which is not there: run ./dev demo, which fetches "
                                          "it, or name it (dosql demo --help)"}));
  }
  DOSQL_TRY(prepare_folder(tour.folder));
  return demo::run_tour(tour);
}

Result<void> run_demo_stream(Call& call) {
  const std::string data(call.arguments().value_or("data", ".deps/flights"));
  DOSQL_TRY(const std::vector<demo::Flight> flights, demo::read_december(data));
  DOSQL_TRY(Store * store, call.store());
  DOSQL_TRY(demo::stream_december(
      *store, flights, call.terminal().interrupts,
      [](const demo::Flight& flight, demo::Flight::Step step, const std::string& bookmark) {
        // One write a line: a reader never sees half of one, whoever else writes.
        const std::string line =
            str_cat({std::to_string(flight.id), " ", std::to_string(static_cast<int>(step)), " ",
                     bookmark, "\n"});
        static_cast<void>(!::write(STDOUT_FILENO, line.data(), line.size()));
      }));
  return call.terminal().interrupts.check();
}

}  // namespace dosql::shell
