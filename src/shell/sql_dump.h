// A database as SQL text that makes it again, as `sqlite3 .dump` writes it: tables with their rows,
// then indexes, triggers and views, inside one transaction. Virtual tables are made anew and
// filled. Thread rule: the thread that uses the session. The session must not be in a transaction.
#pragma once

#include <dosql/session.h>

#include "shell/interrupts.h"
#include "shell/output.h"

namespace dosql::shell {

Result<void> write_sql_dump(Session& session, Output& out, const Interrupts& interrupts);

}  // namespace dosql::shell
