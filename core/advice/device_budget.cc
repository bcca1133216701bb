#include "core/advice/device_budget.h"

namespace isoflop {
namespace {

double FlopsPerDeviceHour(const Devices& devices) { return devices.flops_per_sec * devices.utilisation * kSecondsPerHour; }

double ElectricityPerHour(const Devices& devices) { return devices.power_kw * devices.electricity_price_per_kwh; }

}  // namespace

double TrainingFlopsOfDays(const Devices& devices, double days) {
  return devices.count * FlopsPerDeviceHour(devices) * kHoursPerDay * days;
}

double DaysOfTrainingFlops(const Devices& devices, double training_flops) {
  return training_flops / TrainingFlopsOfDays(devices, 1);
}

double PricePerTrainingFlop(const Devices& devices) {
  return (devices.price_per_hour + ElectricityPerHour(devices)) / FlopsPerDeviceHour(devices);
}

double ElectricityPrice(const Devices& devices, double training_flops) {
  return training_flops / FlopsPerDeviceHour(devices) * ElectricityPerHour(devices);
}

}  // namespace isoflop
