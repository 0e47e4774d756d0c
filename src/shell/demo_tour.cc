#include "shell/demo_tour.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "engine/csv_import.h"
#include "engine/instance.h"
#include "lake/lake.h"
#include "shell/demo_answers.h"
#include "shell/demo_lives.h"
#include "shell/demo_process.h"
#include "shell/demo_stream.h"
#include "shell/progress.h"

namespace dosql::shell::demo {
namespace {

using Step = Flight::Step;

constexpr double kKillAt = 0.4;  // of December's steps

uint64_t folder_bytes(const std::string& folder) {
  uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

// As it can be typed here: what runs need not be on the PATH.
std::string program_path() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return "dosql";
  const std::string near = std::filesystem::proximate(program, error).string();
  return error || near.starts_with("..") ? program.string() : near;
}

class Guide {
 public:
  explicit Guide(const Tour& tour)
      : tour_(tour),
        is_bold_(tour.terminal.is_out_terminal && tour.terminal.variable("NO_COLOR").empty()),
        store_path_(tour.folder + "/store") {}

  Result<void> run() {
    DOSQL_TRY(flights_, read_december(tour_.data));
    for (const Flight& flight : flights_) steps_ += static_cast<uint64_t>(flight.last_step());
    DOSQL_TRY(import_data());
    DOSQL_TRY(stream_until_killed());
    DOSQL_TRY(recover());
    DOSQL_TRY(stream_the_rest());
    DOSQL_TRY(show_changes());
    DOSQL_TRY(flush_and_compare());
    DOSQL_TRY(ask_others());
    return finish();
  }

 private:
  void title(std::string_view text) {
    tell(str_cat({"\n", is_bold_ ? "\033[1m" : "", std::to_string(++chapter_), "  ", text,
                  is_bold_ ? "\033[0m" : "", "\n"}));
  }
  void tell(std::string_view text) {
    static_cast<void>(tour_.terminal.out.write(text));
    static_cast<void>(tour_.terminal.out.flush());
  }
  void line(std::initializer_list<std::string_view> parts) {
    tell(str_cat({"   ", str_cat(parts), "\n"}));
  }
  [[nodiscard]] std::string seconds_since(int64_t begun_us) const {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f s",
                  static_cast<double>(Clock::system().steady_us() - begun_us) / 1e6);
    return text;
  }

  Result<void> open() {
    DOSQL_TRY(store_, Store::open(store_path_));
    lake_ = std::make_unique<lake::Lake>(engine::instance_of(*store_));
    return {};
  }
  Result<void> close() {
    lake_.reset();
    if (!store_) return {};
    auto closed = store_->close();
    store_.reset();
    return closed;
  }
  Result<Session> session() {
    DOSQL_TRY(Database database, store_->database(kDatabase));
    return database.session();
  }
  Result<void> flush_lake() {
    const int64_t begun = Clock::system().steady_us();
    DOSQL_TRY(const lake::FlushReport report, lake_->flush());
    line({"lake: ", grouped(report.rows_added), " rows added and ", grouped(report.rows_removed),
          " removed in ", grouped(report.tables), " Iceberg table(s), ", grouped(report.files),
          " files, ", seconds_since(begun)});
    return {};
  }

  Result<void> import_data();
  Result<void> stream_until_killed();
  Result<void> recover();
  Result<void> stream_the_rest();
  Result<void> show_changes();
  Result<void> flush_and_compare();
  Result<void> ask_others();
  Result<void> finish();

  Result<Process> start_stream() {
    return Process::start(
        {"/proc/self/exe", "demo", "stream", "--store", store_path_, "--data", tour_.data});
  }
  // Remembers what a line of the stream acknowledges.
  Result<void> note(std::string_view text);
  Result<void> write_tables_json();

