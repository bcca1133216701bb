#ifndef ISOFLOP_TESTS_TESTING_SUBSET_FIT_H_
#define ISOFLOP_TESTS_TESTING_SUBSET_FIT_H_

#include <gtest/gtest.h>

#include "core/fit/fit.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {

// The fit of 234 runs of Hoffmann et al.'s figure 4, with replicas enough for the drift-weighted law to have its own; fitted once.
inline const Fit& SubsetFit() {
  static const Fit* const kFit = [] {
    const auto runs = LoadRuns("chinchilla_figure4_subset.csv");
    const FitOptions options{.replica_count = 200};
    auto* fit = new Fit(FitLaw(runs, options).value());
    EXPECT_THAT(ComputeReplicas(runs, options, nullptr, *fit), IsOk());
    return fit;
  }();
  return *kFit;
}

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_TESTING_SUBSET_FIT_H_
