#include "shell/commands.h"

#include "shell/command.h"

namespace dosql::shell {
namespace {

constexpr Option kSqlOptions[] = {
    {"param", "NAME=VALUE", "value of :NAME (a number of digits: of that `?`); may be repeated"},
    {"ack", "", "print each commit's bookmark, alone on a line, once it is durable"},
};
constexpr Option kCreateOptions[] = {
    {"group", "NAME", "share lake tables with the databases of this group (not built yet)"},
    {"page-size", "BYTES", "512 to 65536, a power of two (default 4096)"},
};
constexpr Option kImportOptions[] = {
    {"table", "NAME", "the table of a CSV file (default: the file's name)"},
    {"append", "", "add to a table that exists"},
    {"header", "yes|no|auto", "whether the first record names the columns (default: auto)"},
    {"null", "TEXT", "what a CSV file writes for NULL (default: an empty field without quotes)"},
    {"separator", "CHAR", "between fields (default: a comma; for .tsv a tab)"},
    {"type", "KIND", "sqlite, sql or csv, where the name does not tell"},
};
constexpr Option kExportOptions[] = {
    {"table", "NAME", "the table to write as CSV or JSON lines"},
    {"query", "SQL", "write this query's rows instead of a table"},
    {"type", "KIND", "sqlite, sql, csv or jsonl, where the name does not tell"},
    {"force", "", "replace the file where it exists"},
};
constexpr Option kLogOptions[] = {{"limit", "N", "the newest N commits (default 20; 0: all)"}};
constexpr Option kChangesOptions[] = {
    {"from", "BOOKMARK", "begin after this commit (default: the oldest retained)"},
    {"follow", "", "wait for more; without --from, begin now"},
    {"tables", "A,B", "only these tables"},
    {"snapshot", "", "first every row as it is now, then what follows"},
};
constexpr Option kLakeOptions[] = {{"lake", "DIR", "the lake's folder (default: STORE/lake)"}};
constexpr Option kBenchOptions[] = {
    {"clients", "N", "closed loops: each waits for its reply (default 64)"},
    {"databases", "M", "spread over so many databases (default 1)"},
    {"seconds", "S", "how long (default 5)"},
    {"rows", "N", "rows that reads find in each database (default 100000)"},
};

constexpr Option kDemoOptions[] = {
    {"folder", "DIR", "where the demo works; begun anew each time (default: ./dosql-demo)"},
    {"data", "DIR", "the flights, as ./dev demo lays them out (default: .deps/flights)"},
    {"python", "PROGRAM", "Python with DuckDB and PyIceberg (default: .deps/python/bin/python)"},
    {"reader", "FILE", "what Python runs (default: examples/read_lake.py)"},
};
constexpr Option kDemoStreamOptions[] = {
    {"data", "DIR", "the flights, as ./dev demo lays them out (default: .deps/flights)"},
};

constexpr Command kCommands[] = {
    {"sql", "PLACE [SQL...]", 1, kAnyNumber, "run SQL from the arguments or standard input",
     kSqlOptions, "dosql sql acme \"SELECT name FROM user WHERE id = :id\" --param id=7", run_sql},
    {"shell", "[PLACE]", 0, 1, "interactive shell", {}, "dosql shell acme", run_shell},
    {"db list", "", 0, 0, "the databases of the store", {}, "dosql db list --json", run_db_list},
    {"db create", "DATABASE", 1, 1, "make an empty database", kCreateOptions,
     "dosql db create acme --page-size 8192", run_db_create},
    {"db drop",
     "DATABASE",
     1,
     1,
     "remove a database and its history",
     {},
     "dosql db drop acme",
     run_db_drop},
    {"db rename",
     "DATABASE NAME",
     2,
     2,
     "give a database another name",
     {},
     "dosql db rename acme acme-old",
     run_db_rename},
    {"db info",
     "DATABASE",
     1,
     1,
     "size, version and tables of a database",
     {},
     "dosql db info acme",
     run_db_info},
    {"import", "DATABASE FILE...", 2, kAnyNumber, "load SQLite, SQL or CSV files", kImportOptions,
     "dosql import acme users.csv --table user --null NA\ndosql import shop shop.sqlite",
     run_import},
    {"export", "PLACE FILE", 2, 2, "write a SQLite, SQL, CSV or JSON lines file", kExportOptions,
     "dosql export acme acme.sqlite\ndosql export acme users.csv --table user", run_export},
    {"dump",
     "PLACE",
     1,
     1,
     "write a database as SQL text",
     {},
     "dosql dump acme > acme.sql",
     run_dump},
    {"log", "PLACE", 1, 1, "commits, newest first", kLogOptions, "dosql log acme --limit 5",
     run_log},
    {"changes", "PLACE", 1, 1, "change events, one JSON object a line", kChangesOptions,
     "dosql changes acme --follow --tables user", run_changes},
    {"lake status", "", 0, 0, "how far the lake is behind", kLakeOptions,
     "dosql lake status --json", run_lake_status},
    {"lake flush", "", 0, 0, "write what changed as Iceberg snapshots", kLakeOptions,
     "dosql lake flush", run_lake_flush},
    {"lake tables", "", 0, 0, "the Iceberg tables and where their metadata is", kLakeOptions,
     "dosql lake tables --json", run_lake_tables},
    {"lake query", "[SQL]", 0, 1, "DuckDB SQL over the lake and rows not flushed yet", kLakeOptions,
     "dosql lake query \"SELECT count(*) FROM acme.user\"", run_lake_query},
    {"lake verify", "", 0, 0, "compare the lake with its sources and its files", kLakeOptions,
     "dosql lake verify", run_lake_verify},
    {"checkpoint",
     "",
     0,
     0,
     "move what the log holds into packs",
     {},
     "dosql checkpoint",
     run_checkpoint},
    {"check",
     "[DATABASE]",
     0,
     1,
     "verify every checksum and structure",
     {},
     "dosql check acme",
     run_check},
    {"stats", "", 0, 0, "counters of the store", {}, "dosql stats --json", run_stats},
    {"bench commits", "", 0, 0, "durable one-row commits", kBenchOptions,
     "dosql bench commits --clients 64 --seconds 5 --store /tmp/bench", run_bench_commits},
    {"bench reads", "", 0, 0, "reads by key", kBenchOptions,
     "dosql bench reads --clients 2 --store /tmp/bench", run_bench_reads},
    {"bench mixed", "", 0, 0, "reads by key while others commit", kBenchOptions,
     "dosql bench mixed --clients 8 --store /tmp/bench", run_bench_mixed},
    {"demo stream", "", 0, 0, "the part of the demo that is killed: December by 64 clients",
     kDemoStreamOptions, "dosql demo stream --store ./dosql-demo/store", run_demo_stream},
    {"demo", "", 0, 0, "the tour on real data, as ./dev demo runs it", kDemoOptions, "dosql demo",
     run_demo},
    {"version", "", 0, 0, "the version of this program", {}, "dosql version --json", run_version},
};

}  // namespace

std::span<const Command> all_commands() {
  return kCommands;
}

}  // namespace dosql::shell
