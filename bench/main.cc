// dosql_figures [NAME]: measures what docs/benchmarks.md claims. Exit code 0 also where a budget is
// missed: a benchmark is not a test.
#include <cstdio>
#include <string_view>

#include "claims.h"
#include "machine.h"

int main(int argc, char** argv) {
  using namespace dosql::bench;
  struct Claim {
    std::string_view name;
    void (*measure)(Report&);
  };
  constexpr Claim kClaims[] = {{"commits", measure_commits},
                               {"reads", measure_reads},
                               {"bulk_load", measure_bulk_load},
                               {"reopen", measure_reopen},
                               {"lake_inserts", measure_lake_inserts}};
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  Report report;
  bool has_run = false;
  for (const Claim& claim : kClaims) {
    if (!wanted.empty() && claim.name != wanted) continue;
    has_run = true;
    const Scratch scratch;
    std::printf("%.*s (a synced 4 KiB write takes %.0f us)\n", static_cast<int>(claim.name.size()),
                claim.name.data(), measure_sync_us(scratch.path()));
    claim.measure(report);
  }
  if (!has_run) {
    std::fprintf(stderr, "dosql_figures: there is no benchmark \"%s\"; there are:", argv[1]);
    for (const Claim& claim : kClaims) {
      std::fprintf(stderr, " %.*s", static_cast<int>(claim.name.size()), claim.name.data());
    }
    std::fprintf(stderr, "\n");
    return 2;
  }
  std::printf("%zu budget(s) missed\n", report.missed());
  return 0;
}
