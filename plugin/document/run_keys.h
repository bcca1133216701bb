#ifndef ISOFLOP_PLUGIN_DOCUMENT_RUN_KEYS_H_
#define ISOFLOP_PLUGIN_DOCUMENT_RUN_KEYS_H_

#include <cstddef>

#include "plugin/recognize/recognize.h"

namespace isoflop {

// How many of the first characters of a run's id tell it from every other run that the study holds, used, left out or under way; and three more, as a page may
// meet runs that began after it was made.
size_t RunKeyLength(const RecognizedStudy& study);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_RUN_KEYS_H_
