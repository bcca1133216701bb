#ifndef ISOFLOP_CORE_LAW_LAW_H_
#define ISOFLOP_CORE_LAW_LAW_H_

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "core/law/additive_form.h"
#include "core/law/additive_law.h"
#include "core/quantity/quantity.h"

namespace isoflop {

inline constexpr int kMaxParameters = 8;  // Of any law.

// Coordinates of a law, in the order of `Law::parameters`: ln(value) of a scale, the value itself of an exponent.
using Theta = std::array<double, kMaxParameters>;

// Which quantity's range decides whether a parameter can be seen in the data.
enum class Axis { kNone, kParameterCount, kTokenCount };

struct ParameterInfo {
  std::string_view symbol;   // The paper's, such as "A".
  std::string_view name;     // Such as "parameter_loss_coefficient".
  bool is_scale = false;     // A scale is positive and its coordinate is its logarithm.
  Axis axis = Axis::kNone;
  std::optional<double> held = {};  // Value at which it is held unless --fix or --bounds says otherwise.
  // Values between which it must stay unless --bounds says otherwise.
  std::optional<double> lower = {};
  std::optional<double> upper = {};
};

// The least irreducible loss, nats/token. Where runs want none at all, its logarithm would fall for ever and every search end elsewhere.
inline constexpr double kLeastIrreducibleLoss = 1e-6;

// One observation as a law sees it: natural logarithms of its quantities.
struct LawInput {
  std::array<double, kQuantityCount> log = {};  // By Quantity; NaN where absent.
  double log_abscissa = 0;                      // Of the one quantity that a law in x alone is fitted against.
  double log_response = 0;                      // Of what the law predicts.

  double operator[](Quantity quantity) const { return log[static_cast<int>(quantity)]; }
};

// A value for each parameter that is held, in the order of `Law::parameters`; in coordinates, not values.
using HeldCoordinates = std::array<std::optional<double>, kMaxParameters>;

// A scaling law: predicts a quantity of a run (the loss, for most), with exact derivatives. Stateless; safe to share between threads.
class Law {
 public:
  virtual ~Law() = default;

  virtual std::string_view name() const = 0;

  // For people: "L(N, D) = E + A / N^alpha + B / D^beta".
  virtual std::string_view formula() const = 0;

  // At most kMaxParameters.
  virtual const std::vector<ParameterInfo>& parameters() const = 0;

  // Quantities that every observation must have besides the response. A law in x alone names none.
  virtual std::vector<Quantity> inputs() const = 0;

  // What the law predicts.
  virtual Quantity response() const { return Quantity::kLoss; }

  // Whether the law is one in x alone, x being whichever of N, D, C and S the caller chooses.
  virtual bool takes_abscissa() const { return false; }

  // For laws in N and D: the name of the law of the same response in C alone, for runs that give C only; empty: there is none.
  virtual std::string_view compute_form() const { return {}; }

  // ln of the predicted response at `input`. When not null, `gradient` (shape [p]) and `hessian` (shape [p, p], row-major) are overwritten
  // with the derivatives with respect to the coordinates.
  virtual double PredictLog(const LawInput& input, const Theta& theta, double* gradient, double* hessian) const = 0;

  // How the law reads as a constant and power terms; nothing where it does not.
  virtual std::optional<AdditiveForm> additive_form() const { return std::nullopt; }

  // For laws in N and D: an additive law with the same compute-optimal split, from parameter values in the order of `parameters`. Nothing
  // where the law says nothing about a split.
  virtual std::optional<AdditiveLaw> SplitEquivalent(const std::vector<double>& values) const {
    static_cast<void>(values);
    return std::nullopt;
  }

  // Whether the objective has basins so narrow that searches through wider Huber deltas step over them: then each start is also searched from
  // directly.
  virtual bool has_narrow_basins() const { return false; }

  // Points from which to search, most promising first, none farther apart than the basins of the objective are wide. Held coordinates are
  // kept. `inputs` is not empty.
  virtual std::vector<Theta> Starts(const std::vector<LawInput>& inputs, const HeldCoordinates& held) const = 0;
};

// The value of a parameter from its coordinate, and back.
double ValueFromCoordinate(const ParameterInfo& parameter, double coordinate);
double CoordinateFromValue(const ParameterInfo& parameter, double value);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_LAW_LAW_H_
