"""Learning rate and batch size of a plan, by the laws that a study keeps of them: planted in the runs, and the same from every surface."""

import json
import math

import pytest
from sidecar import isoflop, serving, snapshot, store

from isoflop import Client

LAWS = ("learning_rate", "batch_size")
N, D = 3e9, 1e11  # The plan: past the runs by 1.25 times.


def best_rate(n: float, d: float) -> float:
    return 0.1 * n**-0.2 * d**0.05


def best_batch(n: float, d: float) -> float:
    return 2 * n**0.1 * d**0.4


def planted_runs():
    """In each cell of (N, D), rates a factor 1.4 apart and batches a factor 1.5 apart around the best; one step costs .2 % of the loss, two .8 %."""
    for n in (1e8, 2e8, 5e8, 1e9):
        for d in (4e9, 1e10, 4e10, 4e11):
            loss = 1.69 + 406.4 * n**-0.34 + 410.7 * d**-0.28
            for rate_step, batch_step in [(step, 0) for step in range(-2, 3)] + [(0, step) for step in (-2, -1, 1, 2)]:
                yield {
                    "parameter_count": n,
                    "token_count": d,
                    "learning_rate": best_rate(n, d) * 1.4**rate_step,
                    "batch_token_count": best_batch(n, d) * 1.5**batch_step,
                    "loss": loss * (1 + 0.002 * (rate_step**2 + batch_step**2)),
                }


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("sidecar"), ",".join(("chinchilla", *LAWS))) as address:
        runs = []
        for i, run in enumerate(planted_runs()):
            loss = run.pop("loss")
            runs.append(snapshot(f"run-{i}", "3", {1: loss}, **run))
        store(address, "3", "tuned", runs, {"chinchilla", *LAWS})
        yield address


def test_the_planted_laws_come_back_with_their_bands(address):
    with Client(address) as client:
        answer = client.trade_offs("tuned", parameter_counts=[N], token_counts=[D])["hyperparameters"]
    for quantity, best, step in (("learning_rate", best_rate(N, D), 1.4), ("batch_token_count", best_batch(N, D), 1.5)):
        assert answer[quantity]["best"]["estimate"] == pytest.approx(best, rel=1e-6)
        assert answer[quantity]["near_optimal"] == pytest.approx({"lower": best / step, "upper": best * step}, rel=1e-6)
        assert answer[quantity]["best"]["lower"] <= answer[quantity]["best"]["estimate"] <= answer[quantity]["best"]["upper"]
        assert answer[quantity]["extrapolation_factor"] == pytest.approx(N * D / (1e9 * 4e11))


def test_the_service_the_command_line_and_python_agree(address, tmp_path):
    with Client(address) as client:
        laws = client.laws("3")
        assert list(laws) == ["chinchilla", *sorted(LAWS)]
        answer = client.trade_offs("3", parameter_counts=[N], token_counts=[D])
    for law, document in laws.items():
        (tmp_path / f"{law}.json").write_text(json.dumps(document))
    flags = ("--parameters", N, "--tokens", D, "--format", "json")
    files = ",".join(str(tmp_path / f"{law}.json") for law in LAWS)
    by_fit = isoflop("advise", "--fit", tmp_path / "chinchilla.json", "--hyperparameters", files, *flags)
    by_study = isoflop("advise", "--server", address, "--study", "3", *flags)
    assert (by_study.returncode, by_study.stderr) == (0, "") and by_study.stdout == by_fit.stdout
    assert json.loads(by_study.stdout)["trade_offs"] == [answer]
    table = isoflop("advise", "--server", address, "--study", "3", *flags[:-2]).stdout
    assert "Hyperparameters." in table and f"{best_rate(N, D):.4g}" in table and f"{best_batch(N, D):.4g}" in table


def test_checks_hold_rate_and_batch_to_the_studys_own_laws_online_and_by_its_snapshot(address, tmp_path):
    plan, snapshot = tmp_path / "plan.yaml", tmp_path / "fit.json"
    figures = f"parameter_count: {N}\ntoken_count: {D}\n"
    snapshot.write_text(isoflop("export", "--server", address, "--study", "tuned").stdout)
    for rate, batch, codes in (
        (best_rate(N, D), best_batch(N, D), set()),
        (4 * best_rate(N, D), best_batch(N, D) / 4, {"LEARNING_RATE", "BATCH_SIZE"}),
    ):
        plan.write_text(figures + f"learning_rate: {rate}\nbatch_token_count: {batch}\n")
        online = isoflop("check", plan, "--server", address, "--study", "3", "--format", "json")
        assert online.stdout == isoflop("check", plan, "--fit", snapshot, "--format", "json").stdout
        with Client(address) as client:
            assert client.check("3", {str(plan): plan.read_text()}) == json.loads(online.stdout)
        (run,) = json.loads(online.stdout)["runs"]
        assert {finding["code"] for finding in run["findings"]} & {"LEARNING_RATE", "BATCH_SIZE"} == codes


def test_the_laws_that_are_kept_are_those_that_fit_finds(address, tmp_path):
    rows = list(planted_runs())
    table = tmp_path / "runs.csv"
    table.write_text("\n".join([",".join(rows[0]), *(",".join(map(repr, row.values())) for row in rows)]))
    with Client(address) as client:
        for law in LAWS:
            fit = json.loads(isoflop("fit", table, "--law", law, "--format", "json").stdout)
            kept = client.law("3", law)
            assert kept["observations_hash"] == fit["observations_hash"]
            for found, expected in zip(kept["parameters"], fit["parameters"], strict=True):
                assert math.isclose(found["estimate"], expected["estimate"], rel_tol=1e-9)
                assert math.isclose(found["lower"], expected["lower"], rel_tol=1e-6, abs_tol=1e-6)


def test_runs_that_log_no_hyperparameter_do_without(tmp_path):
    with serving(tmp_path, ",".join(("chinchilla", *LAWS))) as address, Client(address) as client:
        runs = list(planted_runs())
        for run in runs[::2]:
            del run["learning_rate"], run["batch_token_count"]
        for study, kept in (("1", runs), ("2", runs[::2])):
            events = [snapshot(f"{study}-{i}", study, {1: run["loss"]}, **{key: run[key] for key in run if key != "loss"}) for i, run in enumerate(kept)]
            store(address, study, f"study {study}", events, {"chinchilla"} if study == "2" else {"chinchilla", *LAWS})
        assert client.trade_offs("2")["hyperparameters"] is None
        assert list(client.laws("2")) == ["chinchilla"]
        assert client.law("1")["observation_count"] == len(runs) and client.law("1")["excluded"] == []
        for law, missing in zip(LAWS, ("learning_rate", "batch_token_count"), strict=True):
            kept = client.law("1", law)
            assert [run["run"] for run in kept["excluded"]] == sorted(f"1-{i}" for i in range(0, len(runs), 2))
            assert {run["reason"] for run in kept["excluded"]} == {f"{law} needs what was not recognised in this run: {missing}"}
