#include "report.h"

#include <algorithm>
#include <cstdio>

namespace dosql::bench {

void Report::add(Figure figure) {
  const char* sign = figure.better == Figure::Better::kHigher ? ">=" : "<=";
  if (figure.peer > 0) {
    std::printf("%-46s %12.1f %-10s %s %.1f  ratio %.2f  budget %s %.2fx  %s\n",
                figure.name.c_str(), figure.ours, figure.unit.c_str(), figure.peer_name.c_str(),
                figure.peer, figure.measured(), sign, figure.budget,
                figure.is_met() ? "met" : "MISSED");
  } else {
    std::printf("%-46s %12.1f %-10s budget %s %.1f  %s\n", figure.name.c_str(), figure.ours,
                figure.unit.c_str(), sign, figure.budget, figure.is_met() ? "met" : "MISSED");
  }
  std::fflush(stdout);
  if (!figure.is_met()) ++missed_;
}

void Report::note(const std::string& text) {
  std::printf("  %s\n", text.c_str());
  std::fflush(stdout);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace dosql::bench
