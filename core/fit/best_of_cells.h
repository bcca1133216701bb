#ifndef ISOFLOP_CORE_FIT_BEST_OF_CELLS_H_
#define ISOFLOP_CORE_FIT_BEST_OF_CELLS_H_

#include <vector>

#include "core/fit/diagnostic.h"
#include "core/fit/observation.h"

namespace isoflop {

// Rows whose N and D (or C) differ by at most this share are one cell: token counts follow from whole batches.
inline constexpr double kCellTolerance = 0.02;

// The rows of each (N, D) cell, its run of least loss first; the cells in the order of SortByContent of these. Where rows stand for no cell (below), each
// is one of its own.
std::vector<std::vector<Observation>> GroupIntoCells(const std::vector<Observation>& rows);

// The first row of each of these: the one whose learning rate and batch were best, as laws of hyperparameters want it. Where a row
// lacks N or D, cells are those of equal C. Among equal losses the first in the order of SortByContent stands. Rows without a loss stand for
// no cell, unless no row has one: then all rows are returned, each taken for the best of its cell.
//
// Rows without C and without one of N and D are returned as they are, sorted.
std::vector<Observation> SelectBestOfCells(const std::vector<Observation>& rows);

// BEST_OF_CELLS, an INFO: the rule by which these were selected from that many rows.
Diagnostic DescribeCells(const std::vector<Observation>& selected, size_t row_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_BEST_OF_CELLS_H_
