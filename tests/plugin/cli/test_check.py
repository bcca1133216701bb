"""`isoflop check`: published runs as plans against the law of the 234 runs, bad plans, and what cannot be judged."""

import json
import os
import pathlib
import subprocess

import pytest

BINARY = os.environ.get("ISOFLOP_BINARY", "build/isoflop")
RUNS = pathlib.Path(__file__).parents[2] / "data" / "chinchilla_figure4_subset.csv"
GOPHER = "name: gopher\nparameter_count: 280B\ntoken_count: 300B\n"
CHINCHILLA = "name: chinchilla\nparameter_count: 70B\ntoken_count: 1.4T\n"


def isoflop(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def fit(tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("fit") / "fit.json"
    path.write_text(isoflop("fit", RUNS, "--format", "json").stdout)
    return path


def check(plan: str, fit: pathlib.Path, *arguments: object) -> subprocess.CompletedProcess:
    return isoflop("check", "-", "--fit", fit, *arguments, stdin=plan)


def test_gopher_is_told_what_it_wastes_by_both_laws(fit):
    done = check(GOPHER, fit, "--format", "json")
    assert done.returncode == 1, done.stderr
    answer = json.loads(done.stdout)
    (run,) = answer["runs"]
    assert (answer["schema_version"], answer["verdict"], answer["law"]["id"]) == (1, "violated", "chinchilla")
    assert run["fitted"]["wasted_share"]["estimate"] == pytest.approx(0.54, abs=0.005)
    assert run["drift_weighted"]["wasted_share"]["estimate"] == pytest.approx(0.81, abs=0.005)
    finding = next(one for one in run["findings"] if one["code"] == "OFF_OPTIMUM")
    assert finding["severity"] == "error"
    assert finding["place"] == {"file": "standard input", "line": 2, "column": 1}
    to = {change["field"]: change["to"]["estimate"] for change in finding["edit"]["changes"]}
    assert to["parameter_count"] < 280e9 and to["token_count"] > 300e9


def test_chinchilla_passes_with_the_warning_that_the_optimum_is_not_settled(fit):
    done = check(CHINCHILLA, fit, "--format", "json")
    assert done.returncode == 0, done.stderr
    (run,) = json.loads(done.stdout)["runs"]
    finding = next(one for one in run["findings"] if one["code"] == "OPTIMUM_NOT_SETTLED")
    assert finding["severity"] == "warning"
    # .2 % and 30 to 31 %, whichever of two noises weighs the drift: .302 by that of neighbouring runs, .304 by that of all residuals.
    assert run["fitted"]["wasted_share"]["estimate"] == pytest.approx(0.0015, abs=0.0005)
    assert run["drift_weighted"]["wasted_share"]["estimate"] == pytest.approx(0.305, abs=0.01)
    # For the plan's loss. With the plan's compute the best sizes are 65 and 22 B.
    (advice,) = json.loads(isoflop("advise", "--fit", fit, "--budget", 5.88e23, "--format", "json").stdout)["advice"]
    assert advice["parameter_count"]["estimate"] == pytest.approx(65e9, rel=0.02)
    assert advice["drift_weighted"]["parameter_count"]["estimate"] == pytest.approx(22e9, rel=0.05)
    # Both readings are told, and the edit as one of them.
    assert "By the fitted law, " in finding["reason"] and "By the law that trusts large runs more, " in finding["reason"]
    assert finding["edit"]["sentence"].startswith("by the law that trusts large runs more, parameter_count 70 B")
    text = check(CHINCHILLA, fit).stdout
    assert "Perhaps by the law" in text and "Try" not in text
    assert check(CHINCHILLA, fit, "--fail-on", "warning").returncode == 1


def test_several_plans_have_the_worst_verdict_and_exit_zero_hides_it(fit, tmp_path):
    plans = [tmp_path / "chinchilla.yaml", tmp_path / "gopher.yaml"]
    for plan, text in zip(plans, (CHINCHILLA, GOPHER), strict=True):
        plan.write_text(text)
    done = isoflop("check", *plans, "--fit", fit)
    assert done.returncode == 1 and done.stdout.endswith("verdict: violated\n")
    assert isoflop("check", *plans, "--fit", fit, "--exit-zero").stdout == done.stdout
    assert isoflop("check", *plans, "--fit", fit, "--exit-zero").returncode == 0


def test_a_waiver_holds_to_its_end_and_is_always_listed(fit, monkeypatch):
    plan = GOPHER + "waive:\n- code: OFF_OPTIMUM\n  reason: the hardware is fixed\n  until: 2026-12-01\n"
    for epoch, code in ((1796169599, 0), (1796169600, 1)):  # The last second of that day, and the next.
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(epoch))
        done = check(plan, fit, "--format", "json")
        (run,) = json.loads(done.stdout)["runs"]
        assert done.returncode == code
        assert run["waivers"][0]["until"] == "2026-12-01"
        assert ("WAIVER_EXPIRED" in [one["code"] for one in run["findings"]]) == (code == 1)


def test_every_problem_of_a_bad_plan_has_its_place(fit):
    done = check("name: x\nparameter_count: -5\ntoken_cuont: 3B\n", fit, "--exit-zero")
    assert done.returncode == 2 and done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) >= 2
    assert any(line.startswith("standard input:2:") for line in lines) and any(line.startswith("standard input:3:1: ") for line in lines)


