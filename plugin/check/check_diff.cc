#include "plugin/check/check_diff.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "core/base/significant_digits.h"

namespace isoflop {
namespace {

constexpr std::array<std::string_view, 4> kKindNames = {"added", "removed", "changed", "unchanged"};

using RunKey = std::pair<std::string, std::string>;

RunKey KeyOf(const CheckedRun& run) { return {run.plan.place.file, run.plan.name}; }

bool SameEstimate(const std::optional<Judgement>& a, const std::optional<Judgement>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->loss_nats_per_token.estimate == b->loss_nats_per_token.estimate && a->wasted_share.estimate == b->wasted_share.estimate;
}

bool SameFigures(const RunCheck& a, const RunCheck& b) {
  return a.parameter_count == b.parameter_count && a.token_count == b.token_count && a.training_flops == b.training_flops &&
         a.cost.total_price == b.cost.total_price && a.cost.days == b.cost.days && SameEstimate(a.fitted, b.fitted) &&
         SameEstimate(a.drift_weighted, b.drift_weighted);
}

// Takes the first of `findings` with that code and field away.
std::optional<Finding> Take(std::vector<Finding>& findings, const Finding& like) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.code == like.code && finding.field == like.field; });
  if (found == findings.end()) return std::nullopt;
  Finding taken = std::move(*found);
  findings.erase(found);
  return taken;
}

std::vector<Finding> Uncovered(const RunCheck& check) {
  std::vector<Finding> findings;
  std::copy_if(check.findings.begin(), check.findings.end(), std::back_inserter(findings), [](const Finding& finding) { return !finding.waiver; });
  return findings;
}

void CompareFindings(const RunCheck& before, const RunCheck& after, PlanChange& change) {
  std::vector<Finding> were = Uncovered(before);
  for (const Finding& finding : after.findings) {
    const bool was = Take(were, finding).has_value();
    if (finding.waiver) {
      if (was) change.waived.push_back(finding);
    } else {
      (was ? change.remaining : change.added).push_back(finding);
    }
  }
  change.fixed = std::move(were);
}

PlanChange ChangeOf(const RunCheck& before, const RunCheck& after) {
  PlanChange change;
  CompareFindings(before, after, change);
  const bool same = SameFigures(before, after) && change.added.empty() && change.fixed.empty() && change.waived.empty();
  change.kind = same ? PlanChangeKind::kUnchanged : PlanChangeKind::kChanged;
  return change;
}

void AddTo(std::optional<double>& total, const std::optional<double>& value) {
  if (value) total = total.value_or(0) + *value;
}

void Round(TotalChange& total) {
  for (std::optional<double>* const value : {&total.before, &total.after}) {
    if (*value) *value = RoundResult(**value);
  }
}

void AddTotals(const std::vector<CheckedRun>& after, CheckDiff& diff) {
  for (const CheckedRun& run : diff.before) {
    AddTo(diff.training_flops.before, run.check.training_flops);
    AddTo(diff.total_price.before, run.check.cost.total_price);
  }
  for (const CheckedRun& run : after) {
    AddTo(diff.training_flops.after, run.check.training_flops);
    AddTo(diff.total_price.after, run.check.cost.total_price);
  }
  Round(diff.training_flops);
  Round(diff.total_price);
  for (const PlanChange& change : diff.changes) {
    diff.added_count += change.added.size();
    diff.fixed_count += change.fixed.size();
    diff.waived_count += change.waived.size();
    diff.remaining_count += change.remaining.size();
  }
}

}  // namespace

std::string_view PlanChangeName(PlanChangeKind kind) { return kKindNames[static_cast<size_t>(kind)]; }

CheckDiff CompareChecks(std::vector<CheckedRun> before, PlanProblems problems, const std::vector<CheckedRun>& after) {
  CheckDiff diff{.before = std::move(before), .problems = std::move(problems)};
  std::map<RunKey, size_t> left;
  for (size_t i = 0; i < diff.before.size(); ++i) left.try_emplace(KeyOf(diff.before[i]), i);
  for (size_t i = 0; i < after.size(); ++i) {
    const auto found = left.find(KeyOf(after[i]));
    PlanChange change = ChangeOf(found == left.end() ? RunCheck{} : diff.before[found->second].check, after[i].check);
    change.after = i;
    if (found == left.end()) {
      change.kind = PlanChangeKind::kAdded;
    } else {
      change.before = found->second;
      left.erase(found);
    }
    diff.changes.push_back(std::move(change));
  }
  for (size_t i = 0; i < diff.before.size(); ++i) {
    const auto found = left.find(KeyOf(diff.before[i]));
    if (found == left.end() || found->second != i) continue;
    diff.changes.push_back({.kind = PlanChangeKind::kRemoved, .before = i, .fixed = Uncovered(diff.before[i].check)});
  }
  AddTotals(after, diff);
  return diff;
}

const PlannedRun& PlanOf(const PlanChange& change, const CheckDiff& diff, const std::vector<CheckedRun>& after) {
  return change.after ? after[*change.after].plan : diff.before[*change.before].plan;
}

std::optional<double> Difference(const std::optional<double>& before, const std::optional<double>& after) {
  return before && after ? std::optional(RoundResult(*after - *before)) : std::nullopt;
}

}  // namespace isoflop
