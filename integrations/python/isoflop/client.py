"""What a sidecar says of its studies: laws, advice, trade-offs, next runs and forecasts.

All figures are the sidecar's own, those of MLflow's panel and of `isoflop advise`; nothing is computed here. Counts are parameters and tokens, compute is
FLOPs, losses are nats a token, times are days, prices are in any one currency. An interval is {"estimate", "lower", "upper"}: 95 %, of one new run where
it is of a loss; what cannot be said is None.
"""

import datetime
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import grpc

from isoflop.channel import connect
from isoflop.v1 import (
    advice_pb2,
    advice_pb2_grpc,
    check_pb2,
    check_pb2_grpc,
    fitted_laws_pb2,
    fitted_laws_pb2_grpc,
    pages_pb2,
    pages_pb2_grpc,
    studies_pb2,
    studies_pb2_grpc,
    trade_offs_pb2,
)


class IsoflopError(Exception):
    """An answer that there is not; its text says why. Raised itself where the sidecar failed."""


class Unreachable(IsoflopError, ConnectionError):
    """No sidecar answered in time."""


class NotKnown(IsoflopError, LookupError):
    """No such study, law or version."""


class InvalidQuestion(IsoflopError, ValueError):
    """What was asked breaks a rule; the text names the field, the rule and the value."""


class ThinEvidence(IsoflopError):
    """The runs cannot support an answer yet, or the law is not of a form that answers."""


_ERRORS = {
    grpc.StatusCode.UNAVAILABLE: Unreachable,
    grpc.StatusCode.DEADLINE_EXCEEDED: Unreachable,
    grpc.StatusCode.NOT_FOUND: NotKnown,
    grpc.StatusCode.INVALID_ARGUMENT: InvalidQuestion,
    grpc.StatusCode.FAILED_PRECONDITION: ThinEvidence,
}


