#ifndef ISOFLOP_PLUGIN_CLI_FIT_CSV_H_
#define ISOFLOP_PLUGIN_CLI_FIT_CSV_H_

#include <string>
#include <vector>

#include "core/fit/fit.h"

namespace isoflop {

// What `isoflop fit --format csv` prints (RFC 4180, LF): a header line, then a row for each parameter of each fit, and four for its best split
// of compute, where it has one: N_opt = parameter_coefficient C^a, D_opt = token_coefficient C^b. Figures are the JSON's; an absent one is an
// empty field.
//
//   group,approach,law,symbol,name,estimate,lower,upper,fixed
//   ,parametric,chinchilla,E,irreducible_loss,1.783893167,1.737842601,1.834786718,false
std::string FitCsv(const std::vector<Fit>& fits);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_FIT_CSV_H_
