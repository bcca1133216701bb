#include "plugin/service/trade_offs_question.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/recognize/read_architecture.h"

namespace isoflop {
namespace {

absl::StatusOr<MenuModel> ModelOf(const v1::MenuModel& message) {
  MenuModel model{.name = message.name()};
  if (message.has_parameter_count()) {
    model.parameter_count = message.parameter_count();
    return model;
  }
  absl::StatusOr<Architecture> architecture = ReadArchitecture({message.architecture().begin(), message.architecture().end()});
  if (!architecture.ok()) return absl::InvalidArgumentError(absl::StrCat("menu model \"", message.name(), "\": ", architecture.status().message()));
  model.architecture = *std::move(architecture);
  return model;
}

}  // namespace

absl::StatusOr<TradeOffsQuestion> QuestionOf(const v1::TradeOffsQuestion& message, const std::vector<double>& budget_flops) {
  TradeOffsQuestion question;
  if (!budget_flops.empty()) question.budget_flops = budget_flops[0];
  question.parameter_counts.assign(message.parameter_counts().begin(), message.parameter_counts().end());
  question.token_counts.assign(message.token_counts().begin(), message.token_counts().end());
  if (message.menu_size() > kGreatestMenu) {
    return absl::InvalidArgumentError(absl::StrCat("menu must hold at most ", kGreatestMenu, " models, got ", message.menu_size()));
  }
  for (const v1::MenuModel& one : message.menu()) {
    ASSIGN_OR_RETURN(MenuModel model, ModelOf(one));
    question.menu.push_back(std::move(model));
  }
  if (message.has_bill()) question.bill = message.bill();
  if (message.has_greatest_token_count()) question.greatest_token_count = message.greatest_token_count();
  if (message.has_target_loss_nats_per_token()) question.target_loss_nats_per_token = message.target_loss_nats_per_token();
  CostModel& model = question.model;
  if (message.has_gpu_count()) model.gpu_count = message.gpu_count();
  if (message.has_gpu_flops_per_sec()) model.gpu_flops_per_sec = message.gpu_flops_per_sec();
  if (message.has_utilisation()) model.utilisation = message.utilisation();
  if (message.has_gpu_price_per_hour()) model.gpu_price_per_hour = message.gpu_price_per_hour();
  if (message.has_gpu_power_kw()) model.gpu_power_kw = message.gpu_power_kw();
  if (message.has_electricity_price_per_kwh()) model.electricity_price_per_kwh = message.electricity_price_per_kwh();
  if (message.has_price_per_billion_tokens()) model.price_per_billion_tokens = message.price_per_billion_tokens();
  if (message.has_days()) model.days = message.days();
  if (message.has_unique_token_count()) model.unique_token_count = message.unique_token_count();
  if (message.has_served_token_count()) model.served_token_count = message.served_token_count();
  return question;
}

}  // namespace isoflop
