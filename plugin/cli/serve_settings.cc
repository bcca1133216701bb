#include "plugin/cli/serve_settings.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status.h"
#include "core/law/registry.h"

namespace isoflop {
namespace {

constexpr const char* kUnixPrefix = "unix:";

absl::Status ErrorAt(const std::string& path, const YAML::Mark& mark, const std::string& message) {
  if (mark.is_null()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", message));
  return absl::InvalidArgumentError(absl::StrCat(path, ":", mark.line + 1, ":", mark.column + 1, ": ", message));
}

bool IsLoopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || (absl::StartsWith(host, "127.") && host.size() <= 15);
}

}  // namespace

absl::StatusOr<ServeFile> ReadServeFile(const std::string& path) {
  ServeFile file;
  const std::map<std::string, std::optional<std::string>*> settings = {{"store", &file.store},
                                                                       {"listen", &file.listen},
                                                                       {"metrics_listen", &file.metrics_listen},
                                                                       {"laws", &file.laws},
                                                                       {"threads", &file.threads}};
  try {
    const YAML::Node root = YAML::LoadFile(path);
    if (root.IsNull()) return file;
    if (!root.IsMap()) return ErrorAt(path, root.Mark(), "must hold keys and values");
    for (const auto& entry : root) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      const auto setting = settings.find(key);
      if (setting == settings.end()) {
        return ErrorAt(path, entry.first.Mark(), absl::StrCat("unknown key \"", key, "\"; known: store, listen, metrics_listen, laws, threads"));
      }
      if (!entry.second.IsScalar()) return ErrorAt(path, entry.second.Mark(), absl::StrCat(key, " must be a text"));
      if (setting->second->has_value()) return ErrorAt(path, entry.first.Mark(), absl::StrCat(key, " is given twice"));
      *setting->second = entry.second.Scalar();
    }
  } catch (const YAML::BadFile&) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
  } catch (const YAML::Exception& error) {
    return ErrorAt(path, error.mark, error.msg);
  }
  return file;
}

absl::StatusOr<std::string> StorePath(const std::string& store) {
  constexpr const char* kPrefix = "sqlite:";
  if (absl::StartsWith(store, kPrefix) && store.size() > std::strlen(kPrefix)) {
    return store.substr(std::strlen(kPrefix));
  }
  return absl::InvalidArgumentError(absl::StrCat("store must be sqlite:PATH, got \"", store, "\""));
}

std::string SocketPath(const std::string& listen) {
  return absl::StartsWith(listen, kUnixPrefix) ? listen.substr(std::strlen(kUnixPrefix)) : "";
}

absl::Status CheckListenAddress(const std::string& listen) {
  if (absl::StartsWith(listen, kUnixPrefix)) {
    const std::string path = SocketPath(listen);
    constexpr size_t kGreatestLength = sizeof(sockaddr_un::sun_path) - 1;
    if (absl::StartsWith(path, "/") && path.size() <= kGreatestLength) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("listen must be unix:/ABSOLUTE/PATH of at most ", kGreatestLength,
                                                   " bytes, got \"", listen, "\""));
  }
  const size_t colon = listen.rfind(':');
  int port = -1;
  if (colon == std::string::npos || !absl::SimpleAtoi(listen.substr(colon + 1), &port) || port < 0 || port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("listen must be HOST:PORT or unix:/ABSOLUTE/PATH, got \"", listen, "\""));
  }
  if (IsLoopback(listen.substr(0, colon))) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("listen must be a loopback address or a Unix socket, got \"", listen,
                                                 "\": TLS is not available yet"));
}

absl::Status CheckMetricsAddress(const std::string& metrics_listen) {
  if (!absl::StartsWith(metrics_listen, kUnixPrefix) && CheckListenAddress(metrics_listen).ok()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("metrics_listen must be a loopback HOST:PORT, got \"", metrics_listen, "\""));
}

absl::StatusOr<std::vector<std::string>> ParseLawNames(const std::string& laws) {
  std::vector<std::string> names = absl::StrSplit(laws, ',');
  for (size_t i = 0; i < names.size(); ++i) {
    names[i] = std::string(absl::StripAsciiWhitespace(names[i]));
    RETURN_IF_ERROR(FindLaw(names[i]).status());
    if (std::count(names.begin(), names.begin() + static_cast<ptrdiff_t>(i), names[i]) > 0) {
      return absl::InvalidArgumentError(absl::StrCat("laws must differ, got ", names[i], " twice"));
    }
  }
  return names;
}

absl::StatusOr<int> ParseThreadCount(const std::string& threads) {
  constexpr int kGreatest = 256;
  int count = -1;
  if (absl::SimpleAtoi(threads, &count) && count >= 0 && count <= kGreatest) return count;
  return absl::InvalidArgumentError(absl::StrCat("threads must be in [0, ", kGreatest, "], got \"", threads, "\""));
}

absl::Status RemoveStaleSocket(const std::string& listen) {
  const std::string path = SocketPath(listen);
  struct stat state;
  if (path.empty() || lstat(path.c_str(), &state) != 0) return absl::OkStatus();
  if (!S_ISSOCK(state.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat("listen: ", path, " is there already and not a socket"));
  }
  sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {}};
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool answers = connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  if (answers) return absl::FailedPreconditionError(absl::StrCat("listen: another server answers on ", path));
  unlink(path.c_str());
  return absl::OkStatus();
}

}  // namespace isoflop
