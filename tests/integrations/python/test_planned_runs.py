"""Plans that were recorded, and the runs that they led to: what was predicted before a run is held against what it reached."""

import json
import random

import pytest
from sidecar import isoflop, serving, snapshot, store

from isoflop import Client, InvalidQuestion

NOISE = 0.002  # Of ln L, so that intervals are as wide as those of real runs.


def loss_of(n: float, d: float) -> float:
    return 1.69 + 406.4 * n**-0.34 + 410.7 * d**-0.28


def finished_runs():
    noise = random.Random(3)
    for n in (5e7, 1e8, 2e8, 4e8, 8e8):
        for ratio in (5, 20, 60, 150):
            d = ratio * n
            yield snapshot(f"{n:g}x{ratio}", "7", {1: loss_of(n, d) * (1 + noise.gauss(0, NOISE))}, parameter_count=n, token_count=d)


class Study:
    """A study whose plan is run in steps."""

    def __init__(self, address: str):
        self.address = address
        self.runs = list(finished_runs())
        self.log()

    def log(self, *runs) -> None:
        """Logs runs, in place of those of their names."""
        ids = {run.run_id for run in runs}
        self.runs = [run for run in self.runs if run.run_id not in ids] + list(runs)
        store(self.address, "7", "ladder", self.runs, {"chinchilla"})


@pytest.fixture
def study(tmp_path):
    with serving(tmp_path, "chinchilla") as address:
        yield Study(address)


def plan_of(name: str, n: float = 1.5e9, d: float = 3e10) -> str:
    return f"name: {name}\nstudy: ladder\nparameter_count: {n}\ntoken_count: {d}\n"


def test_a_recorded_plan_is_held_against_its_run_by_what_was_said_before(study, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(plan_of("next"))
    online = ("check", plan, "--server", study.address, "--exit-zero", "--format", "json")
    with Client(study.address) as client:
        judged = json.loads(isoflop(*online).stdout)
        client.check("7", {"plan.yaml": plan_of("next")})
        assert client.planned_runs("7")["plan_count"] == 0  # Nothing is kept that was not to be.
        recorded = isoflop(*online, "--record")
        assert (recorded.returncode, json.loads(recorded.stdout)) == (0, judged)
        (planned,) = client.planned_runs("ladder")["plans"]
        assert (planned["name"], planned["file"], planned["run"], planned["held"]) == ("next", str(plan), None, None)
        assert planned["predicted"] == judged["runs"][0]["fitted"]["loss_nats_per_token"]
        assert planned["planned"] == {"parameter_count": 1.5e9, "token_count": 3e10, "training_flops": 2.7e20}
        assert planned["law"] == {"id": "chinchilla", "version": 1}

        study.log(snapshot("next", "7", {1: 4.0}, finished=False, parameter_count=1.5e9, token_count=3e10))
        (planned,) = client.planned_runs("7")["plans"]
        assert (planned["run"]["state"], planned["reached"]) == ("RUNNING", None)

        # As the law says, but 1 % more tokens than planned.
        reached = loss_of(1.5e9, 3.03e10)
        study.log(snapshot("next", "7", {1: 4.0, 2: reached}, parameter_count=1.5e9, token_count=3.03e10))
        assert client.law("7")["version"] == 2
        isoflop(*online, "--record")  # By the law that knows the run: this is said of another run.
        answer = client.planned_runs("7")
        later, planned = answer["plans"]
        assert (later["law"]["version"], later["run"]) == (2, None)
        assert (planned["law"]["version"], planned["run"]["state"], planned["run"]["other_run_count"]) == (1, "FINISHED", 0)
        assert planned["predicted"] == judged["runs"][0]["fitted"]["loss_nats_per_token"]
        assert planned["reached"]["loss_nats_per_token"] == pytest.approx(reached)
        assert planned["deviation"]["parameter_count"] == 0 and planned["deviation"]["token_count"] == pytest.approx(0.01)
        assert planned["as_planned"] and planned["held"]
        deviation = reached / planned["predicted"]["estimate"] - 1
        record = answer["record"]
        assert (record["count"], record["held_share"], record["off_plan_count"]) == (1, 1, 0)
        assert record["mean_deviation"] == pytest.approx(deviation) and record["mean_absolute_deviation"] == pytest.approx(abs(deviation))

        shown = isoflop("advise", "--server", study.address, "--study", "7", "--planned", "--format", "json")
        assert json.loads(shown.stdout)["planned_runs"] == answer
        table = isoflop("advise", "--server", study.address, "--study", "7", "--planned").stdout
        (line,) = [line for line in table.splitlines() if "FINISHED" in line]
        assert line.split()[0] == "next" and line.endswith("yes") and f"{reached:.4g}" in line
        assert "Of 1 predictions whose run ended as planned, 1 held" in table


def test_a_run_names_its_plan_by_a_tag_and_one_that_went_otherwise_is_not_held_against_the_prediction(study):
    with Client(study.address) as client:
        client.check("7", {"a.yaml": plan_of("a"), "b.yaml": plan_of("b")}, record=True)
        tagged = snapshot("job 17", "7", {1: 9.0}, parameter_count=1.5e9, token_count=3e10)
        tagged.snapshot.tags["isoflop.plan"] = "a"
        study.log(tagged, snapshot("b", "7", {1: 2.5}, parameter_count=1.5e9, token_count=1.5e10))
        answer = client.planned_runs("7")
        b, a = answer["plans"]
        assert (a["run"]["name"], a["held"], a["as_planned"]) == ("job 17", False, True)
        assert (b["run"]["name"], b["as_planned"], b["deviation"]["token_count"]) == ("b", False, -0.5)
        assert (answer["record"]["count"], answer["record"]["held_count"], answer["record"]["off_plan_count"]) == (1, 0, 1)


def test_what_cannot_be_recorded_is_not(study, tmp_path):
    with Client(study.address) as client:
        with pytest.raises(InvalidQuestion, match="a name of its own for every run, got same twice"):
            client.check("7", {"a": plan_of("same"), "b": plan_of("same", 2e9)}, record=True)
        assert client.check("7", {"a": plan_of("good"), "b": "parameter_count: -1\n"}, record=True)["verdict"] == "bad_plan"
        assert client.planned_runs("7")["plans"] == []
    plan, fit = tmp_path / "plan.yaml", tmp_path / "fit.json"
    plan.write_text(plan_of("a"))
    for arguments in (("--fit", fit), ("--server", study.address, "--policy", "-")):
        assert isoflop("check", plan, *arguments, "--record").returncode == 2
    assert isoflop("advise", "--fit", fit, "--planned").returncode == 2
