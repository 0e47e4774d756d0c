// Events as Debezium's envelope in JSON, one object a line.
// https://debezium.io/documentation/reference/stable/connectors (envelope: before, after, source,
// op)
#pragma once

#include <string>

#include "changes/change_stream.h"

namespace dosql::changes {

struct JsonOptions {
  bool integers_as_text = false;  // for readers that lose 64-bit integers
};

// Appends one line without its newline. BLOBs are base64; infinities are null.
void append_debezium(std::string& out, std::string_view database, const Commit& commit,
                     const Event& event, const JsonOptions& options);

}  // namespace dosql::changes
