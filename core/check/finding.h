#ifndef ISOFLOP_CORE_CHECK_FINDING_H_
#define ISOFLOP_CORE_CHECK_FINDING_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/check/finding_code.h"
#include "core/check/planned_run.h"
#include "core/fit/fit.h"

namespace isoflop {

// A figure behind a finding. `value` has bounds where the fit has replicas and the figure depends on the law.
struct Measure {
  std::string_view name;  // That of the code's limit, or of the quantity.
  std::string_view unit;
  std::string_view law;   // "fitted" or "drift_weighted"; empty: no law is behind it.
  Interval value;
};

// One value of the plan and what to put in its place.
struct FieldEdit {
  std::string field;             // As plans name it: "parameter_count".
  std::optional<double> from;    // Absent where the plan has none.
  Interval to;                   // Bounds over replicas.
};

// What a suggested edit does, against the plan as it is; absent: not known. Positive figures are saved.
struct EditEffect {
  std::optional<double> training_flops, training_flops_share;
  std::optional<double> life_flops, life_flops_share;  // Of training and serving.
  std::optional<double> price, days;
  std::optional<double> loss_change;                   // Nats/token by the fitted law; negative is better.
  std::optional<double> drift_weighted_loss_change;    // By the law that trusts large runs more.
};

struct SuggestedEdit {
  std::vector<FieldEdit> changes;
  EditEffect effect;
  std::string sentence;  // For people: "parameter_count 2.8e11 -> 4.13e10 and token_count 3e11 -> 9.44e11: the same loss for 54 % less compute".
};

// Something found about one planned run.
struct Finding {
  FindingCode code = FindingCode::kOffOptimum;
  FindingSeverity severity = FindingSeverity::kWarning;  // By the policy.
  std::string field;    // Of the plan that it is about.
  Place place = {};     // Of that field in the plan; of the waiver, where it is about one.
  std::string message;  // One sentence with the observed value and the limit.
  std::string reason;   // Why it matters here, and how sure it is.
  std::string_view limit_name;   // Of the first measure; empty: the code has no limit.
  std::optional<double> limit;   // By the policy.
  std::vector<Measure> measures;  // The judged one first.
  std::optional<SuggestedEdit> edit;
  std::optional<size_t> waiver;  // Which of the run's waivers covers it.
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_FINDING_H_
