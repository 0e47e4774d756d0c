// The commands' functions, one .cc per family; the table of them is in commands.cc.
// Thread rule: one thread, the one that owns the Call.
#pragma once

#include "shell/call.h"

namespace dosql::shell {

Result<void> run_sql(Call& call);
Result<void> run_shell(Call& call);

Result<void> run_db_list(Call& call);
Result<void> run_db_create(Call& call);
Result<void> run_db_drop(Call& call);
Result<void> run_db_rename(Call& call);
Result<void> run_db_info(Call& call);

Result<void> run_import(Call& call);
Result<void> run_export(Call& call);
Result<void> run_dump(Call& call);

Result<void> run_log(Call& call);
Result<void> run_changes(Call& call);

Result<void> run_checkpoint(Call& call);
Result<void> run_check(Call& call);
Result<void> run_stats(Call& call);
Result<void> run_demo(Call& call);
Result<void> run_demo_stream(Call& call);
Result<void> run_version(Call& call);

Result<void> run_lake_status(Call& call);
Result<void> run_lake_flush(Call& call);
Result<void> run_lake_tables(Call& call);
Result<void> run_lake_query(Call& call);
Result<void> run_lake_verify(Call& call);

Result<void> run_bench_commits(Call& call);
Result<void> run_bench_reads(Call& call);
Result<void> run_bench_mixed(Call& call);

}  // namespace dosql::shell
