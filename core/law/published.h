#ifndef ISOFLOP_CORE_LAW_PUBLISHED_H_
#define ISOFLOP_CORE_LAW_PUBLISHED_H_

#include <cmath>

#include "core/law/additive_law.h"
#include "core/law/critical_batch.h"

// Constants as their authors published them: what a fit can be compared with.
namespace isoflop {

inline constexpr double kPetaflopDay = 8.64e19;  // FLOPs: 1e15 a second for a day.

// Y = coefficient X^exponent.
struct PublishedPower {
  double coefficient = 0;
  double exponent = 0;

  double operator()(double x) const { return coefficient * std::pow(x, exponent); }
};

// Y = (scale / X)^exponent.
struct PublishedScale {
  double scale = 0;
  double exponent = 0;

  double operator()(double x) const { return std::pow(scale / x, exponent); }
};

// Kaplan et al. 2020 (arXiv:2001.08361), equations (1.1) to (1.4) and tables 4 to 6. N is NON_EMBEDDING, C in PF-days, losses in nats/token.
namespace kaplan {
inline constexpr PublishedScale kLossOfParameterCount = {8.8e13, 0.076};
inline constexpr PublishedScale kLossOfTokenCount = {5.4e13, 0.095};
inline constexpr PublishedScale kLossOfLeastCompute = {3.1e8, 0.050};  // C_min.
inline constexpr PublishedScale kLossOfCompute = {1.6e7, 0.057};       // C at a fixed batch.
// L(N, D) = ((N_c / N)^(alpha_N / alpha_D) + D_c / D)^alpha_D, table 2.
inline constexpr PublishedScale kJointParameterCount = {6.4e13, 0.076};
inline constexpr PublishedScale kJointTokenCount = {1.8e13, 0.103};
// L(N, S_min) = (N_c / N)^alpha_N + (S_c / S_min)^alpha_S, table 3.
inline constexpr PublishedScale kTrainingParameterCount = {6.5e13, 0.077};
inline constexpr PublishedScale kTrainingStepCount = {2.1e3, 0.76};
inline constexpr CriticalBatch kCriticalBatch = {2e8, 0.21};
// The compute-optimal run for C_min PF-days, table 6.
inline constexpr PublishedPower kOptimalParameterCount = {1.3e9, 0.73};
inline constexpr PublishedPower kOptimalTokenCount = {2e10, 0.27};
inline constexpr PublishedPower kOptimalBatchTokenCount = {2.0e6, 0.24};
inline constexpr PublishedPower kOptimalStepCount = {5.4e3, 0.03};
}  // namespace kaplan

// Hoffmann et al. 2022 (arXiv:2203.15556), appendix D.3, rounded as printed.
inline constexpr AdditiveLaw kHoffmannRounded = {1.69, 406.4, 410.7, 0.34, 0.28};

// Muennighoff et al. 2023 (arXiv:2305.16264), section 5, rounded: the data-constrained law, alpha = beta.
namespace muennighoff {
inline constexpr AdditiveLaw kBase = {1.87, 521, 1488, 0.353, 0.353};
inline constexpr double kTokenRepetitionScale = 15.387;     // R_D
inline constexpr double kParameterRepetitionScale = 5.309;  // R_N
}  // namespace muennighoff

// DeepSeek 2024 (arXiv:2401.02954), section 3. C in FLOPs, M in non-embedding FLOPs per token, batches in tokens.
namespace deepseek {
inline constexpr PublishedPower kLearningRate = {0.3118, -0.1250};
inline constexpr PublishedPower kBatchTokenCount = {0.2920, 0.3271};
inline constexpr PublishedPower kOptimalFlopsPerToken = {0.1715, 0.5243};
inline constexpr PublishedPower kOptimalTokenCount = {5.8316, 0.4757};
}  // namespace deepseek

}  // namespace isoflop

#endif  // ISOFLOP_CORE_LAW_PUBLISHED_H_
