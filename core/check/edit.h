#ifndef ISOFLOP_CORE_CHECK_EDIT_H_
#define ISOFLOP_CORE_CHECK_EDIT_H_

#include "core/check/run_question.h"

namespace isoflop {

// The plan with other tokens, to three significant digits; where it gives steps and batch, in steps. Nothing where N is not known.
std::optional<SuggestedEdit> EditTokens(const RunQuestion& question, double token_count);

// The plan with this size and these tokens. `parameter_count_bounds` are shown with the size.
SuggestedEdit EditSplit(const RunQuestion& question, const OptimalSplit& split, const Interval& parameter_count_bounds);

// The plan with another value of one field; what it saves is not known.
SuggestedEdit EditField(std::string field, double from, const Interval& to, std::string sentence);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_EDIT_H_
