#ifndef ISOFLOP_PLUGIN_PLAN_FRAMEWORK_FRAMEWORK_RUN_H_
#define ISOFLOP_PLUGIN_PLAN_FRAMEWORK_FRAMEWORK_RUN_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/quantity/architecture.h"
#include "plugin/plan/framework/settings.h"
#include "plugin/plan/plan_fields.h"

namespace isoflop {

// A run out of a framework's settings. A reader of that framework says which of them is which field of plans; what the file's author said of the
// run in fields of plans themselves (`said`) stands over all else, and takes the place of what the file does not have. `settings`, `said` and
// `problems` must outlive it.
class FrameworkRun {
 public:
  FrameworkRun(const Settings& settings, const WrittenRun& said, const std::string& file, PlanProblems& problems);

  // Null where the key is not set.
  const Setting* Find(std::string_view key) const;
  // The first of several names of a setting that the file has, or the first.
  std::string_view FirstOf(std::initializer_list<std::string_view> keys) const;

  // The value of a setting. Nothing where it is not set, and where it is something else, which is a problem.
  std::optional<double> Number(std::string_view key);
  std::optional<std::string> Word(std::string_view key);
  bool Switch(std::string_view key, bool otherwise);

  // The field is what stands under `key`. False where nothing does.
  bool Take(std::string_view field, std::string_view key);
  // The field follows from `key`, which is set, and others.
  void Put(std::string_view field, double value, std::string_view key);
  void PutWord(std::string_view field, std::string_view word, std::string_view key);
  // The field has a value without a setting: the framework's own. `name` says what it is.
  void PutDefault(std::string_view field, double value, std::string_view name);
  void PutWordDefault(std::string_view field, std::string_view word, std::string_view name);
  // The network that `key` names.
  void PutArchitecture(const Architecture& architecture, std::string_view key);

  // Whether the author says it.
  bool Says(std::string_view field) const;
  std::optional<double> SaidNumber(std::string_view field) const;

  // The run needs this field but the file does not have it, and its author does not say it. `key`, if set, is where.
  void Miss(std::string_view field, const std::string& message, std::string_view key = "");
  // Without a problem of its own: another one is why the field is not there.
  void Lack(std::string_view field);
  // A problem at the setting, or at the file's start.
  void Refuse(std::string_view key, const std::string& message);

  WrittenRun Finish();

 private:
  void Write(std::string_view field, std::string text, const Place& place, std::string_view key);

  const Settings& settings_;
  const WrittenRun& said_;
  PlanProblems& problems_;
  WrittenRun run_;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_FRAMEWORK_FRAMEWORK_RUN_H_
