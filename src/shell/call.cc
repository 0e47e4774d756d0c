#include "shell/call.h"

#include "base/text.h"
#include "shell/place.h"

namespace dosql::shell {

std::unexpected<Error> Call::wrong_usage(std::string message) {
  is_wrong_usage_ = true;
  return fail(Code::kInvalidArgument, std::move(message));
}

std::string Call::store_directory() const {
  if (const auto given = arguments_.find("store")) return std::string(*given);
  const std::string_view variable = terminal_.variable("DOSQL_STORE");
  return variable.empty() ? "./dosql-data" : std::string(variable);
}

Result<Store*> Call::store(IfAbsent if_absent) {
  if (store_) return &*store_;
  if (arguments_.has("url") ||
      (!arguments_.has("store") && !terminal_.variable("DOSQL_URL").empty())) {
    return fail(Code::kUnsupported,
                "working on a server (--url, DOSQL_URL) is not built yet; use --store DIR");
  }
  StoreOptions options;
  options.create = if_absent == IfAbsent::kCreate;
  DOSQL_TRY(store_, Store::open(store_directory(), options));
  const std::string notice = store_->recovery_notice();
  if (!notice.empty()) terminal_.say(str_cat({"dosql: note: ", notice, "\n"}));
  return &*store_;
}

Result<Database> Call::database(std::string_view place) {
  DOSQL_TRY(const std::string name, database_of(place));
  DOSQL_TRY(Store * opened, store());
  return opened->database(name);
}

FormatOptions Call::format() const {
  FormatOptions options;
  options.format = terminal_.is_out_terminal ? Format::kTable : Format::kJsonl;
  if (const auto name = arguments_.find("format")) {
    options.format = format_of(*name).value_or(options.format);
  }
  if (arguments_.has("json")) options.format = Format::kJson;
  if (arguments_.find("int64") == "string") options.integers = Integers::kString;
  const bool wants_color = terminal_.is_out_terminal && terminal_.variable("NO_COLOR").empty() &&
                           terminal_.variable("TERM") != "dumb";
  options.color = wants_color ? Color::kOn : Color::kOff;
  return options;
}

Progress::Mode Call::progress_mode() const {
  const auto wanted = arguments_.find("progress");
  if (wanted == "plain") return Progress::Mode::kPlain;
  if (wanted == "none") return Progress::Mode::kNone;
  if (wanted == "bar") return Progress::Mode::kBar;
  return terminal_.is_err_terminal ? Progress::Mode::kBar : Progress::Mode::kNone;
}

Result<void> Call::check_options() {
  if (const auto name = arguments_.find("format"); name && !format_of(*name)) {
    const std::string_view nearest = nearest_word(*name, format_names());
    const std::string hint =
        nearest.empty() ? std::string() : str_cat({" (did you mean ", nearest, "?)"});
    return wrong_usage(str_cat({"there is no format \"", *name, "\"", hint,
                                "; it is one of table, csv, json, jsonl, markdown, line"}));
  }
  if (const auto kind = arguments_.find("int64"); kind && *kind != "string" && *kind != "number") {
    return wrong_usage(str_cat({"--int64 is string or number, not \"", *kind, "\""}));
  }
  if (const auto mode = arguments_.find("progress");
      mode && *mode != "plain" && *mode != "none" && *mode != "bar") {
    return wrong_usage(str_cat({"--progress is plain, bar or none, not \"", *mode, "\""}));
  }
  return {};
}

Result<int64_t> Call::number_or(std::string_view option, int64_t otherwise, int64_t least,
                                int64_t most) {
  auto number = arguments_.number_or(option, otherwise, least, most);
  if (!number) is_wrong_usage_ = true;
  return number;
}

Result<void> Call::print(const std::vector<std::string>& columns,
                         const std::vector<std::vector<Cell>>& rows) {
  const auto sink = make_row_sink(format(), terminal_.out);
  DOSQL_TRY(sink->begin(columns));
  for (const auto& row : rows) DOSQL_TRY(sink->row(row));
  DOSQL_TRY(sink->end());
  return terminal_.out.flush();
}

Result<void> Call::print_object(const std::vector<std::pair<std::string, Cell>>& fields) {
  FormatOptions options = format();
  std::vector<std::string> names;
  std::vector<Cell> values;
  std::vector<std::vector<Cell>> rows;
  for (const auto& [name, value] : fields) {
    names.push_back(name);
    values.push_back(value);
    rows.push_back({name, value});
  }
  if (options.format != Format::kJson && options.format != Format::kJsonl) {
    return print({"name", "value"}, rows);
  }
  options.format = Format::kJsonl;
  const auto sink = make_row_sink(options, terminal_.out);
  DOSQL_TRY(sink->begin(names));
  DOSQL_TRY(sink->row(values));
  DOSQL_TRY(sink->end());
  return terminal_.out.flush();
}

Result<void> Call::close() {
  if (!store_) return {};
  const auto closed = store_->close();
  store_.reset();
  return closed;
}

}  // namespace dosql::shell
