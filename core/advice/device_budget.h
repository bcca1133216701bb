#ifndef ISOFLOP_CORE_ADVICE_DEVICE_BUDGET_H_
#define ISOFLOP_CORE_ADVICE_DEVICE_BUDGET_H_

namespace isoflop {

// Accelerators (GPUs) and what they cost. Prices in any one currency.
struct Devices {
  double count = 1;                 // At hand, positive.
  double flops_per_sec = 0;         // Of one, positive; the datasheet's figure, or the one measured with utilisation 1.
  double utilisation = 1;           // Of `flops_per_sec`, in (0, 1].
  double price_per_hour = 0;        // Of one: rent, or purchase and housing spread over its life.
  double power_kw = 0;              // Of one with its share of cooling, while it trains.
  double electricity_price_per_kwh = 0;  // Besides `price_per_hour`.
};

inline constexpr double kSecondsPerHour = 3600, kHoursPerDay = 24;

// C = count flops_per_sec utilisation T, FLOPs.
double TrainingFlopsOfDays(const Devices& devices, double days);

// T = C / (count flops_per_sec utilisation), days.
double DaysOfTrainingFlops(const Devices& devices, double training_flops);

// p_f = (price_per_hour + power_kw electricity_price_per_kwh) / 3600 / (flops_per_sec utilisation): money per training FLOP.
double PricePerTrainingFlop(const Devices& devices);

// The electricity of C FLOPs, money: C / (flops_per_sec utilisation) / 3600 power_kw electricity_price_per_kwh.
double ElectricityPrice(const Devices& devices, double training_flops);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_DEVICE_BUDGET_H_