class Client:
    """Asks one sidecar. Thread safe; every method raises the errors above, and may be called again after any of them.

    A `study` is named by its id, which with MLflow is the experiment's, or by its name in the tracker where only one study has it.
    """

    def __init__(self, address: str, timeout_sec: float = 60) -> None:
        """Connects when first asked, and again by itself.

        Args:
            address: `HOST:PORT` on loopback, or `unix:/absolute/path.sock`.
            timeout_sec: how long each question may take; positive.

        Raises:
            ValueError: names the rule that the address breaks.
        """
        self._channel = connect(address)
        self._timeout_sec = timeout_sec
        self._advice = advice_pb2_grpc.AdviceServiceStub(self._channel)
        self._checks = check_pb2_grpc.CheckServiceStub(self._channel)
        self._laws = fitted_laws_pb2_grpc.FittedLawServiceStub(self._channel)
        self._pages = pages_pb2_grpc.PageServiceStub(self._channel)
        self._studies = studies_pb2_grpc.StudyServiceStub(self._channel)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; the client is of no use afterwards."""
        self._channel.close()

    def studies(self) -> list[dict[str, Any]]:
        """All studies: {"id", "name" (in the tracker), "run_count", "running_run_count", "observation_count", "newest_version"}."""
        return [
            {
                "id": study.name.removeprefix("studies/"),
                "name": study.display_name,
                "run_count": study.run_count,
                "running_run_count": study.running_run_count,
                "observation_count": study.observation_count,
                "newest_version": study.newest_version,
            }
            for study in self._list_studies()
        ]

    def laws(self, study: str) -> dict[str, dict[str, Any]]:
        """The newest version of each law that the study keeps, by the law's name, the one that pages show first.

        Each is what `isoflop fit --format json` prints: parameters with intervals, the region that the runs span, diagnostics, replicas, runs.
        """
        name = self._find(study)
        watch = self._laws.WatchFittedLaws(fitted_laws_pb2.WatchFittedLawsRequest(study=name), timeout=self._timeout_sec)
        newest = self._ask(lambda: next(watch))
        watch.cancel()
        kept = [law for law in (newest.law, *(other.law for other in newest.other_laws)) if law]
        return {law: self._page(name, pages_pb2.LAW, law=law) for law in kept}

    def law(self, study: str, law: str = "", version: int = 0) -> dict[str, Any]:
        """One version of a law, as in `laws`; older versions come without runs and replicas.

        Args:
            law: such as "chinchilla"; empty: the one that pages show.
            version: 1 or more; 0: the newest.
        """
        return self._page(self._find(study), pages_pb2.LAW, law=law, version=version)

    def advice(self, study: str, *budget_flops: float, tolerance: float | None = None) -> list[dict[str, Any]]:
        """How to spend each of 1 to 1,000 budgets: best size and tokens, the loss to expect, sizes that do as well, what to doubt.

        What `isoflop advise --format json` prints under "advice"; formulas and sources are in core/advice/allocation.h. Where an ERROR is among the
        "diagnostics", its figures must not be acted on. Past the largest run "drift_weighted" says what trusting large runs more changes.

        Args:
            tolerance: what a size may lose beside the best and do as well, a share of the loss in (0, 0.1]; None: what the study has set, else run noise.
        """
        return self._page(self._find(study), pages_pb2.ADVICE, budget_flops=budget_flops, tolerance=tolerance)["advice"]

    def trade_offs(
        self,
        study: str,
        budget_flops: float | None = None,
        *,
        parameter_counts: Sequence[float] = (),
        token_counts: Sequence[float] = (),
        menu: Iterable[Mapping[str, Any]] = (),
        bill: float | None = None,
        greatest_token_count: float | None = None,
        target_loss_nats_per_token: float | None = None,
        gpu_count: float | None = None,
        gpu_flops_per_sec: float | None = None,
        utilisation: float | None = None,
        gpu_price_per_hour: float | None = None,
        gpu_power_kw: float | None = None,
        electricity_price_per_kwh: float | None = None,
        price_per_billion_tokens: float | None = None,
        days: float | None = None,
        unique_token_count: float | None = None,
        served_token_count: float | None = None,
        run_id: str = "",
        version: int = 0,
        tolerance: float | None = None,
    ) -> dict[str, Any]:
        """What more of each buys, other sizes, the cheapest way to a loss, limited data, serving, stopping; learning rate and batch size where the
        study keeps laws of them.

        One object of "trade_offs" of `isoflop advise --format json`; plugin/document/trade_offs_document.h lists its keys, core/advice/trade_offs.h
        gives formulas and sources. Figures are positive and finite; prices and power may be 0.

        Args:
            budget_flops: training compute; None: what the other figures make (one size and one token count; a bill; GPUs and days; the compute for
                which a fixed size or token count is best), else ten times the largest run.
            parameter_counts: one: the size is fixed; several: a menu of sizes, each at the budget.
            token_counts: likewise.
            menu: models to choose among, at most 100, each {"name"} and "parameter_count", in the law's convention, or "architecture", a mapping by the
                names that frameworks use: {"n_layer": 32, "hidden_size": 4096, "vocab_size": 50304}.
            bill: money for training, data and serving together.
            greatest_token_count: what a rate of tokens, or the largest useful batch, lets through before the deadline.
            target_loss_nats_per_token: a loss to reach in the cheapest way.
            gpu_count: GPUs at hand.
            gpu_flops_per_sec: of one GPU.
            utilisation: of `gpu_flops_per_sec`, in (0, 1]; None: 1.
            gpu_price_per_hour: of one GPU.
            gpu_power_kw: of one GPU with its cooling.
            electricity_price_per_kwh: besides `gpu_price_per_hour`.
            price_per_billion_tokens: of new training tokens.
            days: until the deadline.
            unique_token_count: all the training data there is; more is repeated.
            served_token_count: over the model's life.
            run_id: the run, by the tracker's id, for which more compute is weighed; empty: the plan.
            version: of the law; 0: the newest.
            tolerance: as in `advice`.
        """
        question = trade_offs_pb2.TradeOffsQuestion(
            parameter_counts=parameter_counts,
            token_counts=token_counts,
            menu=[_menu_model(**model) for model in menu],
            bill=bill,
            greatest_token_count=greatest_token_count,
            target_loss_nats_per_token=target_loss_nats_per_token,
            gpu_count=gpu_count,
            gpu_flops_per_sec=gpu_flops_per_sec,
            utilisation=utilisation,
            gpu_price_per_hour=gpu_price_per_hour,
            gpu_power_kw=gpu_power_kw,
            electricity_price_per_kwh=electricity_price_per_kwh,
            price_per_billion_tokens=price_per_billion_tokens,
            days=days,
            unique_token_count=unique_token_count,
            served_token_count=served_token_count,
        )
        request = advice_pb2.WeighTradeOffsRequest(
            study=self._find(study), budget_flops=budget_flops, question=question, run_id=run_id, version=version, tolerance=tolerance
        )
        return self._document(self._advice.WeighTradeOffs, request)

    def next_runs(
        self,
        study: str,
        target_flops: float | None = None,
        *,
        sweep_flops: float | None = None,
        run_count: int = 6,
        precision: float = 0.01,
        candidates: Iterable[Mapping[str, Any]] = (),
    ) -> dict[str, Any]:
        """What to launch next, ranked by what it teaches about a target per FLOP, with the interval to expect after each; the plan as YAML.

        "next_runs" of `isoflop advise --next-runs --format json`; plugin/document/next_runs_document.h lists its keys, core/advice/next_runs.h gives
        formulas and sources. With too few runs for a law, a first design ("state": "thin").

        Args:
            target_flops: the budget whose best loss and size are to be known better; None: ten times the dearest run.
            sweep_flops: what the new runs may cost together; None: one by one, every third at the frontier.
            run_count: 1 to 100, at most.
            precision: share to which the best loss there is to be known, half a 95 % interval; positive.
            candidates: runs that may be launched, at most 10,000, each {"parameter_count", "token_count"} and, if wanted, "training_flops" (absent:
                6 N D) and "name"; none: a grid around the runs so far.
        """
        request = advice_pb2.ProposeNextRunsRequest(
            study=self._find(study),
            target_flops=target_flops,
            sweep_flops=sweep_flops,
            run_count=run_count,
            precision=precision,
            candidates=[advice_pb2.CandidateRun(**candidate) for candidate in candidates],
        )
        return self._document(self._advice.ProposeNextRuns, request)

    def forecasts(self, study: str) -> dict[str, Any]:
        """How the runs under way will end, whether they are on the law, what stopping some would free, and which finished runs lie off the law.

        What the panel's tab of running runs shows; plugin/document/forecasts_document.h lists its keys, core/advice/forecast.h gives methods and sources.
        What is said is remembered and scored when the run has ended ("calibration").
        """
        return self._document(self._advice.ForecastRuns, advice_pb2.ForecastRunsRequest(study=self._find(study)))

    def check(
        self,
        study: str,
        plans: Mapping[str, str | bytes],
        *,
        policy: str | bytes | None = None,
        fail_on: str = "",
        on_unknown: str = "",
        law: str = "",
        version: int = 0,
        max_fit_age: datetime.timedelta | None = None,
        check_time: datetime.datetime | None = None,
        record: bool = False,
    ) -> dict[str, Any]:
        """Judges planned runs: what `isoflop check --format json` prints. "verdict" is "pass", "violated", "cannot_judge" or, for plans that cannot be
        read, "bad_plan", with their "problems".

        Args:
            plans: the texts of 1 to 1,000 plans by the names of their files, as `isoflop check` reads them; 1,000 runs at most.
            policy: the text of a policy, as `isoflop check --policy` reads one; what follows wins over it.
            fail_on: what counts as a violation: "error" or "warning"; empty: as the policy says, else "error".
            on_unknown: what it does where the evidence cannot judge: "pass", "warn" or "fail"; empty: as the policy says, else "fail".
            law: such as "chinchilla"; empty: the one that pages show.
            version: of the law; 0: the newest.
            max_fit_age: how old the law's version may be; None: as the policy says.
            check_time: at which waivers and the fit's age are judged, with its time zone; None: now, and no figure tells it.
            record: whether the plans are kept in the study, to be compared with the runs that follow them (`planned_runs`); for what will be run.
        """
        request = check_pb2.CheckPlansRequest(
            study=self._find(study),
            plans=[_named_text(file, text) for file, text in plans.items()],
            policy=None if policy is None else _named_text("policy", policy),
            fail_on=fail_on,
            on_unknown=on_unknown,
            law=law,
            version=version,
            record=record,
        )
        if max_fit_age is not None:
            request.max_fit_age.FromTimedelta(max_fit_age)
        if check_time is not None:
            request.check_time.seconds = int(check_time.timestamp())
        return self._document(self._checks.CheckPlans, request)

    def planned_runs(self, study: str) -> dict[str, Any]:
        """The plans that were recorded beside the runs that they led to: planned, predicted and reached, and how often predictions held ("record").

        plugin/document/planned_runs_document.h lists its keys. A run is of the plan that its tag or parameter `isoflop.plan` names, else of that of its own
        name; the prediction is one from before it.
        """
        return self._page(self._find(study), pages_pb2.PLANNED_RUNS)

    def export(self, study: str, law: str = "", version: int = 0) -> dict[str, Any]:
        """A version of a law with all that plans are judged by: what `isoflop export` prints and `isoflop check --fit` reads.

        Args:
            law: such as "chinchilla"; empty: the one that pages show.
            version: 1 or more; 0: the newest.
        """
        return self._document(self._checks.ExportFit, check_pb2.ExportFitRequest(study=self._find(study), law=law, version=version))

    def _page(self, name: str, kind: int, **fields: Any) -> dict[str, Any]:
        request = pages_pb2.GetPageRequest(study=name, kind=kind, **fields)
        return json.loads(self._ask(lambda: self._pages.GetPage(request, timeout=self._timeout_sec)).json)

    def _document(self, call: Callable, request: Any) -> dict[str, Any]:
        return json.loads(self._ask(lambda: call(request, timeout=self._timeout_sec)).document)

    def _find(self, study: str) -> str:
        """The resource name of a study by its id, else by its name."""
        try:
            request = studies_pb2.GetStudyRequest(name=f"studies/{study}")
            return self._ask(lambda: self._studies.GetStudy(request, timeout=self._timeout_sec)).name
        except (NotKnown, InvalidQuestion):
            found = [one.name for one in self._list_studies() if one.display_name == study]
        if len(found) != 1:
            raise NotKnown(f"study must be the id of one that the sidecar keeps, or the name of exactly one, got {study!r}, the name of {len(found)}")
        return found[0]

    def _list_studies(self) -> list[studies_pb2.Study]:
        studies: list[studies_pb2.Study] = []
        request = studies_pb2.ListStudiesRequest()
        while True:
            page = self._ask(lambda: self._studies.ListStudies(request, timeout=self._timeout_sec))
            studies.extend(page.studies)
            if not page.next_page_token:
                return studies
            request.page_token = page.next_page_token

    @staticmethod
    def _ask(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except grpc.RpcError as error:
            raise _ERRORS.get(error.code(), IsoflopError)(error.details()) from error


def _named_text(file: str, text: str | bytes) -> check_pb2.NamedText:
    return check_pb2.NamedText(file=file, text=text.encode() if isinstance(text, str) else text)


def _menu_model(name: str = "", parameter_count: float | None = None, architecture: Mapping[str, Any] | None = None) -> trade_offs_pb2.MenuModel:
    texts = {field: str(value) for field, value in (architecture or {}).items()}
    return trade_offs_pb2.MenuModel(name=name, parameter_count=parameter_count, architecture=texts)
