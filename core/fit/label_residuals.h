#ifndef ISOFLOP_CORE_FIT_LABEL_RESIDUALS_H_
#define ISOFLOP_CORE_FIT_LABEL_RESIDUALS_H_

#include <optional>
#include <vector>

#include "core/fit/diagnostic.h"
#include "core/fit/prepared.h"

namespace isoflop {

// RESIDUALS_BY_LABEL: whether what the law leaves over goes with a column that is no quantity (width, depth, data set, recipe, ...), beyond
// what any smooth function of the law's own inputs explains.
//
// Each label is tested by a partial F-test: residuals, clipped at 4 s, are regressed on all monomials up to degree 2 in the logarithms of the
// law's inputs, then also on the label: its value where it is a number of three values or more (its logarithm where it spans over a factor 10
// above 0), else one indicator a value. Observations of one run_group are one unit, by their means: checkpoints of a run are not independent.
// p-values are multiplied by the number of labels tested (Bonferroni), and a label is named where the product is below 1 %, so that a table
// whose labels mean nothing raises a false alarm in at most 1 of 100 cases.
//
// Not tested: labels that the inputs fix to 1 % of their variance, that have over 50 values or over a fifth of the units as values (names),
// whose values are seen once, and other outcomes of a run (names with loss, entropy, perplexity, ppl, bpb, accuracy, err, score or eval).
// Nothing below 12 units. INFO; WARNING where the strongest label explains more than half of the variance that
// the inputs leave, and so outweighs all else. s = `raw_noise`.
std::optional<Diagnostic> DiagnoseLabels(const Prepared& evidence, const std::vector<double>& residuals, double raw_noise);

// P(F > f) for the F distribution with these degrees of freedom, all positive.
double FTailProbability(double f, double numerator_freedom, double denominator_freedom);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_LABEL_RESIDUALS_H_
