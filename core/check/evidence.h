#ifndef ISOFLOP_CORE_CHECK_EVIDENCE_H_
#define ISOFLOP_CORE_CHECK_EVIDENCE_H_

#include <optional>
#include <string>
#include <vector>

#include "core/advice/next_runs.h"
#include "core/check/judged_law.h"
#include "core/fit/fit.h"

namespace isoflop {

// What plans are judged by: a fit and what follows from it once, however many plans there are. Not safe to share between threads: some of it is
// computed when it is first asked for.
class Evidence {
 public:
  // The fits must outlive it. Those of hyperparameters are of learning_rate and batch_size; may be empty.
  explicit Evidence(const Fit& fit, std::vector<const Fit*> hyperparameter_fits = {});

  const Fit& fit() const { return fit_; }
  const std::vector<const Fit*>& hyperparameter_fits() const { return hyperparameter_fits_; }

  // Nothing where the fit has no law of a run's size and tokens with a best split; the second nothing too where it has no drift-weighted law.
  const std::optional<JudgedLaw>& law() const { return law_; }
  const std::optional<JudgedLaw>& drift_weighted() const { return drift_weighted_; }

  // Why the law must not be acted on: one text an ERROR diagnostic, or that there is no law. Empty: it may be.
  const std::vector<std::string>& distrust() const { return distrust_; }

  // Least and greatest D/N of the runs; nothing where they are not at hand.
  const std::optional<std::pair<double, double>>& token_parameter_ratios() const { return ratios_; }

  // Share of the 95 % interval of ln L at the best split of ten times the largest run that one more run there takes away (core/advice/next_runs.h);
  // nothing where next runs cannot be planned from this fit.
  std::optional<double> Narrowing(double parameter_count, double token_count) const;

 private:
  struct Design {
    DesignFit fit;
    DesignTarget target;
  };
  const std::optional<Design>& design() const;

  const Fit& fit_;
  std::vector<const Fit*> hyperparameter_fits_;
  std::optional<JudgedLaw> law_, drift_weighted_;
  std::vector<std::string> distrust_;
  std::optional<std::pair<double, double>> ratios_;
  mutable bool designed_ = false;
  mutable std::optional<Design> design_;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_EVIDENCE_H_
