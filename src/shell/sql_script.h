// A file of SQL statements, run as fast as it can: what is not in a transaction of the file's own
// goes into larger ones. Rows are thrown away. Thread rule: the thread that uses the session.
#pragma once

#include <string>

#include <dosql/session.h>

#include "engine/sqlite_files.h"
#include "shell/interrupts.h"

namespace dosql::shell {

// Stops at the first error, which names the line; what was committed by then stays.
Result<void> run_sql_script(Session& session, const std::string& path, Interrupts& interrupts,
                            const engine::CopyProgress& progress);

}  // namespace dosql::shell
