#ifndef ISOFLOP_PLUGIN_SERVICE_EVENT_LOG_H_
#define ISOFLOP_PLUGIN_SERVICE_EVENT_LOG_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "plugin/store/sqlite_run_store.h"
#include "plugin/study/keeper_event.h"

namespace isoflop {

enum class LogLevel { kInfo, kWarning };

// One line of the log: `level=info event=NAME key=value ...`. Values with spaces, quotes or control characters are quoted
// as C does it, so that each line can be read back. Numbers have up to 6 significant digits.
class LogLine {
 public:
  LogLine(LogLevel level, const std::string& event);

  LogLine& With(const std::string& key, const std::string& value);
  LogLine& With(const std::string& key, double value) { return Add(key, absl::StrCat(value)); }
  LogLine& With(const std::string& key, int64_t value) { return Add(key, absl::StrCat(value)); }

  const std::string& text() const { return text_; }

 private:
  LogLine& Add(const std::string& key, const std::string& value);
  std::string text_;
};

// What the keeper did, as a line.
LogLine LineOf(const KeeperEvent& event);

// What a store lost, as a line.
LogLine LineOf(const StoreLoss& loss);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_EVENT_LOG_H_
