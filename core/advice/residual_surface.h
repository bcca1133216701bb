#ifndef ISOFLOP_CORE_ADVICE_RESIDUAL_SURFACE_H_
#define ISOFLOP_CORE_ADVICE_RESIDUAL_SURFACE_H_

#include <Eigen/Dense>
#include <vector>

namespace isoflop {

// What a law leaves over smoothly: a Gaussian process r(x) over x = (ln N, ln D) with kernel q exp(-|x - x'|^2 / (2 ell^2)), in units of the
// variance of one run's noise. With K the kernel over the runs and Q = (K + I)^-1, leaving run i out predicts, in closed form,
//
//   r_i - e_i with e_i = (Q r)_i / Q_ii,  of variance v_i = 1 / Q_ii   (Rasmussen & Williams 2006, equations 5.10 to 5.12)
//
// where the values that predict others, but not r_i itself, are clipped at 3 robust standard deviations: a run that is off must not bend the
// surface towards itself. ell in {.7, 1.5, 3} and sqrt(q) in {0, .5, 1, 2, 4} are those of the least median |e_i|; a change must
// gain 3 %.
class ResidualSurface {
 public:
  // Shapes [run_count], one at least.
  ResidualSurface(std::vector<double> log_parameter_counts, std::vector<double> log_token_counts, const std::vector<double>& residuals);

  // e_i and v_i. Shapes [run_count].
  const std::vector<double>& errors() const { return errors_; }
  const std::vector<double>& variances() const { return variances_; }

  // Of a run elsewhere.
  struct Prediction {
    double residual = 0;
    double variance = 1;  // Of its own residual around that, 1 without a surface.
  };
  Prediction Predict(double log_parameter_count, double log_token_count) const;

 private:
  // K = factor factor', to rounding.
  struct Kernel {
    double length = 1, ratio = 0;
    Eigen::MatrixXd factor;  // Shape [run_count, rank].
  };
  double Covariance(const Kernel& kernel, double u, double v, size_t i) const;
  Eigen::MatrixXd Factor(double length) const;
  // Q x.
  static Eigen::MatrixXd Apply(const Kernel& kernel, const Eigen::MatrixXd& x);
  void LeaveOneOut(const Kernel& kernel, std::vector<double>& errors, std::vector<double>& variances) const;

  std::vector<double> u_, v_;
  Eigen::VectorXd residuals_, clipped_;
  Kernel kernel_;
  std::vector<double> errors_, variances_;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_RESIDUAL_SURFACE_H_
