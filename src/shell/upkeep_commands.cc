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
    const std::string text = text_of(cell_of(row[0]), "");
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
  std::vector<std::vector<Cell>> rows;
  for (const std::string& finding : findings) rows.push_back({finding});
  if (findings.empty()) rows.push_back({std::string("ok")});
  DOSQL_TRY(call.print({"finding"}, rows));
  if (findings.empty()) return {};
  return fail(Code::kCorrupt, str_cat({"check found ", std::to_string(findings.size()),
                                       " problem(s); the findings are on standard output"}));
}

Result<void> run_stats(Call& call) {
  DOSQL_TRY(Store * store, call.store());
  std::vector<std::pair<std::string, Cell>> fields;
  for (const auto& [name, number] : store->stats()) {
    const auto whole = static_cast<int64_t>(number);
    fields.emplace_back(name, static_cast<double>(whole) == number ? Cell(whole) : Cell(number));
  }
  return call.print_object(fields);
}

Result<void> run_version(Call& call) {
  const std::string version(version_string());
  if (call.arguments().has("json") || call.arguments().has("format")) {
    return call.print_object({{"version", version}});
  }
  return call.terminal().out.write(str_cat({"dosql ", version, "\n"}));
}

}  // namespace dosql::shell
