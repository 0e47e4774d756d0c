#include "base/text.h"
#include "engine/instance.h"
#include "shell/commands.h"
#include "shell/place.h"

namespace dosql::shell {
namespace {

// SQLite's own view of one database: structure, indexes, constraints.
Result<void> check_structure(Store& store, const std::string& name,
                             std::vector<std::string>& findings) {
  DOSQL_TRY(Database database, store.database(name));
  DOSQL_TRY(const Rows rows, database.query("PRAGMA integrity_check"));
  for (const auto& row : rows.rows) {
    const std::string text = text_of(row[0], "");
    if (text != "ok") findings.push_back(str_cat({"database \"", name, "\": ", text}));
  }
  return {};
}

}  // namespace

Result<void> run_checkpoint(Call& call) {
  DOSQL_TRY(Store * store, call.store());
  return store->checkpoint();
}

Result<void> run_check(Call& call) {
  std::vector<std::string> names;
  if (!call.arguments().positional().empty()) {
    DOSQL_TRY(std::string name, database_of(call.positional(0)));
    names.push_back(std::move(name));
  }
  DOSQL_TRY(Store * store, call.store());
  if (names.empty()) {
    DOSQL_TRY(const auto summaries, store->databases());
    for (const auto& summary : summaries) names.push_back(summary.name);
  } else {
    DOSQL_TRY(const Database exists, store->database(names[0]));
  }
  Progress progress(call.progress_mode(), call.terminal().err, Clock::system(), "checking",
                    "blocks", 0);
  DOSQL_TRY(auto findings, engine::instance_of(*store).versions().check(
                               [&](uint64_t done) { progress.update(done); }));
  for (const std::string& name : names) {
    DOSQL_TRY(call.terminal().interrupts.check());
    const auto checked = check_structure(*store, name, findings);
    if (!checked) {
      findings.push_back(str_cat({"database \"", name, "\": ", checked.error().message}));
    }
  }
  progress.finish();
  std::vector<std::vector<Value>> rows;
  for (const std::string& finding : findings) rows.push_back({finding});
  if (findings.empty()) rows.push_back({std::string("ok")});
  DOSQL_TRY(call.print({"finding"}, rows));
  if (findings.empty()) return {};
  return fail(Code::kCorrupt, str_cat({"check found ", std::to_string(findings.size()),
                                       " problem(s); the findings are on standard output"}));
}

Result<void> run_stats(Call& call) {
  DOSQL_TRY(Store * store, call.store());
  const FormatOptions options = call.format();
  const bool is_one_row = options.format == Format::kJson || options.format == Format::kJsonl;
  std::vector<std::string> names;
  std::vector<Value> one_row;
  std::vector<std::vector<Value>> rows;
  for (const auto& [name, number] : store->stats()) {
    const auto whole = static_cast<int64_t>(number);
    const Value value = static_cast<double>(whole) == number ? Value(whole) : Value(number);
    names.push_back(name);
    one_row.push_back(value);
    rows.push_back({name, value});
  }
  if (!is_one_row) return call.print({"name", "value"}, rows);
  // One object, not an array of one.
  const auto sink =
      make_row_sink({.format = Format::kJsonl, .integers = options.integers}, call.terminal().out);
  DOSQL_TRY(sink->begin(names));
  DOSQL_TRY(sink->row(one_row));
  return sink->end();
}

Result<void> run_version(Call& call) {
  const std::string version(version_string());
  if (!call.arguments().has("json") && !call.arguments().has("format")) {
    return call.terminal().out.write(str_cat({"dosql ", version, "\n"}));
  }
  const auto sink = make_row_sink({.format = Format::kJsonl}, call.terminal().out);
  DOSQL_TRY(sink->begin({"version"}));
  DOSQL_TRY(sink->row(std::vector<Value>{version}));
  return sink->end();
}

}  // namespace dosql::shell
