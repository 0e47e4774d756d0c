#include "shell/place.h"

#include "base/text.h"

namespace dosql::shell {

Result<Place> parse_place(std::string_view text) {
  Place place;
  std::string_view rest = text;
  // A point may hold '@' or ':' (a time does), a database and a branch neither.
  const size_t colon = rest.find(':');
  if (colon != std::string_view::npos) {
    place.point = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
    if (place.point.empty()) {
      return fail(Code::kInvalidArgument,
                  str_cat({"place \"", text,
                           "\" has nothing after its ':' (leave the ':' out, or "
                           "name a point such as v12 or -10m)"}));
    }
  }
  const size_t at = rest.find('@');
  if (at != std::string_view::npos) {
    place.branch = rest.substr(at + 1);
    rest = rest.substr(0, at);
    if (place.branch.empty()) {
      return fail(Code::kInvalidArgument,
                  str_cat({"place \"", text, "\" has no branch after its '@'"}));
    }
  }
  place.database = rest;
  if (rest.empty()) {
    return fail(Code::kInvalidArgument, str_cat({"place \"", text,
                                                 "\" names no database (DATABASE, DATABASE@BRANCH, "
                                                 "either with :POINT behind it)"}));
  }
  return place;
}

Result<std::string> database_of(std::string_view text) {
  DOSQL_TRY(Place place, parse_place(text));
  if (!place.branch.empty() && place.branch != "main") {
    return fail(Code::kUnsupported, str_cat({"place \"", text,
                                             "\": branches other than main are "
                                             "not built yet; use ",
                                             place.database}));
  }
  if (!place.point.empty()) {
    return fail(Code::kUnsupported, str_cat({"place \"", text,
                                             "\": points in the past are not "
                                             "built yet; use ",
                                             place.database}));
  }
  return std::move(place.database);
}

}  // namespace dosql::shell
