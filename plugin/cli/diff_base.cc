#include "plugin/cli/diff_base.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "core/base/utf8.h"
#include "plugin/cli/input_file.h"

namespace isoflop {
namespace {

namespace fs = std::filesystem;

// From the folder where the check runs; a plan that lies elsewhere keeps its name alone.
fs::path PathInBase(const std::string& plan_path) {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  const fs::path inside = (here / plan_path).lexically_normal().lexically_relative(here);
  return inside.empty() || *inside.begin() == ".." ? fs::path(plan_path).filename() : inside;
}

absl::StatusOr<PlanText> ReadPlanText(const fs::path& path, const std::string& name) {
  ASSIGN_OR_RETURN(std::string text, ReadInputFile(path.string()));
  return PlanText{MendUtf8(name), std::move(text)};
}

// Regular files below, by their paths from there, sorted; what begins with a point is passed over.
absl::StatusOr<std::vector<fs::path>> FilesBelow(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, error); !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const bool hidden = entry->path().filename().string().starts_with('.');
    std::error_code unreadable;
    if (hidden && entry->is_directory(unreadable)) entry.disable_recursion_pending();
    if (!hidden && entry->is_regular_file(unreadable)) files.push_back(entry->path().lexically_relative(folder));
  }
  if (error) return absl::InvalidArgumentError(absl::StrCat("--diff: \"", folder.string(), "\" cannot be read: ", error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

absl::StatusOr<BasePlans> ReadFolder(const fs::path& base, const std::vector<std::string>& plan_paths) {
  BasePlans found;
  ASSIGN_OR_RETURN(const std::vector<fs::path> files, FilesBelow(base));
  std::set<fs::path> left(files.begin(), files.end());
  for (const std::string& plan_path : plan_paths) {
    const fs::path inside = PathInBase(plan_path);
    if (left.erase(inside) == 0) continue;
    ASSIGN_OR_RETURN(PlanText plan, ReadPlanText(base / inside, plan_path));
    found.plans.push_back(std::move(plan));
  }
  for (const fs::path& file : left) {
    ASSIGN_OR_RETURN(PlanText other, ReadPlanText(base / file, file.generic_string()));
    found.others.push_back(std::move(other));
  }
  return found;
}

}  // namespace

absl::StatusOr<BasePlans> ReadBasePlans(const std::string& base, const std::vector<std::string>& plan_paths) {
  std::error_code error;
  if (fs::is_directory(base, error)) return ReadFolder(fs::path(base).lexically_normal(), plan_paths);
  if (plan_paths.size() != 1) return absl::InvalidArgumentError(absl::StrCat("--diff must be a folder where there are several plans, got \"", base, "\""));
  ASSIGN_OR_RETURN(PlanText plan, ReadPlanText(base, InputFileName(plan_paths.front())));
  return BasePlans{.plans = {std::move(plan)}};
}

}  // namespace isoflop
