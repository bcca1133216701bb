#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/check/amount_text.h"
#include "core/check/edit.h"
#include "core/check/run_question.h"

namespace isoflop {
namespace {

// `taken` over `allowed`, where that lies past the policy's limits.
struct Overrun {
  FindingCode code;
  std::string field;  // Of what is allowed.
  double taken = 0;
  double allowed = 0;
};

bool Within(const RunQuestion& q, const Overrun& overrun) {
  const auto within = [&](std::string_view name, double value) {
    const std::optional<double> limit = q.options.policy.limit(overrun.code, name);
    return limit && value <= *limit;
  };
  return within("over_share", overrun.taken / overrun.allowed - 1) ||
         (overrun.code == FindingCode::kLate && within("over_days", overrun.taken - overrun.allowed));
}

void Add(const RunQuestion& q, const Overrun& overrun, std::string message, std::string reason) {
  Finding finding{.code = overrun.code,
                  .field = overrun.field,
                  .message = std::move(message),
                  .reason = std::move(reason),
                  .limit_name = "over_share",
                  .limit = q.options.policy.limit(overrun.code, "over_share"),
                  .measures = {{.name = "over_share", .unit = "of what is allowed", .value = {.estimate = RoundResult(overrun.taken / overrun.allowed - 1)}}}};
  // Compute, days and the price of training grow with the tokens; so does the price of data.
  if (q.check.token_count) finding.edit = EditTokens(q, *q.check.token_count * overrun.allowed / overrun.taken);
  q.Add(std::move(finding));
}

void FindBudgetFlops(const RunQuestion& q) {
  if (!q.run.budget_flops || !q.check.training_flops) return;
  const Overrun overrun{FindingCode::kOverBudget, "budget_flops", *q.check.training_flops, *q.run.budget_flops};
  if (Within(q, overrun)) return;
  Add(q, overrun, absl::StrFormat("The run takes %s FLOPs of a budget of %s: %s too many.", FlopsText(overrun.taken), FlopsText(overrun.allowed),
                                  ShareText(overrun.taken / overrun.allowed - 1)),
      "Compute is what the plan says, or 6 N D.");
}

void FindBudgetPrice(const RunQuestion& q) {
  // What the model costs to serve is not spent by the run.
  if (!q.run.budget_price || !q.check.cost.total_price) return;
  const double price = *q.check.cost.total_price - q.check.cost.serving_price.value_or(0);
  const Overrun overrun{FindingCode::kOverBudget, "budget_price", price, *q.run.budget_price};
  if (Within(q, overrun)) return;
  Add(q, overrun, absl::StrFormat("The run costs %s of a budget of %s: %s too much.", PlainText(overrun.taken), PlainText(overrun.allowed),
                                  ShareText(overrun.taken / overrun.allowed - 1)),
      "Accelerators, electricity and training data, as far as the plan gives their prices.");
}

void FindLate(const RunQuestion& q) {
  if (!q.run.cost_model.days || !q.check.cost.days) return;
  const Overrun overrun{FindingCode::kLate, q.run.deadline_date ? "deadline_date" : "days", *q.check.cost.days, *q.run.cost_model.days};
  if (Within(q, overrun)) return;
  Add(q, overrun, absl::StrFormat("The run takes %s days of %s: %s too long.", PlainText(overrun.taken), PlainText(overrun.allowed),
                                  ShareText(overrun.taken / overrun.allowed - 1)),
      absl::StrFormat("In time it would be with %s accelerators of this kind at the same utilisation.",
                      PlainText(*q.run.cost_model.gpu_count * overrun.taken / overrun.allowed)));
}

}  // namespace

void FindOverruns(const RunQuestion& q) {
  FindBudgetFlops(q);
  FindBudgetPrice(q);
  FindLate(q);
}

}  // namespace isoflop
