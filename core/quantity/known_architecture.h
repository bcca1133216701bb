#ifndef ISOFLOP_CORE_QUANTITY_KNOWN_ARCHITECTURE_H_
#define ISOFLOP_CORE_QUANTITY_KNOWN_ARCHITECTURE_H_

#include <optional>
#include <string_view>
#include <vector>

#include "core/quantity/architecture.h"

namespace isoflop {

// The network of a released model, by the name of its release ("pythia-1b", "Llama-3-8B"; capitals count), with its vocabulary padded as it is
// there and its longest context as sequence_length. Nothing for a name that is not among those below.
//
// Source: each model's public config.json, and litgpt/config.py of Lightning-AI/litgpt 0.5.13, whose names these are.
std::optional<Architecture> KnownArchitecture(std::string_view name);

std::vector<std::string_view> KnownArchitectureNames();

}  // namespace isoflop

#endif  // ISOFLOP_CORE_QUANTITY_KNOWN_ARCHITECTURE_H_
