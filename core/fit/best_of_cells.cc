#include "core/fit/best_of_cells.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_format.h"

namespace isoflop {
namespace {

// For each value the least one of its cluster: clusters start where a value is past the tolerance above the start of the one before.
std::map<double, double> ClusterStarts(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::map<double, double> starts;
  double start = values.empty() ? 0 : values.front();
  for (double value : values) {
    if (value > start * (1 + kCellTolerance)) start = value;
    starts[value] = start;
  }
  return starts;
}

template <typename Select>
bool AllHave(const std::vector<Observation>& rows, Select select) {
  return std::all_of(rows.begin(), rows.end(), [&](const Observation& o) { return select(o).has_value(); });
}

}  // namespace

std::vector<std::vector<Observation>> GroupIntoCells(const std::vector<Observation>& rows) {
  const auto size = [](const Observation& o) { return o.parameter_count; };
  const auto tokens = [](const Observation& o) { return o.token_count; };
  const bool sized = AllHave(rows, size) && AllHave(rows, tokens);
  const bool none = std::none_of(rows.begin(), rows.end(), [](const Observation& o) { return o.loss_nats_per_token.has_value(); });
  std::vector<std::vector<Observation>> cells;
  if (none || (!sized && !AllHave(rows, TrainingFlopsOf))) {
    for (const Observation& o : SortByContent(rows)) cells.push_back({o});
    return cells;
  }

  std::vector<double> firsts, seconds;
  for (const Observation& o : rows) {
    firsts.push_back(sized ? *o.parameter_count : *TrainingFlopsOf(o));
    seconds.push_back(sized ? *o.token_count : 1);
  }
  const std::map<double, double> first_starts = ClusterStarts(firsts), second_starts = ClusterStarts(seconds);
  std::map<std::pair<double, double>, std::vector<Observation>> by_place;
  for (const Observation& o : SortByContent(rows)) {
    if (!o.loss_nats_per_token) continue;
    by_place[{first_starts.at(sized ? *o.parameter_count : *TrainingFlopsOf(o)), second_starts.at(sized ? *o.token_count : 1)}].push_back(o);
  }
  for (auto& [place, cell] : by_place) {
    std::stable_sort(cell.begin(), cell.end(), [](const Observation& a, const Observation& b) { return *a.loss_nats_per_token < *b.loss_nats_per_token; });
    cells.push_back(std::move(cell));
  }
  std::sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) { return ContentLess(a.front(), b.front()); });
  return cells;
}

std::vector<Observation> SelectBestOfCells(const std::vector<Observation>& rows) {
  std::vector<Observation> selected;
  for (std::vector<Observation>& cell : GroupIntoCells(rows)) selected.push_back(std::move(cell.front()));
  return selected;
}

Diagnostic DescribeCells(const std::vector<Observation>& selected, size_t row_count) {
  const bool sized = AllHave(selected, [](const Observation& o) { return o.parameter_count; }) &&
                     AllHave(selected, [](const Observation& o) { return o.token_count; });
  const bool judged = AllHave(selected, [](const Observation& o) { return o.loss_nats_per_token; });
  return {.code = "BEST_OF_CELLS",
          .severity = Severity::kInfo,
          .title = "Best run of each cell",
          .message = judged ? absl::StrFormat("Of the rows that agree in %s to %g %% the one of least loss is used: %d of %d rows.",
                                              sized ? "N and D" : "C", 100 * kCellTolerance, selected.size(), row_count)
                            : absl::StrFormat("No row has a loss: each of the %d rows is taken for the best of its cell.", row_count),
          .evidence = {{"cell_count", static_cast<double>(selected.size())}, {"row_count", static_cast<double>(row_count)}},
          .effect = "Which run stands for a cell moves the exponents more than the fit does.",
          .fix = "Search each cell finely enough that its best value lies inside the grid."};
}

}  // namespace isoflop
