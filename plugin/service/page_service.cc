#include "plugin/service/page_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/service/resource_name.h"
#include "plugin/service/trade_offs_question.h"
#include "plugin/service/unary_call.h"

namespace isoflop {

grpc::ServerUnaryReactor* PageService::GetPage(grpc::CallbackServerContext* context, const v1::GetPageRequest* request,
                                               v1::GetPageResponse* response) {
  return AnswerFrom(pool_, context, [=, this] { return Get(*request, *response); });
}

absl::Status PageService::Get(const v1::GetPageRequest& request, v1::GetPageResponse& response) {
  ASSIGN_OR_RETURN(const SharedPage page, Compose(request));
  response.set_entity_tag(page->entity_tag);
  if (page->entity_tag == request.if_none_match()) {
    response.set_not_modified(true);
  } else {
    response.set_json(page->json);
  }
  return absl::OkStatus();
}

absl::StatusOr<SharedPage> PageService::Compose(const v1::GetPageRequest& request) {
  ASSIGN_OR_RETURN(const std::string study_id, ParseStudyName("study", request.study()));
  const std::vector<double> budget_flops(request.budget_flops().begin(), request.budget_flops().end());
  switch (request.kind()) {
    case v1::PANEL:
      if (budget_flops.size() > 1) {
        return absl::InvalidArgumentError(
            absl::StrCat("budget_flops must hold at most one budget for PANEL, got ", budget_flops.size()));
      }
      return pages_.Panel(study_id, budget_flops.empty() ? std::nullopt : std::optional(budget_flops[0]), request.version());
    case v1::LAW:
      return pages_.Law(study_id, request.law(), request.version());
    case v1::LAW_VERSIONS:
      return pages_.LawVersions(study_id, request.law(), request.item_count());
    case v1::RUNS:
      return pages_.Runs(study_id, request.version(), {.drawn_only = request.drawn_only(), .run_id = request.run_id()});
    case v1::ADVICE:
      return pages_.Advice(study_id, budget_flops, request.has_tolerance() ? std::optional(request.tolerance()) : std::nullopt);
    case v1::NEXT_RUNS:
      if (budget_flops.size() > 1) {
        return absl::InvalidArgumentError(absl::StrCat("budget_flops must hold at most one budget for NEXT_RUNS, got ", budget_flops.size()));
      }
      return pages_.NextRuns(study_id, budget_flops.empty() ? std::nullopt : std::optional(budget_flops[0]),
                             request.has_sweep_flops() ? std::optional(request.sweep_flops()) : std::nullopt);
    case v1::ADVICE_GRID:
      return pages_.AdviceGrid(study_id, request.version());
    case v1::FINDING_CODES:
      return pages_.FindingCodes();
    case v1::PLANNED_RUNS:
      return pages_.PlannedRuns(study_id);
    case v1::FORECASTS:
      return pages_.Forecasts(study_id);
    case v1::OTHER_SIZES:
    case v1::EXCLUSION:
      if (budget_flops.size() != 1) {
        return absl::InvalidArgumentError(absl::StrCat("budget_flops must hold one budget for ", v1::PageKind_Name(request.kind()),
                                                       ", got ", budget_flops.size()));
      }
      if (request.kind() == v1::OTHER_SIZES) return pages_.OtherSizes(study_id, budget_flops[0], request.version());
      return pages_.Exclusion(study_id, request.run_id(), request.excluded(), budget_flops[0]);
    case v1::TRADE_OFFS: {
      if (budget_flops.size() > 1) {
        return absl::InvalidArgumentError(
            absl::StrCat("budget_flops must hold at most one budget for TRADE_OFFS, got ", budget_flops.size()));
      }
      ASSIGN_OR_RETURN(TradeOffsQuestion question, QuestionOf(request.trade_offs(), budget_flops));
      return pages_.TradeOffs(study_id, std::move(question), request.run_id(), request.version());
    }
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("kind must be one of PageKind, got ", static_cast<int>(request.kind())));
  }
}

}  // namespace isoflop
