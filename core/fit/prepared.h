#ifndef ISOFLOP_CORE_FIT_PREPARED_H_
#define ISOFLOP_CORE_FIT_PREPARED_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "core/fit/objective.h"

namespace isoflop {

// Evidence in the form that the solvers take.
struct Prepared {
  const Law* law = nullptr;
  std::vector<Observation> sorted;
  std::optional<Quantity> abscissa;  // x of a law in x alone.
  // ln of the response of each row whose loss is within kNearOptimalLoss of the best of its cell, itself included. Shape [run_count][*], in the order of
  // `sorted`; empty where the law predicts the loss.
  std::vector<std::vector<double>> near_best_responses;
  size_t row_count = 0;  // Of the rows that `sorted` was chosen from, where the law wants the best of each cell; else of `sorted`.
  std::vector<LawInput> inputs;  // Shape [run_count], in the order of `sorted`.
  std::vector<double> weights;   // Shape [run_count]: the observations' own.
  HeldCoordinates held;
  std::vector<int> free;         // Indices of the coordinates that are not held, ascending.
  Theta lower, upper;            // Bounds of the coordinates.
  std::vector<Pull> pulls;       // From priors.
  int informed_count = 0;        // Free coordinates under a published prior: the runs need not determine them alone.
  LossFunction loss = LossFunction::kHuber;
  double huber_delta = 0;

  // The objective with the observations' own weights. Points into this. The L1 objective has kinks: MinimizeLoss knows how to take it.
  Objective objective() const;
};

// Checks options and observations, sorts, and takes logarithms. For a law of anything but the loss only the best row of each cell is kept
// (core/fit/best_of_cells.h). InvalidArgument as FitLaw.
absl::StatusOr<Prepared> Prepare(const std::vector<Observation>& observations, const FitOptions& options);

// Whether one observation more or less leaves all else of the evidence as it is. Not so where the rows decide which law is meant, what its x
// is, or which of them stand for a cell.
bool IsSumOfRows(const Prepared& evidence, const FitOptions& options);

// Puts an observation in its place among the sorted, for evidence that IsSumOfRows. InvalidArgument as Prepare, the evidence unchanged.
absl::Status InsertRow(const Observation& observation, Prepared& evidence);

// Takes out one observation of that content, of that run_id where several are equal. False where there is none.
bool EraseRow(const Observation& observation, Prepared& evidence);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_PREPARED_H_
