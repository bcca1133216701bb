#ifndef ISOFLOP_PLUGIN_CHECK_CHECKED_RUN_H_
#define ISOFLOP_PLUGIN_CHECK_CHECKED_RUN_H_

#include "core/check/check_run.h"
#include "core/check/planned_run.h"

namespace isoflop {

struct CheckedRun {
  PlannedRun plan;
  RunCheck check;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_CHECKED_RUN_H_
