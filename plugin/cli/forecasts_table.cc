#include "plugin/cli/forecasts_table.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "plugin/cli/columns.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

std::string TextOf(const ordered_json& value) { return value.is_string() ? value.get<std::string>() : "-"; }

std::string Digits(const ordered_json& value) { return value.is_number() ? absl::StrFormat("%.4g", value.get<double>()) : "-"; }

std::string Percent(const ordered_json& value) { return value.is_number() ? absl::StrFormat("%.3g %%", 100 * value.get<double>()) : "-"; }

template <typename Write>
std::string WithBounds(const ordered_json& interval, const Write& write) {
  if (!interval.is_object()) return "-";
  return absl::StrCat(write(interval["estimate"]), " [", write(interval["lower"]), ", ", write(interval["upper"]), "]");
}

std::string RunsText(const ordered_json& runs) {
  std::vector<std::vector<std::string>> cells = {
      {"run", "state", "way", "N", "D", "final loss", "by the law", "over the law", "method", "FLOPs left", "ends"}};
  for (const ordered_json& run : runs) {
    cells.push_back({TextOf(run["name"]), TextOf(run["state"]), Percent(run["progress"]), Digits(run["parameter_count"]), Digits(run["token_count"]),
                     WithBounds(run["forecast"], Digits), Digits(run["law_loss"]), WithBounds(run["shift"], Percent), TextOf(run["method"]),
                     Digits(run["remaining_flops"]), TextOf(run["eta"])});
  }
  std::string text = Columns(cells);
  for (const ordered_json& run : runs) {
    if (run["cause"].is_object()) absl::StrAppend(&text, "  ", TextOf(run["name"]), ": ", TextOf(run["cause"]["message"]), "\n");
  }
  return text;
}

std::string OffLawText(const ordered_json& runs) {
  std::string text = "Finished runs off the law:\n";
  std::vector<std::vector<std::string>> cells = {{"run", "ln L over the law", "z", "severity"}};
  for (const ordered_json& run : runs) cells.push_back({TextOf(run["name"]), Digits(run["shift"]), Digits(run["z"]), TextOf(run["severity"])});
  return absl::StrCat(text, Columns(cells));
}

}  // namespace

std::string ForecastsTable(const ordered_json& forecasts) {
  std::string text = absl::StrFormat("Runs under way: %d, %d off the law, %d diverged.\n", forecasts["running_count"].get<int64_t>(),
                                     forecasts["off_law_count"].get<int64_t>(), forecasts["broken_count"].get<int64_t>());
  if (!forecasts["forecasts"].empty()) absl::StrAppend(&text, RunsText(forecasts["forecasts"]));
  const ordered_json& stoppable = forecasts["stoppable"];
  if (stoppable["run_count"].get<int64_t>() > 0) {
    absl::StrAppendFormat(&text, "Stopping the %d above the law or diverged now frees %s FLOPs.\n", stoppable["run_count"].get<int64_t>(),
                          Digits(stoppable["remaining_flops"]));
  }
  if (!forecasts["off_law"].empty()) absl::StrAppend(&text, OffLawText(forecasts["off_law"]));
  if (forecasts["smallest_visible_shift"].is_number()) {
    absl::StrAppendFormat(&text, "This study can see shifts of ln L of %s.\n", Digits(forecasts["smallest_visible_shift"]));
  }
  if (const ordered_json& record = forecasts["calibration"]; record.is_object()) {
    absl::StrAppendFormat(&text, "Of %d forecasts whose run has ended, %s held; median error of ln L %s.\n", record["count"].get<int64_t>(),
                          Percent(record["held_share"]), Digits(record["median_absolute_error"]));
  }
  return absl::StrCat(text, "Brackets: 95 % interval of the final loss.\n");
}

}  // namespace isoflop
