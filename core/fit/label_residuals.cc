#include "core/fit/label_residuals.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <unsupported/Eigen/SpecialFunctions>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace isoflop {
namespace {

constexpr double kSignificance = 0.01;      // After Bonferroni.
constexpr double kOutweighs = 0.5;          // Share of the variance.
constexpr double kClip = 4;                 // Of s: runs far off the law are HEAVY_TAILS.
constexpr double kLogSpan = 10;             // Numbers above 0 that span more than this factor are taken by their logarithm.
constexpr double kOwnVariance = 0.01;       // Share of a label's variance that the law's inputs must leave open.
constexpr Eigen::Index kLeastUnits = 12, kLeastFreedom = 5;
constexpr size_t kMostValues = 50, kUnitsAValue = 5, kNamed = 3;

// The units of the test, by their means.
struct Units {
  std::vector<std::vector<size_t>> rows;  // Of each unit.
  Eigen::VectorXd residuals;              // Shape [unit_count].
  Eigen::MatrixXd base;                   // Orthonormal columns that span the smooth functions of the inputs. Shape [unit_count, rank].
};

struct LabelTest {
  std::string label;
  double probability = 1;
  double explained_share = 0;     // Of the variance that the inputs leave.
  double root_mean_square = 0;    // Of the label's part, in log loss.
};

std::vector<std::vector<size_t>> GroupRows(const std::vector<Observation>& sorted) {
  std::vector<std::vector<size_t>> units;
  std::map<std::string, size_t> known;
  for (size_t i = 0; i < sorted.size(); ++i) {
    const std::string& group = sorted[i].run_group;
    const auto [found, fresh] = group.empty() ? std::pair{known.end(), true} : known.emplace(group, units.size());
    if (fresh) units.emplace_back();
    units[group.empty() ? units.size() - 1 : found->second].push_back(i);
  }
  return units;
}

// Centred logarithms of what the law takes, each scaled to unit deviation.
std::vector<Eigen::VectorXd> StandardInputs(const Prepared& evidence) {
  std::vector<Eigen::VectorXd> inputs;
  const Eigen::Index n = static_cast<Eigen::Index>(evidence.inputs.size());
  const auto add = [&](auto value) {
    Eigen::VectorXd x(n);
    for (Eigen::Index i = 0; i < n; ++i) x[i] = value(evidence.inputs[i]);
    x.array() -= x.mean();
    const double deviation = x.norm() / std::sqrt(static_cast<double>(n));
    if (deviation > 0) inputs.push_back(x / deviation);
  };
  if (evidence.law->takes_abscissa()) add([](const LawInput& input) { return input.log_abscissa; });
  for (Quantity quantity : evidence.law->inputs()) add([quantity](const LawInput& input) { return input[quantity]; });
  return inputs;
}

// Means over the rows of each unit.
Eigen::MatrixXd UnitMeans(const std::vector<std::vector<size_t>>& rows, const Eigen::MatrixXd& values) {
  Eigen::MatrixXd means = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(rows.size()), values.cols());
  for (size_t u = 0; u < rows.size(); ++u) {
    for (size_t i : rows[u]) means.row(u) += values.row(i) / static_cast<double>(rows[u].size());
  }
  return means;
}

// An orthonormal basis of the columns' span.
Eigen::MatrixXd Orthonormal(const Eigen::MatrixXd& columns) {
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> factor(columns);
  factor.setThreshold(1e-8);
  return Eigen::MatrixXd(factor.householderQ() * Eigen::MatrixXd::Identity(columns.rows(), factor.rank()));
}

