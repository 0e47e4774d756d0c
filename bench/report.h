// What a benchmark found: one line a figure, ours beside the peer's and the budget.
// Thread rule: one thread.
#pragma once

#include <string>
#include <vector>

namespace dosql::bench {

struct Figure {
  std::string name;
  double ours = 0;
  double peer = 0;  // 0: the budget is absolute
  std::string unit;
  double budget = 0;  // of ours / peer, or of ours where there is no peer
  enum class Better : bool { kHigher, kLower } better = Better::kHigher;
  std::string peer_name;

  [[nodiscard]] double measured() const { return peer > 0 ? ours / peer : ours; }
  [[nodiscard]] bool is_met() const {
    return better == Better::kHigher ? measured() >= budget : measured() <= budget;
  }
};

class Report {
 public:
  void add(Figure figure);
  // A line of context that is no claim.
  void note(const std::string& text);
  [[nodiscard]] size_t missed() const { return missed_; }

 private:
  size_t missed_ = 0;
};

// The middle of an odd number of runs.
double median(std::vector<double> values);

}  // namespace dosql::bench