  const Tour& tour_;
  const bool is_bold_;
  const std::string store_path_;
  int chapter_ = 0;
  std::vector<Flight> flights_;
  uint64_t steps_ = 0;
  std::vector<Step> acknowledged_;
  uint64_t acknowledgements_ = 0;
  std::string last_bookmark_;
  std::optional<Store> store_;
  std::unique_ptr<lake::Lake> lake_;
};

Result<void> Guide::import_data() {
  title("Import the flights of January to November 2013 and take a first snapshot to the lake");
  DOSQL_TRY(open());
  DOSQL_TRY(Database database, store_->create_database(kDatabase));
  DOSQL_TRY(database.exec(kSchema));
  DOSQL_TRY(Session session, database.session());
  for (const DataFile& file : kDataFiles) {
    const int64_t begun = Clock::system().steady_us();
    engine::CsvImport import;
    import.path = str_cat({tour_.data, "/", file.name});
    import.table = file.table;
    import.null_text = "NA";
    import.header = engine::CsvImport::Header::kYes;
    import.if_exists = engine::CsvImport::IfExists::kAppend;
    DOSQL_TRY(const uint64_t rows,
              engine::import_csv_file(session, import, [&](uint64_t, uint64_t) {
                return !tour_.terminal.interrupts.is_raised();
              }));
    line({file.table, ": ", grouped(rows), " rows, ", seconds_since(begun)});
  }
  DOSQL_TRY(flush_lake());
  DOSQL_TRY(session.run(kAddStatus));
  line({"a column more, between two lake cycles: ", kAddStatus});
  return close();
}

Result<void> Guide::note(std::string_view text) {
  const size_t first = text.find(' ');
  const size_t second = text.find(' ', first + 1);
  if (second == std::string_view::npos) return {};
  const int64_t at = std::atoll(std::string(text.substr(0, first)).c_str()) - kDecemberIds;
  if (at < 0 || at >= static_cast<int64_t>(flights_.size())) {
    return fail(Code::kInternal, "the stream acknowledged a flight that there is not");
  }
  acknowledged_[static_cast<size_t>(at)] = static_cast<Step>(text[first + 1] - '0');
  ++acknowledgements_;
  last_bookmark_ = std::max(last_bookmark_, std::string(text.substr(second + 1)));
  return {};
}

Result<void> Guide::stream_until_killed() {
  title(
      "December as a live stream: 64 clients, each step a durable commit, the lake beside; kill "
      "-9");
  acknowledged_.assign(flights_.size(), Step::kNone);
  const int64_t begun = Clock::system().steady_us();
  const auto wanted = static_cast<uint64_t>(kKillAt * static_cast<double>(steps_));
  DOSQL_TRY(Process stream, start_stream());
  Result<void> noted;
  bool is_killed = false;
  stream.read_lines([&](std::string_view text) {
    if (noted) noted = note(text);
    if ((acknowledgements_ >= wanted || tour_.terminal.interrupts.is_raised()) && !is_killed) {
      stream.kill();
      is_killed = true;
    }
  });
  const int code = stream.wait();
  DOSQL_TRY(noted);
  DOSQL_TRY(tour_.terminal.interrupts.check());
  if (!is_killed) {
    return fail(Code::kInternal, str_cat({"the stream ended by itself with exit code ",
                                          std::to_string(code), " before it could be killed"}));
  }
  line({"killed after ", seconds_since(begun), " with ", grouped(acknowledgements_),
        " commits acknowledged, the last as ", last_bookmark_});
  return {};
}

// What was acknowledged must be there; what was not may be.
Result<void> Guide::recover() {
  title("Open the store again: is everything there that was acknowledged?");
  const int64_t begun = Clock::system().steady_us();
  DOSQL_TRY(open());
  DOSQL_TRY(Session session, this->session());
  DOSQL_TRY(const std::vector<Step> found, read_steps(session, flights_));
  line({"opened and read in ", seconds_since(begun)});
  if (const std::string notice = store_->recovery_notice(); !notice.empty()) line({notice});
  uint64_t more = 0;
  for (size_t i = 0; i < flights_.size(); ++i) {
    const Flight& flight = flights_[i];
    // The row of a cancelled flight goes away in its last step.
    const bool may_be_gone = flight.is_cancelled() && acknowledged_[i] >= Step::kScheduled;
    const bool is_right = found[i] >= acknowledged_[i] || (may_be_gone && found[i] == Step::kNone);
    const bool is_back =
        flight.is_cancelled() && acknowledged_[i] == flight.last_step() && found[i] != Step::kNone;
    if (!is_right || is_back) {
      return fail(Code::kCorrupt,
                  str_cat({"flight ", std::to_string(flight.id), " was acknowledged at step ",
                           std::to_string(static_cast<int>(acknowledged_[i])), " and stands at ",
                           std::to_string(static_cast<int>(found[i]))}));
    }
    if (found[i] > acknowledged_[i]) ++more;
  }
  line({"all ", grouped(acknowledgements_), " acknowledged commits are there, and ", grouped(more),
        " whose reply was still on its way"});
  DOSQL_TRY(flush_lake());
  return close();
}

Result<void> Guide::stream_the_rest() {
  title("The rest of December, with lake cycles beside it");
  const int64_t begun = Clock::system().steady_us();
  const uint64_t before = acknowledgements_;
  DOSQL_TRY(Process stream, start_stream());
  Result<void> noted;
  stream.read_lines([&](std::string_view text) {
    if (noted) noted = note(text);
    if (tour_.terminal.interrupts.is_raised()) stream.kill();
  });
  const int code = stream.wait();
  DOSQL_TRY(noted);
  DOSQL_TRY(tour_.terminal.interrupts.check());
  if (code != 0) {
    return fail(Code::kInternal,
                str_cat({"the stream ended with exit code ", std::to_string(code)}));
  }
  const auto seconds = static_cast<double>(Clock::system().steady_us() - begun) / 1e6;
  line({grouped(acknowledgements_ - before), " more commits, ",
        grouped(static_cast<uint64_t>(static_cast<double>(acknowledgements_ - before) / seconds)),
        " a second; the last is ", last_bookmark_});
  return {};
}

Result<void> Guide::show_changes() {
  title("Changes: the row difference of neighbouring versions (dosql changes flights)");
  DOSQL_TRY(open());
  size_t landed = flights_.size() - 1;
  while (landed > 0 && flights_[landed].is_cancelled()) --landed;
  size_t cancelled = flights_.size() - 1;
  while (cancelled > 0 && !flights_[cancelled].is_cancelled()) --cancelled;
  store::Store& versions = engine::instance_of(*store_).versions();
  DOSQL_TRY(Database handle, store_->database(kDatabase));
  const int64_t begun = Clock::system().steady_us();
  DOSQL_TRY(const auto stream, changes::ChangeStream::open(versions, engine::versions_of(handle),
                                                           Version(0), {"flights"}));
  Lives lives(flights_[landed].id, flights_[cancelled].id);
  uint64_t commits = 0;
  for (;; ++commits) {
    DOSQL_TRY(tour_.terminal.interrupts.check());
    DOSQL_TRY(const auto commit, stream->next(lives));
    if (!commit) break;
  }
  line({grouped(lives.count), " events of ", grouped(commits), " retained commits, ",
        seconds_since(begun), "; the life of one flight, and of one that was cancelled:"});
  for (const std::string& event : lives.kept) {
    line({std::string_view(event).substr(0, 200), event.size() > 200 ? " ..." : ""});
  }
  if (lives.kept.size() < 5) {
    return fail(Code::kCorrupt, "events of the last flights are missing in the change stream");
  }
  return {};
}

Result<void> Guide::flush_and_compare() {
  title("The lake: Iceberg tables that our own SQL reads");
  DOSQL_TRY(flush_lake());
  DOSQL_TRY(Session session, this->session());
  DOSQL_TRY(const auto tables, compare_tables(session, *lake_, tour_.folder + "/rows"));
  for (const Table& table : tables) {
    line(
        {table.name, ": ", grouped(table.rows), " rows, the same in the database and in the lake"});
  }
  DOSQL_TRY(const auto answers, compare_answers(session, *lake_));
  line({"mean delay on arrival by airline, asked of both (dosql lake query \"...\"):"});
  for (const std::string& answer : answers) {
    const size_t first = answer.find('\t');
    const size_t second = answer.find('\t', first + 1);
    const double count = std::atof(answer.substr(first + 1).c_str());
    char text[80];
    std::snprintf(text, sizeof text, "  %-28s %8.0f flights %6.1f min",
                  answer.substr(0, first).c_str(), count,
                  std::atof(answer.substr(second + 1).c_str()) / count);
    line({text});
  }
  DOSQL_TRY(const lake::VerifyReport report, lake_->verify());
  if (!report.findings.empty()) return fail(Code::kCorrupt, report.findings.front());
  line({"verify: ", grouped(report.files), " files and ", grouped(report.rows),
        " rows, no finding"});
  return write_tables_json();
}

Result<void> Guide::write_tables_json() {
  DOSQL_TRY(const auto tables, lake_->tables());
  std::string text;
  JsonWriter json(text);
  json.begin_array();
  for (const lake::TableSummary& table : tables) {
    json.begin_object();
    json.key("table");
    json.string(table.table);
    json.key("metadata_location");
    json.string(table.metadata_location);
    json.end_object();
  }
  json.end_array();
  std::ofstream file(tour_.folder + "/tables.json");
  if (!(file << text << '\n').flush()) {
    return fail(Code::kIo, str_cat({"cannot write into \"", tour_.folder, "\""}));
  }
  return {};
}

Result<void> Guide::ask_others() {
  title("The same tables, opened by DuckDB and PyIceberg with nothing in between");
  const int64_t begun = Clock::system().steady_us();
  DOSQL_TRY(Process reader,
            Process::start({tour_.python, tour_.reader, tour_.folder + "/tables.json", "--expect",
                            tour_.folder + "/rows"}));
  {
    const Interrupts::Scope stop(tour_.terminal.interrupts, [&] { reader.kill(); });
    reader.read_lines([&](std::string_view text) { line({text}); });
  }
  const int code = reader.wait();
  DOSQL_TRY(tour_.terminal.interrupts.check());
  if (code != 0) {
    return fail(Code::kCorrupt, "another engine reads other rows from the lake than we do");
  }
  line({"every row compared, ", seconds_since(begun)});
  return {};
}

Result<void> Guide::finish() {
  title("Upkeep, and what is where");
  DOSQL_TRY(store_->checkpoint());
  DOSQL_TRY(const auto findings, engine::instance_of(*store_).versions().check([](uint64_t) {}));
  if (!findings.empty()) return fail(Code::kCorrupt, findings.front());
  DOSQL_TRY(const auto tables, lake_->tables());
  DOSQL_TRY(close());
  line({"checkpoint and check: every checksum, tree and owner is right"});
  for (const char* part : {"log", "pack", "lake"}) {
    line(
        {store_path_, "/", part, ": ", size_text(folder_bytes(str_cat({store_path_, "/", part})))});
  }
  std::string location;
  for (const lake::TableSummary& table : tables) {
    if (table.table == "flights.flights") location = table.metadata_location;
  }
  line({});
  line({"Open the flights elsewhere:"});
  line({"  DuckDB     SELECT count(*) FROM iceberg_scan('", location, "');"});
  line({"  PyIceberg  StaticTable.from_metadata('", location, "').scan().to_arrow()"});
  line({});
  const std::string program = program_path();
  line({"Go on:       ", program, " log flights --store ", store_path_});
  line({"             ", program, " sql flights \"SELECT * FROM flights LIMIT 3\" --store ",
        store_path_});
  line({"Remove it:   rm -r ", tour_.folder});
  return {};
}

}  // namespace

Result<void> run_tour(const Tour& tour) {
  return Guide(tour).run();
}

}  // namespace dosql::shell::demo