Units MakeUnits(const Prepared& evidence, const std::vector<double>& residuals, double raw_noise) {
  Units units{.rows = GroupRows(evidence.sorted)};
  const Eigen::Index n = static_cast<Eigen::Index>(residuals.size());
  Eigen::MatrixXd clipped(n, 1);
  for (Eigen::Index i = 0; i < n; ++i) clipped(i, 0) = std::clamp(residuals[i], -kClip * raw_noise, kClip * raw_noise);
  const std::vector<Eigen::VectorXd> inputs = StandardInputs(evidence);
  std::vector<Eigen::VectorXd> monomials = {Eigen::VectorXd::Ones(n)};
  for (size_t a = 0; a < inputs.size(); ++a) {
    monomials.push_back(inputs[a]);
    for (size_t b = 0; b <= a; ++b) monomials.push_back(inputs[a].cwiseProduct(inputs[b]));
  }
  Eigen::MatrixXd columns(n, static_cast<Eigen::Index>(monomials.size()));
  for (size_t k = 0; k < monomials.size(); ++k) columns.col(k) = monomials[k];
  units.residuals = UnitMeans(units.rows, clipped);
  units.base = Orthonormal(UnitMeans(units.rows, columns));
  units.residuals -= units.base * (units.base.transpose() * units.residuals);
  return units;
}

bool IsOutcome(const std::string& label) {
  const std::string lower = absl::AsciiStrToLower(label);
  for (const char* part : {"loss", "entropy", "perplexity", "ppl", "bpb", "accuracy", "err", "score", "eval"}) {
    if (lower.find(part) != std::string::npos) return true;
  }
  return false;
}

// The text of each unit; nothing where a row lacks the label, or it differs within a unit.
std::optional<std::vector<std::string>> UnitTexts(const Prepared& evidence, const Units& units, const std::string& label) {
  std::vector<std::string> texts;
  for (const std::vector<size_t>& rows : units.rows) {
    for (size_t i : rows) {
      const auto found = evidence.sorted[i].labels.find(label);
      if (found == evidence.sorted[i].labels.end() || found->second.empty()) return std::nullopt;
      if (i == rows.front()) texts.push_back(found->second);
      if (found->second != texts.back()) return std::nullopt;
    }
  }
  return texts;
}

std::optional<Eigen::MatrixXd> NumberColumn(const std::vector<std::string>& texts) {
  Eigen::VectorXd values(static_cast<Eigen::Index>(texts.size()));
  for (size_t u = 0; u < texts.size(); ++u) {
    double value = 0;
    if (!absl::SimpleAtod(texts[u], &value) || !std::isfinite(value)) return std::nullopt;
    values[u] = value;
  }
  if (values.minCoeff() > 0 && values.maxCoeff() > kLogSpan * values.minCoeff()) values = values.array().log();
  return values;
}

// One indicator a value but the first; nothing where the values are too many, or one of them is seen once.
std::optional<Eigen::MatrixXd> IndicatorColumns(const std::vector<std::string>& texts, const std::map<std::string, int>& counts) {
  if (counts.size() > std::min(kMostValues, texts.size() / kUnitsAValue)) return std::nullopt;
  if (std::any_of(counts.begin(), counts.end(), [](const auto& entry) { return entry.second < 2; })) return std::nullopt;
  Eigen::MatrixXd columns = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(texts.size()), static_cast<Eigen::Index>(counts.size()) - 1);
  for (size_t u = 0; u < texts.size(); ++u) {
    const Eigen::Index value = std::distance(counts.begin(), counts.find(texts[u]));
    if (value > 0) columns(u, value - 1) = 1;
  }
  return columns;
}

// What the label says beyond the law's inputs, orthonormal; nothing where that is nothing.
std::optional<Eigen::MatrixXd> OwnDirections(const std::vector<std::string>& texts, const Eigen::MatrixXd& base) {
  std::map<std::string, int> counts;
  for (const std::string& text : texts) ++counts[text];
  if (counts.size() < 2) return std::nullopt;
  std::optional<Eigen::MatrixXd> columns = counts.size() > 2 ? NumberColumn(texts) : std::nullopt;
  if (!columns) columns = IndicatorColumns(texts, counts);
  if (!columns) return std::nullopt;
  columns->rowwise() -= columns->colwise().mean().eval();
  const double variance = columns->squaredNorm();
  *columns -= base * (base.transpose() * *columns);
  if (!(columns->squaredNorm() > kOwnVariance * variance)) return std::nullopt;
  return Orthonormal(*columns);
}