def test_a_plan_that_is_missing_hides_no_problem_of_another(fit, tmp_path):
    bad, missing = tmp_path / "bad.yaml", tmp_path / "missing.yaml"
    bad.write_text("parameter_count: -5\ntoken_count: 3B\n")
    done = isoflop("check", bad, missing, "--fit", fit)
    assert done.returncode == 2
    assert f"{bad}:1:18: " in done.stderr and f"{missing}: " in done.stderr


def test_without_a_law_nothing_can_be_judged(tmp_path):
    fit = tmp_path / "fit.json"
    fit.write_text(isoflop("fit", "-", "--format", "json", stdin="N,D,loss\n1e8,2e9,3.5\n2e8,4e9,3.2\n").stdout)
    assert check(CHINCHILLA, fit).returncode == 3
    assert check(CHINCHILLA, fit, "--on-unknown", "pass").returncode == 0


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_second_run_prints_the_same_bytes(fit, form):
    assert check(GOPHER, fit, "--format", form).stdout == check(GOPHER, fit, "--format", form).stdout != ""


def test_the_plan_that_advise_writes_passes_as_evidence(fit, tmp_path):
    plan = tmp_path / "plan.yaml"
    advised = isoflop("advise", "--fit", fit, "--budget", "1e23", "--next-runs", "--sweep", "2e21", "--plan", plan)
    assert advised.returncode == 0, advised.stderr
    assert isoflop("check", plan, "--fit", fit).returncode == 0
    plan.write_text(plan.read_text().replace("purpose: evidence", "purpose: model"))
    assert isoflop("check", plan, "--fit", fit).returncode == 1  # Pilots are no good models for their compute.


def test_codes_are_listed_and_explained():
    names = [line.split()[0] for line in isoflop("check", "--explain").stdout.splitlines()]
    assert "OFF_OPTIMUM" in names
    for name in names:
        assert isoflop("check", "--explain", name).stdout.startswith(name + " (")
    assert isoflop("check", "--explain", "NO_SUCH_CODE").returncode == 2


def test_codes_are_explained_as_json_too():
    names = [line.split()[0] for line in isoflop("check", "--explain").stdout.splitlines()]
    codes = json.loads(isoflop("check", "--explain", "--format", "json").stdout)["codes"]
    assert [code["code"] for code in codes] == names
    for code in codes:
        text = isoflop("check", "--explain", code["code"]).stdout
        assert all(code[part] in text for part in ("severity", "title", "meaning", "computed", "fix"))
        assert all(limit["name"] in text and limit["meaning"] in text for limit in code["limits"])
    (one,) = json.loads(isoflop("check", "--explain", names[0], "--format", "json").stdout)["codes"]
    assert one == codes[0]


@pytest.fixture(scope="module")
def tuned(tmp_path_factory) -> dict[str, pathlib.Path]:
    """Laws of searches in which the best rate is .1 N^-.2 D^.05 and the best batch 100 D^.5; one step of a factor 1.4 costs .2 % of the loss, two .8 %."""
    folder = tmp_path_factory.mktemp("tuned")
    paths = {}
    for law, column, best in (("learning_rate", "learning_rate", lambda n, d: 0.1 * n**-0.2 * d**0.05), ("batch_size", "batch_token_count", lambda n, d: 100 * d**0.5)):
        rows = [f"parameter_count,token_count,loss,{column}"]
        for n in (1e8, 1e9, 1e10):
            for d in (4e9, 4e10, 4e11):
                rows += [f"{n},{d},{3 * (1 + 0.002 * step**2)},{best(n, d) * 1.4**step}" for step in range(-2, 3)]
        done = isoflop("fit", "-", "--law", law, "--bootstrap", 50, "--format", "json", stdin="\n".join(rows))
        assert done.returncode == 0, done.stderr
        paths[law] = folder / f"{law}.json"
        paths[law].write_text(done.stdout)
    return paths


