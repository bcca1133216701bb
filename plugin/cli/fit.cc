#include "plugin/cli/fit.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <optional>

#include "core/advice/convention_report.h"
#include "core/base/status.h"
#include "core/fit/diagnostics.h"
#include "core/fit/fit.h"
#include "core/fit/profile.h"
#include "core/law/registry.h"
#include "plugin/cli/architecture_section.h"
#include "plugin/cli/convention_section.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/fit_approaches.h"
#include "plugin/cli/fit_csv.h"
#include "plugin/cli/fit_flags.h"
#include "plugin/cli/output_file.h"
#include "plugin/cli/read_runs.h"
#include "plugin/cli/source_date.h"
#include "plugin/cli/tables.h"
#include "plugin/document/documents.h"
#include "plugin/document/json_values.h"
#include "plugin/plot/fit_picture.h"

namespace isoflop {
namespace {

struct FitCommand {
  FitFlags flags;
  ApproachFlags approach;
  std::string format = "table";
  std::string plot_path;
  std::string report;
  bool profile = false;
};

// Each fit beside the runs of its group; a group may have several.
absl::Status WritePlot(const std::string& path, const std::vector<Fit>& fits, const RunsRead& runs, const FitOptions& options) {
  const size_t fits_a_group = fits.size() / std::max<size_t>(1, runs.groups.size());
  std::vector<FittedRuns> drawn;
  for (size_t i = 0; i < fits.size(); ++i) drawn.push_back({&fits[i], &runs.groups[i / fits_a_group].observations, options});
  ASSIGN_OR_RETURN(const std::string svg, drawn.size() == 1 ? DrawFit(drawn.front()) : DrawFits(drawn));
  return WriteOutputFile(path, svg);
}

// The likelihood-profile interval of every free parameter.
absl::Status AddProfiles(const RunsRead& runs, const FitOptions& options, std::vector<Fit>& fits) {
  const size_t fits_a_group = fits.size() / std::max<size_t>(1, runs.groups.size());
  for (size_t i = 0; i < fits.size(); ++i) {
    if (!fits[i].identified()) continue;
    ASSIGN_OR_RETURN(const std::vector<Interval> profiles,
                     ComputeProfileIntervals(runs.groups[i / fits_a_group].observations, options, fits[i]));
    for (size_t p = 0; p < profiles.size(); ++p) {
      if (!fits[i].parameters[p].fixed) fits[i].parameters[p].profile = profiles[p];
    }
  }
  return absl::OkStatus();
}

struct FitAnswer {
  std::vector<Fit> fits;
  std::vector<ArchitectureCounts> architectures;  // Empty unless --report asks for them.
};

absl::StatusOr<FitAnswer> RunFits(const FitCommand& command) {
  ASSIGN_OR_RETURN(FitOptions options, MakeFitOptions(command.flags));
  ASSIGN_OR_RETURN(const std::vector<Quantity> needed, NeededQuantities(command.approach, command.flags, options));
  ASSIGN_OR_RETURN(const RunsRead runs, ReadRuns(command.flags, needed));
  options.convention = runs.convention;
  FitAnswer answer;
  if (command.report == "architectures") {
    ASSIGN_OR_RETURN(answer.architectures, CountArchitectures(runs, runs.convention));
  }
  ASSIGN_OR_RETURN(std::vector<Fit> fits, FitApproaches(command.approach, command.flags, options, runs));
  for (Fit& fit : fits) {
    fit.diagnostics.insert(fit.diagnostics.end(), runs.diagnostics.begin(), runs.diagnostics.end());
    SortWorstFirst(fit.diagnostics);
  }
  if (command.profile) RETURN_IF_ERROR(AddProfiles(runs, options, fits));
  if (!command.plot_path.empty()) RETURN_IF_ERROR(WritePlot(command.plot_path, fits, runs, options));
  answer.fits = std::move(fits);
  return answer;
}

// Whether each group has an answer, by whichever approach.
bool AllAnswered(const std::vector<Fit>& fits) {
  std::map<std::string, bool> answered;
  for (const Fit& fit : fits) answered[fit.group.value_or("")] |= fit.answers();
  return std::all_of(answered.begin(), answered.end(), [](const auto& group) { return group.second; });
}

// One a fit, nothing for a fit without a law; empty where --report does not ask for them.
using ConventionReports = std::vector<std::optional<ConventionReport>>;

absl::StatusOr<ConventionReports> MakeReports(const FitCommand& command, const std::vector<Fit>& fits) {
  ConventionReports reports;
  if (command.report != "conventions") return reports;
  for (const Fit& fit : fits) {
    reports.emplace_back();
    if (!fit.identified()) continue;
    ASSIGN_OR_RETURN(reports.back(), ReportConventions(fit, command.flags.conversion.embedding_coefficient));
  }
  return reports;
}

// Without a clock, so that the same runs give the same bytes: only SOURCE_DATE_EPOCH says when a fit was made.
nlohmann::ordered_json Document(const FitAnswer& answer, const ConventionReports& reports, bool several, const std::optional<std::chrono::sys_seconds>& time) {
  nlohmann::ordered_json document = several ? FitsDocument(answer.fits) : FitDocument(answer.fits.front());
  document["create_time"] = TimeOrNull(time);
  if (!answer.architectures.empty()) document["architectures"] = ArchitectureArray(answer.architectures);
  for (size_t i = 0; i < reports.size(); ++i) {
    nlohmann::ordered_json& object = several ? document["fits"][i] : document;
    object["conventions"] = reports[i] ? ConventionObject(*reports[i]) : nlohmann::ordered_json(nullptr);
  }
  return document;
}

int WrongUse(const absl::Status& status) {
  std::cerr << "isoflop fit: " << status.message() << "\n";
  return kWrongUse;
}

// A table of figures has no room for what to doubt: that goes to standard error.
void PrintCsv(const std::vector<Fit>& fits) {
  std::cout << FitCsv(fits);
  for (const Fit& fit : fits) std::cerr << DiagnosticLines(fit.diagnostics);
}

int PrintFits(const FitCommand& command) {
  const absl::StatusOr<FitAnswer> answer = RunFits(command);
  if (!answer.ok()) return WrongUse(answer.status());
  const std::vector<Fit>* fits = &answer->fits;
  const absl::StatusOr<ConventionReports> reports = MakeReports(command, *fits);
  if (!reports.ok()) return WrongUse(reports.status());
  const absl::StatusOr<std::optional<std::chrono::sys_seconds>> time = SourceDate();
  if (!time.ok()) return WrongUse(time.status());
  const bool side_by_side = command.approach.approach == "all", several = side_by_side || !command.flags.group_column.empty();
  if (command.format == "json") {
    std::cout << Document(*answer, *reports, several, *time).dump() << "\n";
  } else if (command.format == "csv") {
    PrintCsv(*fits);
  } else {
    if (side_by_side) std::cout << ApproachesTable(*fits) << "\n";
    for (size_t i = 0; i < fits->size(); ++i) {
      std::cout << (i == 0 ? "" : "\n") << FitTable((*fits)[i]);
      if (!reports->empty() && (*reports)[i]) std::cout << ConventionTable(*(*reports)[i]);
    }
    if (!answer->architectures.empty()) std::cout << ArchitectureTable(answer->architectures);
  }
  return AllAnswered(*fits) ? kDone : kThinEvidence;
}

}  // namespace

void AddFitCommand(CLI::App& app, int* exit_code) {
  auto command = std::make_shared<FitCommand>();
  CLI::App* subcommand = app.add_subcommand("fit", "Fit a scaling law to a table of runs");
  subcommand->add_option("--law", command->flags.law, "Law to fit: " + LawNames())->capture_default_str();
  subcommand->add_option("--loss", command->flags.loss, "Loss of the residuals of log loss: huber, l1 or squared")
      ->capture_default_str()
      ->check(CLI::IsMember({"huber", "l1", "squared"}));
  AddFitFlags(*subcommand, command->flags);
  AddApproachFlags(*subcommand, command->approach);
  subcommand->add_option("--format", command->format, "table, json, or csv: a row for each parameter")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "json", "csv"}));
  subcommand->add_flag("--profile", command->profile, "Also the likelihood-profile interval of each parameter");
  subcommand->add_option("--plot", command->plot_path, "Draw runs, law and residuals into this SVG file");
  subcommand->add_option("--report", command->report, "conventions: the law's exponent with and without embeddings (Pearce & Song 2024). architectures: N in every convention and "
                   "training FLOPs/token by every rule, of each network that columns describe")
      ->check(CLI::IsMember({"conventions", "architectures"}));
  subcommand->footer(
      "Example:\n  isoflop fit runs.csv --map loss_nats_per_token=val_loss --format json > fit.json\n"
      "  isoflop fit sweep.csv --approach isoflop --isoflop-minimum akima\n  isoflop fit curves.csv --approach envelope --run run_name\n\n"
      "SOURCE_DATE_EPOCH, where it is set, is the create_time of --format json, by which `isoflop check --max-fit-age` goes.\n\n"
      "Exit codes: 0 done, 2 wrong use or bad input, 3 the runs cannot support an answer.");
  subcommand->callback([command, exit_code] { *exit_code = PrintFits(*command); });
}

}  // namespace isoflop