std::optional<LabelTest> TestLabel(const Prepared& evidence, const Units& units, const std::string& label) {
  const auto texts = UnitTexts(evidence, units, label);
  if (!texts) return std::nullopt;
  const auto directions = OwnDirections(*texts, units.base);
  if (!directions) return std::nullopt;
  const double numerator = static_cast<double>(directions->cols());
  const double denominator = static_cast<double>(units.residuals.size() - units.base.cols() - directions->cols());
  const double total = units.residuals.squaredNorm(), explained = (directions->transpose() * units.residuals).squaredNorm();
  if (denominator < kLeastFreedom || !(total > explained)) return std::nullopt;
  const double f = (explained / numerator) / ((total - explained) / denominator);
  return LabelTest{label, FTailProbability(f, numerator, denominator), explained / total,
                   std::sqrt(explained / static_cast<double>(units.residuals.size()))};
}

Diagnostic Describe(const std::vector<LabelTest>& named, size_t tested) {
  const LabelTest& strongest = named.front();
  std::string list;
  std::map<std::string, double> evidence = {{"tested_label_count", static_cast<double>(tested)}};
  for (size_t i = 0; i < std::min(named.size(), kNamed); ++i) {
    const double corrected = std::min(1.0, named[i].probability * static_cast<double>(tested));
    list += absl::StrFormat("%s%s (%.2g %% of the loss, p = %.2g)", i == 0 ? "" : ", ", named[i].label, 100 * named[i].root_mean_square, corrected);
    evidence[named[i].label + "_corrected_probability"] = corrected;
    evidence[named[i].label + "_explained_share"] = named[i].explained_share;
    evidence[named[i].label + "_root_mean_square_log_loss"] = named[i].root_mean_square;
  }
  return {.code = "RESIDUALS_BY_LABEL",
          .severity = strongest.explained_share > kOutweighs ? Severity::kWarning : Severity::kInfo,
          .title = absl::StrFormat("Loss also goes with %s", strongest.label),
          .message = absl::StrFormat("Beyond what the law's own quantities explain, residuals go with %s; %d label%s tested.", list, tested,
                                     tested == 1 ? "" : "s"),
          .evidence = std::move(evidence),
          .effect = "The law averages over it: its answer holds for the mixture of these runs, not for one choice.",
          .fix = "Fit each value apart (--group-by), or keep the one that will be used (--where). Where rows are checkpoints, name their run (--run)."};
}

}  // namespace

double FTailProbability(double f, double numerator_freedom, double denominator_freedom) {
  if (!(f > 0)) return 1;
  return Eigen::numext::betainc(0.5 * denominator_freedom, 0.5 * numerator_freedom,
                                denominator_freedom / (denominator_freedom + numerator_freedom * f));
}

std::optional<Diagnostic> DiagnoseLabels(const Prepared& evidence, const std::vector<double>& residuals, double raw_noise) {
  std::set<std::string> labels;
  for (const auto& [label, text] : evidence.sorted.front().labels) {
    if (!IsOutcome(label)) labels.insert(label);
  }
  if (labels.empty() || !(raw_noise > 0)) return std::nullopt;
  const Units units = MakeUnits(evidence, residuals, raw_noise);
  if (units.residuals.size() < kLeastUnits) return std::nullopt;
  std::vector<LabelTest> tests;
  for (const std::string& label : labels) {
    if (std::optional<LabelTest> test = TestLabel(evidence, units, label)) tests.push_back(*std::move(test));
  }
  const size_t tested = tests.size();
  std::erase_if(tests, [tested](const LabelTest& test) { return !(test.probability * static_cast<double>(tested) < kSignificance); });
  if (tests.empty()) return std::nullopt;
  std::stable_sort(tests.begin(), tests.end(), [](const LabelTest& a, const LabelTest& b) { return a.probability < b.probability; });
  return Describe(tests, tested);
}

}  // namespace isoflop
