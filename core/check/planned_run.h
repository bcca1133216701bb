#ifndef ISOFLOP_CORE_CHECK_PLANNED_RUN_H_
#define ISOFLOP_CORE_CHECK_PLANNED_RUN_H_

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/cost_model.h"
#include "core/quantity/architecture.h"
#include "core/quantity/parameter_convention.h"

namespace isoflop {

// Where something stands in a file. Lines and columns count from 1, columns in bytes; 0: nowhere in particular.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;

  // Not an aggregate: g++ 12 takes the file of one in a designated initialiser for uninitialised.
  Place() {}
  Place(std::string in_file, int at_line = 0, int at_column = 0) : file(std::move(in_file)), line(at_line), column(at_column) {}

  bool operator==(const Place&) const = default;
};

// "plan.yaml:3:7", or the file alone without a line.
std::string PlaceText(const Place& place);

// Where a field comes from.
struct FieldSource {
  Place place;           // Of the key.
  std::string key;       // As the file writes it: "token_count", or in a nanoGPT file "max_iters".
  bool derived = false;  // The field follows from that key and others; the file does not hold its value.
};

enum class ScheduleForm { kConstant, kLinear, kCosine, kInverseSquareRoot, kWarmUpStableDecay };

// "constant", "linear", "cosine", "inverse_square_root" or "warm_up_stable_decay".
std::string_view ScheduleFormName(ScheduleForm form);
std::optional<ScheduleForm> ParseScheduleForm(std::string_view name);

// A finding that the team accepts for a while.
struct Waiver {
  std::string code;
  std::string reason;                  // Not empty.
  std::chrono::year_month_day until;   // It holds to 24:00 UTC of this day.
  Place place;
};

// A training run that a team means to make: what its plan says, and what follows from that. Given figures are positive and finite; counts may
// be fractions. The reader of plans has seen that no two of them contradict each other.
struct PlannedRun {
  std::string name;
  std::string study;  // Empty: not said.
  Place place;        // Of the run as a whole.
  bool for_evidence = false;  // Launched for what it teaches the law rather than for its model.

  // N: by the architecture, by counts, or both.
  std::optional<Architecture> architecture;
  std::optional<double> parameter_count;  // In `parameter_convention`.
  ParameterConvention parameter_convention = ParameterConvention::kTotal;
  std::optional<double> active_parameter_count;

  // D. token_count is there wherever it follows: steps times batch, or epochs times unique tokens.
  std::optional<double> token_count;
  std::optional<double> step_count;
  std::optional<double> batch_token_count;  // Likewise: sequences times their length.
  std::optional<double> sequence_length;
  std::optional<double> epoch_count;        // Of cost_model.unique_token_count.

  std::optional<double> learning_rate;  // Peak.
  std::optional<ScheduleForm> schedule;
  std::optional<double> warm_up_step_count;         // May be 0.
  std::optional<double> final_learning_rate_share;  // Of the peak; in [0, 1].

  std::optional<double> training_flops;  // As the plan says; see TrainingFlopsOf.

  CostModel cost_model;                // Hardware, prices, days, unique tokens and served ones.
  std::optional<double> budget_flops;  // Most that the run may take,
  std::optional<double> budget_price;  // or cost.
  // cost_model.days is the time between them where both are given.
  std::optional<std::chrono::year_month_day> start_date;
  std::optional<std::chrono::year_month_day> deadline_date;  // The run ends by 24:00 UTC of this day.
  std::optional<double> target_loss_nats_per_token;

  std::vector<Waiver> waivers;

  // By the names of the members above, of CostModel and of Architecture: where each that is set comes from.
  std::map<std::string, FieldSource, std::less<>> sources;
};

// Where `field` comes from; the run's own place, without a key, where it is not set.
FieldSource SourceOf(const PlannedRun& run, std::string_view field);

// N as `convention` counts it: by the architecture where there is one, else as given. Nothing where neither tells.
std::optional<double> ParameterCountIn(const PlannedRun& run, ParameterConvention convention);

// C as given, else 6ND with N as `convention` counts it; nothing where they do not tell.
std::optional<double> TrainingFlopsOf(const PlannedRun& run, ParameterConvention convention);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_PLANNED_RUN_H_
