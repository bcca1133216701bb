#include "core/advice/residual_surface.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/fit/robust_spread.h"

namespace isoflop {
namespace {

constexpr double kLengths[] = {0.7, 1.5, 3};      // In ln N and ln D.
constexpr double kRatios[] = {0.25, 1, 4, 16};    // Signal to noise, as variances: 1/2 to 4 as standard deviations.
constexpr double kGain = 0.97;                    // A surface, or another one, must lower the median error to this share.
constexpr double kGreatestResidual = 3;           // In robust standard deviations.
constexpr double kLeastPivot = 1e-8;              // Of the kernel's 1: what is smaller is beneath any noise.
constexpr Eigen::Index kMostRank = 256;           // Smooth kernels over a few decades need fewer.

}  // namespace

ResidualSurface::ResidualSurface(std::vector<double> log_parameter_counts, std::vector<double> log_token_counts,
                                 const std::vector<double>& residuals)
    : u_(std::move(log_parameter_counts)), v_(std::move(log_token_counts)) {
  residuals_ = Eigen::Map<const Eigen::VectorXd>(residuals.data(), static_cast<Eigen::Index>(residuals.size()));
  const double greatest = kGreatestResidual * RobustSpread(residuals);
  clipped_ = residuals_.cwiseMax(-greatest).cwiseMin(greatest);
  kernel_.factor = Eigen::MatrixXd(residuals_.size(), 0);
  LeaveOneOut(kernel_, errors_, variances_);
  double best = RobustSpread(errors_);
  for (double length : kLengths) {
    const Eigen::MatrixXd factor = Factor(length);
    for (double ratio : kRatios) {
      Kernel kernel{length, ratio, factor * std::sqrt(ratio)};
      std::vector<double> errors, variances;
      LeaveOneOut(kernel, errors, variances);
      const double median = RobustSpread(errors);
      if (!(median < kGain * best)) continue;
      best = median;
      kernel_ = std::move(kernel);
      errors_ = std::move(errors);
      variances_ = std::move(variances);
    }
  }
}

double ResidualSurface::Covariance(const Kernel& kernel, double u, double v, size_t i) const {
  const double du = u - u_[i], dv = v - v_[i];
  return kernel.ratio * std::exp(-(du * du + dv * dv) / (2 * kernel.length * kernel.length));
}

// Cholesky's factor with pivots (Higham 2002, section 10.3), as far as they count.
Eigen::MatrixXd ResidualSurface::Factor(double length) const {
  const Eigen::Index n = residuals_.size();
  Eigen::MatrixXd factor(n, std::min(n, kMostRank));
  Eigen::VectorXd left = Eigen::VectorXd::Ones(n);  // Of the diagonal.
  Eigen::Index rank = 0;
  for (; rank < factor.cols(); ++rank) {
    Eigen::Index pivot = 0;
    if (left.maxCoeff(&pivot) < kLeastPivot) break;
    const double root = std::sqrt(left[pivot]);
    for (Eigen::Index i = 0; i < n; ++i) {
      const double k = Covariance({length, 1, {}}, u_[pivot], v_[pivot], static_cast<size_t>(i));
      factor(i, rank) = (k - factor.row(i).head(rank).dot(factor.row(pivot).head(rank))) / root;
    }
    left -= factor.col(rank).cwiseAbs2();
  }
  return factor.leftCols(rank);
}

// (F F' + I)^-1 x = x - F (F'F + I)^-1 F'x.
Eigen::MatrixXd ResidualSurface::Apply(const Kernel& kernel, const Eigen::MatrixXd& x) {
  const Eigen::MatrixXd& f = kernel.factor;
  const Eigen::MatrixXd inner = f.transpose() * f + Eigen::MatrixXd::Identity(f.cols(), f.cols());
  return x - f * inner.llt().solve(f.transpose() * x);
}

void ResidualSurface::LeaveOneOut(const Kernel& kernel, std::vector<double>& errors, std::vector<double>& variances) const {
  const Eigen::MatrixXd& f = kernel.factor;
  const Eigen::MatrixXd inner = f.transpose() * f + Eigen::MatrixXd::Identity(f.cols(), f.cols());
  const Eigen::MatrixXd solved = inner.llt().solve(f.transpose());
  const Eigen::VectorXd applied = clipped_ - f * (solved * clipped_);
  for (Eigen::Index i = 0; i < residuals_.size(); ++i) {
    const double q = 1 - f.row(i).dot(solved.col(i));
    const double of_others = clipped_[i] - applied[i] / q;
    errors.push_back(residuals_[i] - of_others);
    variances.push_back(1 / q);
  }
}

ResidualSurface::Prediction ResidualSurface::Predict(double log_parameter_count, double log_token_count) const {
  if (kernel_.ratio == 0) return {};
  Eigen::VectorXd k(residuals_.size());
  for (Eigen::Index i = 0; i < k.size(); ++i) k[i] = Covariance(kernel_, log_parameter_count, log_token_count, static_cast<size_t>(i));
  const Eigen::VectorXd weights = Apply(kernel_, k);
  return {weights.dot(clipped_), std::max(1.0, 1 + kernel_.ratio - weights.dot(k))};
}

}  // namespace isoflop
