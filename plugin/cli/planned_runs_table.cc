#include "plugin/cli/planned_runs_table.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "plugin/cli/columns.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

std::string Digits(const ordered_json& value) { return value.is_number() ? absl::StrFormat("%.4g", value.get<double>()) : "-"; }

std::string Percent(const ordered_json& value) { return value.is_number() ? absl::StrFormat("%+.2g %%", 100 * value.get<double>()) : "-"; }

std::string PredictedText(const ordered_json& interval) {
  if (!interval["lower"].is_number()) return Digits(interval["estimate"]);
  return absl::StrCat(Digits(interval["estimate"]), " [", Digits(interval["lower"]), ", ", Digits(interval["upper"]), "]");
}

// What is not known yet stands as a dash, and where the plan was not followed no interval is held against it.
std::string HeldText(const ordered_json& plan) {
  if (plan["as_planned"].is_boolean() && !plan["as_planned"].get<bool>()) return "not as planned";
  return !plan["held"].is_boolean() ? "-" : plan["held"].get<bool>() ? "yes" : "no";
}

std::vector<std::string> Row(const ordered_json& plan) {
  const ordered_json none = {{"parameter_count", nullptr}, {"token_count", nullptr}, {"loss_nats_per_token", nullptr}};
  const ordered_json& run = plan["run"];
  const ordered_json& reached = plan["reached"].is_object() ? plan["reached"] : none;
  const ordered_json& deviation = plan["deviation"].is_object() ? plan["deviation"] : none;
  const ordered_json& planned = plan["planned"];
  return {plan["name"].get<std::string>(),
          Digits(planned["parameter_count"]),
          Digits(planned["token_count"]),
          PredictedText(plan["predicted"]),
          run.is_object() ? run["name"].get<std::string>() : "-",
          run.is_object() ? run["state"].get<std::string>() : "no run yet",
          Percent(deviation["parameter_count"]),
          Percent(deviation["token_count"]),
          Digits(reached["loss_nats_per_token"]),
          Percent(deviation["loss_nats_per_token"]),
          HeldText(plan)};
}

}  // namespace

std::string PlannedRunsTable(const ordered_json& planned_runs) {
  std::string text = absl::StrFormat("Recorded plans: %d.\n", planned_runs["plan_count"].get<int64_t>());
  if (planned_runs["plans"].empty()) return text;
  std::vector<std::vector<std::string>> cells = {
      {"plan", "N", "D", "predicted loss", "run", "state", "N over plan", "D over plan", "loss", "over predicted", "held"}};
  for (const ordered_json& plan : planned_runs["plans"]) cells.push_back(Row(plan));
  absl::StrAppend(&text, Columns(cells));
  for (const ordered_json& plan : planned_runs["plans"]) {
    if (plan["run"].is_object() && plan["run"]["reason"].is_string()) {
      absl::StrAppend(&text, "  ", plan["run"]["name"].get<std::string>(), ": ", plan["run"]["reason"].get<std::string>(), "\n");
    }
  }
  if (const ordered_json& record = planned_runs["record"]; record["count"].get<int64_t>() > 0) {
    absl::StrAppendFormat(&text, "Of %d predictions whose run ended as planned, %d held; losses lay %s from them on average, %s in size.\n",
                          record["count"].get<int64_t>(), record["held_count"].get<int64_t>(), Percent(record["mean_deviation"]),
                          absl::StrFormat("%.2g %%", 100 * record["mean_absolute_deviation"].get<double>()));
  }
  return absl::StrCat(text, "Brackets: 95 % interval of the loss of one new run.\n");
}

}  // namespace isoflop
