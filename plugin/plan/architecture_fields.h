#ifndef ISOFLOP_PLUGIN_PLAN_ARCHITECTURE_FIELDS_H_
#define ISOFLOP_PLUGIN_PLAN_ARCHITECTURE_FIELDS_H_

#include <string_view>

#include "core/quantity/architecture.h"

namespace isoflop {

// Sets the figure or switch (1 or 0) of that name. False where an architecture has none such.
bool SetArchitectureFigure(Architecture& architecture, std::string_view name, double value);

// Sets `norm` or `query_key_norm` by one of its words. False likewise.
bool SetArchitectureWord(Architecture& architecture, std::string_view name, std::string_view word);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_ARCHITECTURE_FIELDS_H_
