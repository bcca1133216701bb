#ifndef ISOFLOP_PLUGIN_CLI_REMOTE_STUDY_H_
#define ISOFLOP_PLUGIN_CLI_REMOTE_STUDY_H_

#include <grpcpp/channel.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"

namespace isoflop {

namespace v1 {
class CheckPlansRequest;
class GetPageRequest;
}  // namespace v1

// A study that a running `isoflop serve` keeps. All calls return Unavailable where no server answers in time; else the server's own code and message,
// with InvalidArgument for what is not known there.
class RemoteStudy {
 public:
  // The study of that id or, where none has it, the only one of that name in the tracker. `address` is HOST:PORT or unix:/ABSOLUTE/PATH.
  static absl::StatusOr<RemoteStudy> Find(const std::string& address, const std::string& study);

  // The newest version of the law that pages show, with its runs and replicas. FailedPrecondition while there is none.
  absl::StatusOr<Fit> FetchFit() const;

  // Of the laws of a hyperparameter (core/advice/hyperparameters.h) those that the study keeps.
  absl::StatusOr<std::vector<Fit>> FetchHyperparameterFits() const;

  // A version of one of its laws with all that plans are judged by, as `isoflop export` prints it (plugin/document/snapshot_document.h). The law that
  // pages show where `law` is empty, its newest version for 0. FailedPrecondition while the study has no law, NotFound where there is no such one.
  absl::StatusOr<std::string> FetchSnapshot(const std::string& law, int64_t version) const;

  // The runs that a law is fitted to: the JSON of plugin/document/runs_document.h.
  absl::StatusOr<std::string> FetchRuns() const;

  // Has plans judged and recorded; the study is filled in. InvalidArgument where two runs have one name, or as CheckService.
  absl::Status RecordPlans(v1::CheckPlansRequest request) const;

  // Recorded plans and their runs: the JSON of plugin/document/planned_runs_document.h.
  absl::StatusOr<std::string> FetchPlannedRuns() const;

  // How its runs under way will end: the JSON of plugin/document/forecasts_document.h.
  absl::StatusOr<std::string> FetchForecasts() const;

 private:
  RemoteStudy(std::string address, std::shared_ptr<grpc::Channel> channel) : address_(std::move(address)), channel_(std::move(channel)) {}

  template <typename Stub, typename Method, typename Request, typename Response>
  absl::Status Call(Stub& stub, Method method, const Request& request, Response& response) const;
  absl::Status Resolve(const std::string& study);
  absl::StatusOr<Fit> FetchLaw(const std::string& law) const;
  // `request` names the page, but for its study.
  absl::StatusOr<std::string> FetchPage(const v1::GetPageRequest& request) const;

  std::string address_;
  std::shared_ptr<grpc::Channel> channel_;
  std::string name_;  // `studies/{study}`
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_REMOTE_STUDY_H_
