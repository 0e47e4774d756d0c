#include "shell/demo_flights.h"

#include <cstdlib>
#include <fstream>

#include "base/text.h"
#include "engine/csv_reader.h"

namespace dosql::shell::demo {
namespace {

// Columns of the file, in its order.
enum Column : size_t {
  kDepTime = 3,
  kDepDelay = 5,
  kArrTime = 6,
  kArrDelay = 8,
  kAirTime = 14,
  kColumns = 19,
};

Value value_of(std::string_view text) {
  if (text == "NA") return std::monostate();
  char* end = nullptr;
  const std::string copy(text);
  const int64_t number = std::strtoll(copy.c_str(), &end, 10);
  if (!copy.empty() && *end == '\0') return number;
  return copy;
}

bool is_null(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}

}  // namespace

const char* const kSchema = R"sql(
CREATE TABLE airlines(carrier TEXT PRIMARY KEY, name TEXT);
CREATE TABLE airports(faa TEXT PRIMARY KEY, name TEXT, lat REAL, lon REAL, alt INTEGER, tz INTEGER,
  dst TEXT, tzone TEXT);
CREATE TABLE planes(tailnum TEXT PRIMARY KEY, year INTEGER, type TEXT, manufacturer TEXT,
  model TEXT, engines INTEGER, seats INTEGER, speed INTEGER, engine TEXT);
CREATE TABLE weather(origin TEXT, year INTEGER, month INTEGER, day INTEGER, hour INTEGER,
  temp REAL, dewp REAL, humid REAL, wind_dir REAL, wind_speed REAL, wind_gust REAL, precip REAL,
  pressure REAL, visib REAL, time_hour DATETIME);
CREATE TABLE flights(id INTEGER PRIMARY KEY, year INTEGER, month INTEGER, day INTEGER,
  dep_time INTEGER, sched_dep_time INTEGER, dep_delay INTEGER, arr_time INTEGER,
  sched_arr_time INTEGER, arr_delay INTEGER, carrier TEXT, flight INTEGER, tailnum TEXT,
  origin TEXT, dest TEXT, air_time INTEGER, distance INTEGER, hour INTEGER, minute INTEGER,
  time_hour DATETIME);
CREATE INDEX flights_by_carrier ON flights(carrier);
)sql";

const char* const kAddStatus = "ALTER TABLE flights ADD COLUMN status TEXT DEFAULT 'landed'";

bool Flight::is_cancelled() const {
  return is_null(fields[kDepTime]);
}

std::string_view Flight::sql(Step step) const {
  switch (step) {
    case Step::kScheduled:
      return "INSERT INTO flights(id, year, month, day, sched_dep_time, sched_arr_time, carrier, "
             "flight, tailnum, origin, dest, distance, hour, minute, time_hour, status) "
             "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'scheduled')";
    case Step::kDeparted:
      if (is_cancelled()) return "DELETE FROM flights WHERE id = ?";
      return "UPDATE flights SET dep_time = ?2, dep_delay = ?3, status = 'departed' WHERE id = ?1";
    case Step::kEnded:
      return "UPDATE flights SET arr_time = ?2, arr_delay = ?3, air_time = ?4, status = ?5 "
             "WHERE id = ?1";
    case Step::kNone:
      break;
  }
  return "";
}

Params Flight::params(Step step) const {
  Params params;
  params.positional.emplace_back(id);
  const auto add = [&](std::initializer_list<size_t> columns) {
    for (const size_t column : columns) params.positional.push_back(fields[column]);
  };
  if (step == Step::kScheduled) {
    add({0, 1, 2, 4, 7, 9, 10, 11, 12, 13, 15, 16, 17, 18});
  } else if (step == Step::kDeparted && !is_cancelled()) {
    add({kDepTime, kDepDelay});
  } else if (step == Step::kEnded) {
    add({kArrTime, kArrDelay, kAirTime});
    params.positional.emplace_back(std::string(is_null(fields[kArrDelay]) ? "diverted" : "landed"));
  }
  return params;
}

Result<std::vector<Flight>> read_december(const std::string& data) {
  const std::string path = data + "/flights-12.csv";
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(Code::kNotFound,
                str_cat({"there is no file \"", path,
                         "\": ./dev demo fetches the data, --data names its folder"}));
  }
  engine::CsvReader reader([&](std::span<char> buffer) -> Result<size_t> {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    return static_cast<size_t>(file.gcount());
  });
  std::vector<Flight> flights;
  DOSQL_TRY(bool has_record, reader.next());  // the names
  for (;;) {
    DOSQL_TRY(has_record, reader.next());
    if (!has_record) return flights;
    if (reader.fields().size() != kColumns) {
      return fail(Code::kInvalidArgument,
                  str_cat({"\"", path, "\" line ", std::to_string(reader.line()),
                           " does not have 19 fields: fetch it anew"}));
    }
    Flight& flight = flights.emplace_back();
    flight.id = kDecemberIds + static_cast<int64_t>(flights.size()) - 1;
    for (const engine::CsvField& field : reader.fields()) {
      flight.fields.push_back(value_of(field.text));
    }
  }
}

Result<std::vector<Flight::Step>> read_steps(Session& session, const std::vector<Flight>& flights) {
  std::vector<Flight::Step> steps(flights.size(), Flight::Step::kNone);
  DOSQL_TRY(Statement rows,
            session.prepare("SELECT id, status FROM flights WHERE id >= ? ORDER BY id"));
  DOSQL_TRY(rows.bind(1, kDecemberIds));
  for (;;) {
    DOSQL_TRY(const bool has_row, rows.step());
    if (!has_row) return steps;
    const auto at = static_cast<size_t>(std::get<int64_t>(rows.column(0)) - kDecemberIds);
    const std::string status = std::get<std::string>(rows.column(1));
    if (at >= steps.size()) continue;
    steps[at] = status == "scheduled"  ? Flight::Step::kScheduled
                : status == "departed" ? Flight::Step::kDeparted
                                       : Flight::Step::kEnded;
  }
}

}  // namespace dosql::shell::demo
