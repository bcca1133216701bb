// Compiled with -ffast-math (core/CMakeLists.txt), and on x86-64 once a generation of vector instructions, chosen at the start of the program.
// Nothing inline that other files share may stand here: the linker would keep one copy for all of them, and it could be this one.
#include "core/fit/additive_sums.h"

#include <math.h>

// The thread sanitizer is not up yet when the loader chooses among clones.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define ISOFLOP_VECTOR_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define ISOFLOP_VECTOR_CLONES
#endif

namespace isoflop {
namespace {

constexpr size_t kBlock = 256;  // Runs at a time, so that what is between the two loops stays in the first cache.

}  // namespace

ISOFLOP_VECTOR_CLONES
void SumAdditive(const AdditiveColumns& runs, const AdditiveCoordinates& at, double delta, AdditiveSums& sums) {
  const double e = at.e, a = at.a, b = at.b, alpha = at.alpha, beta = at.beta;
  const double constant = exp(e);
  double value = 0, g_e = 0, g_a = 0, g_b = 0, g_alpha = 0, g_beta = 0, bend_alpha = 0, bend_beta = 0;
  double ee = 0, ea = 0, eb = 0, aa = 0, ab = 0, bb = 0, ea_u = 0, eb_v = 0, aa_u = 0, ab_u = 0, ab_v = 0, bb_v = 0;
  double aa_uu = 0, ab_uv = 0, bb_vv = 0;
  double first[kBlock], second[kBlock], residual[kBlock];
  for (size_t begin = 0; begin < runs.count; begin += kBlock) {
    const size_t count = runs.count - begin < kBlock ? runs.count - begin : kBlock;
    const double* const log_x1 = runs.log_x1 + begin;
    const double* const log_x2 = runs.log_x2 + begin;
    const double* const log_loss = runs.log_loss + begin;
    const double* const weight = runs.weight + begin;
    for (size_t i = 0; i < count; ++i) {
      first[i] = exp(a - alpha * log_x1[i]);
      second[i] = exp(b - beta * log_x2[i]);
      residual[i] = log(constant + first[i] + second[i]) - log_loss[i];
    }
    for (size_t i = 0; i < count; ++i) {
      // The shares of the three terms, of which ln L = logsumexp has the gradient (s, p, q, -u p, -v q).
      const double u = log_x1[i], v = log_x2[i];
      const double inverse = 1 / (constant + first[i] + second[i]);
      const double s = constant * inverse, p = first[i] * inverse, q = second[i] * inverse;
      const double r = residual[i];
      const double clipped = r > delta ? delta : r < -delta ? -delta : r;
      const double slope = weight[i] * clipped;
      const double curvature = clipped == r ? weight[i] : 0;
      value += slope * (r - 0.5 * clipped);
      // d2 sum = (curvature - slope) g g' + slope M' diag(s, p, q) M.
      const double outer = curvature - slope;
      const double slope_p = slope * p, slope_q = slope * q;
      g_e += slope * s;
      g_a += slope_p;
      g_b += slope_q;
      g_alpha += slope_p * u;
      g_beta += slope_q * v;
      bend_alpha += slope_p * u * u;
      bend_beta += slope_q * v * v;
      const double os = outer * s, op = outer * p, oq = outer * q;
      const double pu = p * u, qv = q * v;
      ee += os * s;
      ea += os * p;
      eb += os * q;
      aa += op * p;
      ab += op * q;
      bb += oq * q;
      ea_u += os * pu;
      eb_v += os * qv;
      aa_u += op * pu;
      ab_u += oq * pu;
      ab_v += op * qv;
      bb_v += oq * qv;
      aa_uu += outer * pu * pu;
      ab_uv += outer * pu * qv;
      bb_vv += outer * qv * qv;
    }
  }
  sums = {value,
          {g_e, g_a, g_b, -g_alpha, -g_beta},
          {ee + g_e,                                                      //
           ea, aa + g_a,                                                  //
           eb, ab, bb + g_b,                                              //
           -ea_u, -aa_u - g_alpha, -ab_u, aa_uu + bend_alpha,             //
           -eb_v, -ab_v, -bb_v - g_beta, ab_uv, bb_vv + bend_beta}};
}

}  // namespace isoflop
