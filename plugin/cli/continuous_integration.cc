#include "plugin/cli/continuous_integration.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>

#include "absl/strings/str_format.h"
#include "plugin/check/report_github.h"

namespace isoflop {
namespace {

bool IsTrue(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && std::string_view(value) == "true";
}

// Empty where no host tells.
std::filesystem::path RepositoryOfHost() {
  const char* const name = IsTrue("GITHUB_ACTIONS") ? "GITHUB_WORKSPACE" : IsTrue("GITLAB_CI") ? "CI_PROJECT_DIR" : nullptr;
  const char* const path = name == nullptr ? nullptr : std::getenv(name);
  if (path == nullptr) return {};
  std::error_code error;
  return std::filesystem::canonical(path, error);
}

}  // namespace

ReportStyle StyleHere() {
  std::error_code error;
  ReportStyle style{.folder = std::filesystem::current_path(error)};
  const std::filesystem::path repository = RepositoryOfHost();
  const bool inside = std::mismatch(repository.begin(), repository.end(), style.folder.begin(), style.folder.end()).first == repository.end();
  style.repository = inside && !repository.empty() ? repository : style.folder;
  return style;
}

absl::Status AppendToGitHubSummary(const std::function<std::string(size_t room)>& markdown) {
  const char* const path = std::getenv("GITHUB_STEP_SUMMARY");
  if (!IsTrue("GITHUB_ACTIONS") || path == nullptr) return absl::OkStatus();
  std::ofstream file(path, std::ios::app | std::ios::binary);
  const auto used = static_cast<size_t>(std::max<std::streamoff>(file.tellp(), 0));
  file << markdown(used < kGitHubSummaryBytes ? kGitHubSummaryBytes - used : 0) << std::flush;
  return file ? absl::OkStatus() : absl::InvalidArgumentError(absl::StrFormat("cannot write \"%s\": %s", path, std::strerror(errno)));
}

}  // namespace isoflop