RATE, BATCH = 0.1 * 8e9**-0.2 * 2.5e11**0.05, 100 * 2.5e11**0.5  # At 8 B parameters and 250 B tokens.


@pytest.mark.parametrize("factor", [2.09, 1 / 2.09, 2.11, 1 / 2.11])  # The band reaches 1.4 times the best, the limit 1.5 times past it: 2.1.
def test_learning_rate_and_batch_are_held_to_their_own_laws(fit, tuned, factor):
    plan = f"parameter_count: 8B\ntoken_count: 250B\nlearning_rate: {RATE * factor}\nbatch_token_count: {BATCH * factor}\n"
    answer = json.loads(check(plan, fit, "--hyperparameters", f"{tuned['learning_rate']},{tuned['batch_size']}", "--format", "json").stdout)
    found = {one["code"]: one for one in answer["runs"][0]["findings"] if one["code"] in ("LEARNING_RATE", "BATCH_SIZE")}
    assert set(found) == ({"LEARNING_RATE", "BATCH_SIZE"} if max(factor, 1 / factor) > 2.1 else set())
    for code, field, line, best in (("LEARNING_RATE", "learning_rate", 3, RATE), ("BATCH_SIZE", "batch_token_count", 4, BATCH)):
        if code in found:
            (change,) = found[code]["edit"]["changes"]
            assert found[code]["place"]["line"] == line and change["field"] == field
            assert change["to"]["estimate"] == pytest.approx(best, rel=0.005)  # Three digits.
    assert [law["id"] for law in answer["hyperparameter_laws"]] == ["learning_rate", "batch_size"]


def test_a_law_of_the_loss_judges_no_learning_rate(fit):
    done = check(CHINCHILLA, fit, "--hyperparameters", fit)
    assert done.returncode == 2 and done.stdout == ""
    assert f"{fit}: hyperparameters need a fit of learning_rate or batch_size; this one is of chinchilla" in done.stderr


JANUARY_2027 = 1798761600  # 2027-01-01T00:00:00Z.


@pytest.fixture(scope="module")
def dated_fit(tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("fit") / "fit.json"
    done = subprocess.run([BINARY, "fit", RUNS, "--bootstrap", "0", "--format", "json"], env=os.environ | {"SOURCE_DATE_EPOCH": str(JANUARY_2027)}, capture_output=True, text=True, timeout=120)
    path.write_text(done.stdout)
    return path


def test_a_fit_says_when_it_was_made_only_where_the_environment_does(fit, dated_fit):
    assert json.loads(fit.read_text())["create_time"] is None
    assert json.loads(dated_fit.read_text())["create_time"] == "2027-01-01T00:00:00Z"
    timeless = [{key: value for key, value in json.loads(path.read_text()).items() if key in ("parameters", "basins", "observations_hash")} for path in (fit, dated_fit)]
    assert timeless[0]["observations_hash"] == timeless[1]["observations_hash"]


@pytest.mark.parametrize(("age", "seconds"), [("30d", 30 * 86400), ("30", 30 * 86400), ("12h", 12 * 3600), ("1.5d", 36 * 3600)])
def test_a_fit_judges_to_the_last_second_of_its_age(dated_fit, monkeypatch, age, seconds):
    for late, code in ((0, 0), (1, 3)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(JANUARY_2027 + seconds + late))
        done = check(CHINCHILLA, dated_fit, "--max-fit-age", age, "--format", "json")
        assert done.returncode == code, done.stderr
        (run,) = json.loads(done.stdout)["runs"]
        assert ("FIT_TOO_OLD" in [one["code"] for one in run["findings"]]) == (code == 3)
        assert (run["fitted"] is None) == (code == 3)  # The law is not asked.


def test_an_allowed_age_comes_from_the_policy_unless_a_flag_gives_it(fit, dated_fit, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(JANUARY_2027 + 2 * 86400))
    policy = tmp_path / "policy.yaml"
    policy.write_text("max_fit_age_days: 1")
    assert check(CHINCHILLA, dated_fit, "--policy", policy).returncode == 3
    assert check(CHINCHILLA, dated_fit, "--policy", policy, "--max-fit-age", "3d").returncode == 0
    undated = check(CHINCHILLA, fit, "--max-fit-age", "3d")
    assert undated.returncode == 3 and "does not say when it was made" in undated.stdout


@pytest.mark.parametrize("age", ["d", "-1d", "3 weeks", "1y", ".nan"])
def test_an_age_that_is_none_is_refused(dated_fit, age):
    done = check(CHINCHILLA, dated_fit, f"--max-fit-age={age}")
    assert done.returncode == 2 and done.stdout == "" and "--max-fit-age" in done.stderr
