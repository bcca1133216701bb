"""One study, five ways to ask: the command line with the exported law and with the server, the rpc, the page and the Python client."""

import contextlib
import csv
import datetime
import io
import json
import pathlib
import re
import textwrap

import grpc
import pytest
from sidecar import REPOSITORY, isoflop, serving, set_tags, snapshot, store

from isoflop import Client, InvalidQuestion, NotKnown, ThinEvidence, Unreachable
from isoflop.v1 import advice_pb2, advice_pb2_grpc, check_pb2, check_pb2_grpc, pages_pb2, pages_pb2_grpc, trade_offs_pb2

PUBLISHED_RUNS = REPOSITORY / "tests" / "data" / "chinchilla_figure4_subset.csv"
BUDGET = 1e23  # Past the runs, so that drift weights speak.
GPUS = {"gpu_count": 256, "gpu_flops_per_sec": 1e15, "utilisation": 0.4, "gpu_price_per_hour": 2.5, "price_per_billion_tokens": 100}
QUESTION = GPUS | {"unique_token_count": 2e11, "served_token_count": 1e13, "target_loss_nats_per_token": 2.1}
FLAGS = ("--gpu-count", 256, "--gpu-flops", 1e15, "--utilisation", 0.4, "--gpu-price", 2.5, "--token-price", 100,
         "--unique-tokens", 2e11, "--served-tokens", 1e13, "--target-loss", 2.1)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("sidecar"), "chinchilla") as address:
        with PUBLISHED_RUNS.open() as file:
            rows = list(csv.DictReader(file))
        runs = [
            snapshot(f"run-{i}", "7", {1: float(row["loss"])}, parameter_count=row["N"], token_count=row["D"], training_flops=row["C"])
            for i, row in enumerate(rows)
        ]
        # Under way: half of 1,000 steps of a run that falls to 2.6 by a power law, and one that blew up.
        for name, factor in (("good", 1), ("diverged", 3)):
            losses = {step: 2.6 * (0.8 + 0.2 * (step / 1000) ** -0.5) * (factor if step > 250 else 1) for step in range(10, 501, 10)}
            runs.append(snapshot(name, "7", losses, finished=False, parameter_count=1e9, token_count=2e10, max_steps=1000))
        store(address, "7", "chinchilla", runs, {"chinchilla"})
        yield address


@pytest.fixture(scope="module")
def client(address):
    with Client(address) as client:
        yield client


@pytest.fixture(scope="module")
def exported(client, tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("law") / "law.json"
    path.write_text(json.dumps(client.law("7")))
    return path


@pytest.fixture(scope="module")
def stubs(address):
    with grpc.insecure_channel(address) as channel:
        yield advice_pb2_grpc.AdviceServiceStub(channel), pages_pb2_grpc.PageServiceStub(channel)


def printed(*arguments: object) -> str:
    done = isoflop("advise", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def page_of(stubs, kind: int, **fields: object) -> dict:
    return json.loads(stubs[1].GetPage(pages_pb2.GetPageRequest(study="studies/7", kind=kind, **fields), timeout=60).json)


def rounded(value: object) -> object:
    """Equal to what a page of trade-offs carries of it: four significant digits, or five where four would be printed otherwise."""
    if isinstance(value, dict):
        return {key: rounded(member) for key, member in value.items()}
    if isinstance(value, list):
        return [rounded(member) for member in value]
    return pytest.approx(value, rel=5e-4, abs=0) if isinstance(value, float) else value


def test_advice_is_the_same_everywhere(address, client, exported, stubs):
    budgets = (1e21, BUDGET)
    flags = ("--budget", ",".join(map(str, budgets)))
    by_fit = printed("--fit", exported, *flags, "--format", "json")
    assert printed("--server", address, "--study", "7", *flags, "--format", "json") == by_fit
    advice = json.loads(by_fit)["advice"]
    assert client.advice("7", *budgets) == client.advice("chinchilla", *budgets) == advice
    assert page_of(stubs, pages_pb2.ADVICE, budget_flops=budgets)["advice"] == advice
    answer = stubs[0].GetAdvice(advice_pb2.GetAdviceRequest(study="studies/7", budget_flops=budgets), timeout=60)
    for message, one in zip(answer.advice, advice, strict=True):
        assert message.HasField("drift_weighted") == (one["drift_weighted"] is not None) == (one["budget_flops"] == BUDGET)
        pairs = [(message, one)] + ([(message.drift_weighted, one["drift_weighted"])] if message.HasField("drift_weighted") else [])
        for part, figures in pairs:
            for quantity in ("parameter_count", "token_count", "loss_nats_per_token"):
                interval = getattr(part, quantity)
                assert {bound: getattr(interval, bound) for bound in ("estimate", "lower", "upper")} == figures[quantity]
            assert part.tokens_per_parameter == figures["tokens_per_parameter"]
        assert [found.code for found in message.diagnostics] == [found["code"] for found in one["diagnostics"]]


def test_trade_offs_are_the_same_everywhere(address, client, exported, stubs):
    flags = ("--budget", BUDGET, *FLAGS)
    by_fit = printed("--fit", exported, *flags, "--format", "json")
    assert printed("--server", address, "--study", "7", *flags, "--format", "json") == by_fit
    assert printed("--server", address, "--study", "chinchilla", *flags) == printed("--fit", exported, *flags)
    (trade_offs,) = json.loads(by_fit)["trade_offs"]
    question = trade_offs_pb2.TradeOffsQuestion(**QUESTION)
    request = advice_pb2.WeighTradeOffsRequest(study="studies/7", budget_flops=BUDGET, question=question)
    answer = stubs[0].WeighTradeOffs(request, timeout=60)
    assert answer.fitted_law.startswith("studies/7/laws/chinchilla/versions/")
    assert json.loads(answer.document) == trade_offs
    assert client.trade_offs("7", BUDGET, **QUESTION) == trade_offs
    weighted = trade_offs["drift_weighted"]
    assert weighted["weight_sum"] == trade_offs["verdict"]["drift_weighted"]["weight_sum"]
    for part in ("plan", "target", "data_limited", "serving"):
        assert trade_offs[part] is not None and weighted[part] is not None
    for part in ("margin", "scale_up", "stopping", "data_limited"):
        assert "Trusting large runs more: " in trade_offs["sentences"][part]
    page = page_of(stubs, pages_pb2.TRADE_OFFS, budget_flops=[BUDGET], trade_offs=question, run_id="run-3")
    of_run = client.trade_offs("7", BUDGET, run_id="run-3", **QUESTION)
    assert of_run["more_compute"]["run_name"] == "run-3" and of_run["more_compute"] != trade_offs["more_compute"]
    for part in ("plan", "margin", "scale_up", "alternatives", "more_compute", "stopping", "target", "data_limited", "serving"):
        assert page[part] == rounded(of_run[part])
    assert page["question"] == of_run["question"] and page["sentences"] == of_run["sentences"]
    without_question = client.trade_offs("7")
    assert without_question["question"]["budget_flops"] == page_of(stubs, pages_pb2.TRADE_OFFS)["question"]["budget_flops"]


def test_what_counts_as_good_is_the_same_everywhere(address, client, exported, stubs):
    flags = ("--budget", 1e22, "--tolerance", "0.5%", "--format", "json")
    by_fit = printed("--fit", exported, *flags)
    assert printed("--server", address, "--study", "7", *flags) == by_fit
    (advice,) = json.loads(by_fit)["advice"]
    assert advice["tolerance"] == {"loss_share": 0.005, "is_set": True} and advice["convention"] == "TOTAL"
    assert client.advice("7", 1e22, tolerance=0.005) == [advice]
    answer = stubs[0].GetAdvice(advice_pb2.GetAdviceRequest(study="studies/7", budget_flops=[1e22], tolerance=0.005), timeout=60).advice[0]
    as_good = {"lower": answer.as_good_parameter_count.lower, "upper": answer.as_good_parameter_count.upper}
    assert as_good == advice["as_good_parameter_count"] and answer.tolerance.is_set and answer.tolerance.loss_share == 0.005
    (by_noise,) = client.advice("7", 1e22)
    assert by_noise["tolerance"]["is_set"] is False and by_noise["as_good_parameter_count"] != as_good
    (trade_offs,) = json.loads(printed("--fit", exported, "--trade-offs", *flags))["trade_offs"]
    assert client.trade_offs("7", 1e22, tolerance=0.005) == trade_offs
    assert "within 0.5 %" in trade_offs["sentences"]["stopping"]
    assert "their loss is within 0.5 % of the best" in printed("--fit", exported, "--budget", 1e22, "--tolerance", 0.005)
    rule = r"tolerance must be a share of the loss in \(0, 0.1\], got 0.5"
    for ask in (lambda: client.advice("7", 1e22, tolerance=0.5), lambda: client.trade_offs("7", 1e22, tolerance=0.5)):
        with pytest.raises(InvalidQuestion, match=rule):
            ask()
    done = isoflop("advise", "--fit", exported, "--budget", 1e22, "--tolerance", 0.5)
    assert done.returncode == 2 and re.search(rule, done.stderr)


def test_the_tolerance_of_a_study_is_that_of_every_answer(tmp_path):
    with serving(tmp_path, "chinchilla") as address, Client(address) as client, PUBLISHED_RUNS.open() as file:
        runs = [
            snapshot(f"run-{i}", "7", {1: float(row["loss"])}, parameter_count=row["N"], token_count=row["D"])
            for i, row in enumerate(csv.DictReader(file))
        ]
        store(address, "7", "set", runs, {"chinchilla"})
        by_noise = client.advice("7", 1e20)
        set_tags(address, "7", {"isoflop.tolerance": "0.5 %"})
        law = tmp_path / "law.json"
        law.write_text(json.dumps(client.law("7")))
        advice = client.advice("7", 1e20)
        assert advice == client.advice("7", 1e20, tolerance=0.005) != by_noise
        flags = ("--budget", 1e20, "--trade-offs", "--format", "json")
        assert printed("--fit", law, *flags) == printed("--server", address, "--study", "7", *flags)
        with grpc.insecure_channel(address) as channel:
            stubs = None, pages_pb2_grpc.PageServiceStub(channel)
            assert page_of(stubs, pages_pb2.PANEL, budget_flops=[1e20])["verdict"] == advice[0]
            assert page_of(stubs, pages_pb2.OTHER_SIZES, budget_flops=[1e20])["verdict"] == advice[0]
            steps = page_of(stubs, pages_pb2.ADVICE_GRID)["advice_grid"]
            step = steps["budget_flops"].index(1e20)
            as_good = {bound: values[step] for bound, values in steps["as_good_parameter_count"].items()}
            assert as_good == rounded(advice[0]["as_good_parameter_count"])
            set_tags(address, "7", {"isoflop.tolerance": "50 %"})
            assert page_of(stubs, pages_pb2.PANEL)["setting_issues"] == [
                {"name": "isoflop.tolerance", "value": "50 %", "reason": "tolerance must be a share of the loss in (0, 0.1], got 0.5"}
            ]
        assert client.advice("7", 1e20) == by_noise


def test_menus_of_models_and_fixed_quantities_are_the_same_everywhere(address, client, exported, tmp_path):
    networks = {"small": (24, 2048), "medium": (32, 4096), "large": (80, 8192)}
    table = tmp_path / "models.csv"
    table.write_text("name,n_layer,hidden_size,vocab_size\n" + "".join(f"{name},{layers},{width},32000\n" for name, (layers, width) in networks.items()))
    flags = ("--budget", 1e22, "--menu", table, "--format", "json")
    by_fit = printed("--fit", exported, *flags)
    assert printed("--server", address, "--study", "7", *flags) == by_fit
    (trade_offs,) = json.loads(by_fit)["trade_offs"]
    menu = [
        {"name": name, "architecture": {"n_layer": layers, "hidden_size": width, "vocab_size": 32000}} for name, (layers, width) in networks.items()
    ]
    answer = client.trade_offs("7", 1e22, menu=menu)
    for question in (answer.pop("question"), trade_offs.pop("question")):
        assert [model["name"] for model in question["menu"]] == list(networks)
    assert answer == trade_offs
    assert trade_offs["alternatives"][trade_offs["menu_best"]]["name"] == "medium"
    assert trade_offs["sentences"]["alternatives"].startswith("Of these, medium is best at 1e22 FLOPs.")
    with pytest.raises(InvalidQuestion, match='menu model "odd"'):
        client.trade_offs("7", 1e22, menu=[{"name": "odd", "architecture": {"n_layer": "many"}}])
    for flag, fixed in (("--parameters", "parameter_counts"), ("--tokens", "token_counts")):
        by_fit = printed("--fit", exported, flag, 7e10, "--target-loss", 2.1, "--format", "json")
        assert client.trade_offs("7", **{fixed: [7e10]}, target_loss_nats_per_token=2.1) == json.loads(by_fit)["trade_offs"][0]


def test_next_runs_are_the_same_everywhere(address, client, exported, stubs):
    flags = ("--budget", BUDGET, "--next-runs", "--sweep", 2e21)
    by_fit = printed("--fit", exported, *flags, "--format", "json")
    assert printed("--server", address, "--study", "7", *flags, "--format", "json") == by_fit
    assert printed("--server", address, "--study", "7", *flags) == printed("--fit", exported, *flags)
    next_runs = json.loads(by_fit)["next_runs"]
    assert client.next_runs("7", BUDGET, sweep_flops=2e21) == next_runs
    assert page_of(stubs, pages_pb2.NEXT_RUNS, budget_flops=[BUDGET], sweep_flops=2e21) == next_runs
    request = advice_pb2.ProposeNextRunsRequest(study="studies/7", target_flops=BUDGET, sweep_flops=2e21)
    assert json.loads(stubs[0].ProposeNextRuns(request, timeout=60).document) == next_runs
    finer = json.loads(printed("--fit", exported, *flags, "--precision", 0.0001, "--format", "json"))["next_runs"]
    assert client.next_runs("7", BUDGET, sweep_flops=2e21, precision=0.0001) == finer != next_runs


def test_own_candidates_are_ranked_alike(client, exported, tmp_path):
    table = tmp_path / "candidates.csv"
    table.write_text("name,N,D\nsmall,1e8,2e9\nlarge,4e9,8e10\nlong,1e8,1e11\n")
    by_fit = json.loads(printed("--fit", exported, "--next-runs", "--count", 2, "--candidates", table, "--format", "json"))["next_runs"]
    candidates = [{"name": name, "parameter_count": n, "token_count": d} for name, n, d in (("small", 1e8, 2e9), ("large", 4e9, 8e10), ("long", 1e8, 1e11))]
    assert client.next_runs("7", run_count=2, candidates=candidates) == by_fit
    with pytest.raises(InvalidQuestion, match=r"candidates\[0\].token_count must be positive and finite, got 0"):
        client.next_runs("7", candidates=[{"parameter_count": 1e8}])


def test_forecasts_are_the_same_everywhere(address, client, stubs):
    forecasts = client.forecasts("7")
    assert json.loads(printed("--server", address, "--study", "7", "--forecasts", "--format", "json"))["forecasts"] == forecasts
    assert page_of(stubs, pages_pb2.FORECASTS) == forecasts
    assert json.loads(stubs[0].ForecastRuns(advice_pb2.ForecastRunsRequest(study="studies/7"), timeout=60).document) == forecasts
    assert {run["name"]: run["state"] for run in forecasts["forecasts"]}.keys() == {"good", "diverged"}
    table = printed("--server", address, "--study", "7", "--forecasts")
    for run in forecasts["forecasts"]:
        (line,) = [line for line in table.splitlines() if line.split()[:1] == [run["name"]]]
        assert run["state"] in line and (run["forecast"] is None or f"{run['forecast']['estimate']:.4g}" in line)


PLANS = {
    "gopher.yaml": "name: gopher\nparameter_count: 280B\ntoken_count: 300B\n",
    "sweep.yaml": "learning_rate: 3e-4\nsweep:\n  parameter_count: [1B, 70B]\n  token_count: [20B, 1.4T]\n",
    "repeats.json": '{"study": "chinchilla", "parameter_count": 1e9, "unique_token_count": 1e10, "epoch_count": 6}',
}


@pytest.fixture(scope="module")
def plans(tmp_path_factory) -> list[pathlib.Path]:
    folder = tmp_path_factory.mktemp("plans")
    for name, text in PLANS.items():
        (folder / name).write_text(text)
    return [folder / name for name in PLANS]


def judged(*arguments: object, code: int) -> str:
    done = isoflop("check", *arguments)
    assert (done.returncode, done.stderr) == (code, "")
    return done.stdout


def test_plans_are_judged_alike_everywhere(address, client, tmp_path, plans):
    snapshot = tmp_path / "fit.json"
    snapshot.write_text(isoflop("export", "--server", address, "--study", "chinchilla").stdout)
    assert json.loads(snapshot.read_text()) == client.export("7")
    by_fit = judged(*plans, "--fit", snapshot, "--format", "json", code=1)
    for form in ("json", "text", "markdown"):
        online = judged(*plans, "--server", address, "--study", "7", "--format", form, code=1)
        assert online == judged(*plans, "--fit", snapshot, "--format", form, code=1) != ""
    assert judged(*plans, "--server", address, "--format", "json", code=1) == by_fit  # By the study that a plan names.
    texts = {str(plan): plan.read_text() for plan in plans}
    with grpc.insecure_channel(address) as channel:
        question = [check_pb2.NamedText(file=file, text=text.encode()) for file, text in texts.items()]
        request = check_pb2.CheckPlansRequest(study="studies/7", plans=question)
        answer = check_pb2_grpc.CheckServiceStub(channel).CheckPlans(request, timeout=60)
    assert answer.document + "\n" == by_fit
    assert (answer.verdict, answer.fitted_law) == ("violated", "studies/7/laws/chinchilla/versions/1")
    assert client.check("chinchilla", texts) == json.loads(by_fit)
    assert len(json.loads(by_fit)["runs"]) == 6
    policy = tmp_path / "policy"
    policy.write_text("fail_on: warning\nfindings:\n  OFF_OPTIMUM: note\nexceptions:\n- name: gopher\n  findings: {EXTRAPOLATION: off}\n")
    by_policy = judged(*plans, "--fit", snapshot, "--policy", policy, "--format", "json", code=1)
    assert client.check("7", texts, policy=policy.read_text())["runs"] == json.loads(by_policy)["runs"] != json.loads(by_fit)["runs"]
    bad = client.check("7", texts, policy="fail_no: warning\n")
    assert (bad["verdict"], [problem["place"] for problem in bad["problems"]]) == ("bad_plan", [{"file": "policy", "line": 1, "column": 1}])
    strict = client.check("7", {"a": "parameter_count: 70B\ntoken_count: 1.4T\n"}, fail_on="warning")
    assert (strict["verdict"], client.check("7", {"a": "parameter_count: 70B\ntoken_count: 1.4T\n"})["verdict"]) == ("violated", "pass")


def test_an_exported_law_is_what_fit_prints_with_its_time_and_study(address, client):
    done = isoflop("export", "--server", address, "--study", "7", "--law", "chinchilla", "--version", 1)
    exported = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    by_fit = json.loads(isoflop("fit", PUBLISHED_RUNS, "--format", "json").stdout)
    assert by_fit.keys() - exported.keys() == set()
    assert (exported["study"], exported["hyperparameter_fits"], exported["version"]) == ({"id": "7", "name": "chinchilla"}, [], 1)
    for key in ("parameters", "observations_hash", "drift_weighted"):
        assert exported[key] == by_fit[key]
    made = datetime.datetime.fromisoformat(exported["create_time"])
    assert datetime.timedelta(0) <= datetime.datetime.now(datetime.UTC) - made < datetime.timedelta(hours=1)


def test_what_cannot_be_exported_or_checked_online_ends_with_its_code(address, tmp_path, plans):
    nowhere = f"unix:{tmp_path}/nobody"
    two = tmp_path / "two.yaml"
    two.write_text("runs:\n- {study: a, parameter_count: 1B, token_count: 20B}\n- {study: b, parameter_count: 1B, token_count: 20B}\n")
    for arguments, code, message in (
        (("export", "--server", nowhere, "--study", "7"), 4, "no answer from a server at"),
        (("export", "--server", address, "--study", "nobody"), 2, "got nobody"),
        (("export", "--server", address, "--study", "7", "--law", "kaplan_nd"), 2, "has no law kaplan_nd yet"),
        (("export", "--server", address, "--study", "7", "--version", 9), 2, "has no version 9"),
        (("export", "--server", address, "--study", "7", "--version", 0), 2, "--version"),
        (("check", plans[0], "--server", nowhere, "--study", "7"), 4, "no answer from a server at"),
        (("check", plans[0], "--server", address), 2, "--study is missing, and no plan names a study"),
        (("check", two, "--server", address), 2, "got a, b"),
        (("check", two, "--server", address, "--study", "7"), 2, f"{two}:2:4: study must be the one that judges, 7 (chinchilla), got a"),
    ):
        done = isoflop(*arguments)
        assert (done.returncode, message in done.stderr) == (code, True), done.stderr


def test_plans_that_cannot_be_asked_about_are_refused_and_bad_ones_answered(client):
    bad = client.check("7", {"bad.yaml": b"name: x\nparameter_count: -5\ntoken_cuont: 3B\n", "binary": b"\xff\xfe", "other": "study: other\nparameter_count: 1B\n"})
    assert (bad["verdict"], bad["runs"]) == ("bad_plan", [])
    places = {(problem["place"]["file"], problem["place"]["line"]) for problem in bad["problems"]}
    assert {("bad.yaml", 2), ("bad.yaml", 3), ("binary", 1)} <= places
    flood = client.check("7", {"flood.yaml": "parameter_count: 1B\n" + "\n".join(f"k{i}: 1" for i in range(50_000))})
    assert len(flood["problems"]) == 1001
    sizes = ", ".join(str(1000 + i) for i in range(40))
    for plans, message in (
        ({}, "plans must hold 1 to 1000 files, got 0"),
        ({f"{i}": "parameter_count: 1B\ntoken_count: 20B\n" for i in range(1001)}, "plans must hold 1 to 1000 files, got 1001"),
        ({"sweep": f"sweep:\n  parameter_count: [{sizes}]\n  token_count: [{sizes}]\n"}, "at most 1000 runs together, got at least 1600"),
    ):
        with pytest.raises(InvalidQuestion, match=message):
            client.check("7", plans)
    with pytest.raises(InvalidQuestion, match="max_fit_age must be positive, got -1 days"):
        client.check("7", PLANS, max_fit_age=datetime.timedelta(days=-1))
    with pytest.raises(InvalidQuestion, match="check_time must be from 1970 to 9999"):
        client.check("7", PLANS, check_time=datetime.datetime(1969, 1, 1, tzinfo=datetime.UTC))
    with pytest.raises(InvalidQuestion, match='on_unknown must be "pass", "warn" or "fail", got "no"'):
        client.check("7", PLANS, on_unknown="no")
    with pytest.raises(NotKnown, match="has no law kaplan_nd yet"):
        client.check("7", PLANS, law="kaplan_nd")
    with pytest.raises(NotKnown):
        client.export("7", version=99)


def test_laws_are_what_fit_prints(client, exported):
    assert list(client.laws("chinchilla")) == ["chinchilla"]
    law = client.laws("7")["chinchilla"]
    assert law == json.loads(exported.read_text())
    by_fit = json.loads(isoflop("fit", PUBLISHED_RUNS, "--format", "json").stdout)
    assert law["parameters"] == by_fit["parameters"] and law["observations_hash"] == by_fit["observations_hash"]
    (study,) = client.studies()
    assert (study["id"], study["name"], study["running_run_count"], study["observation_count"]) == ("7", "chinchilla", 2, 234)


def test_what_cannot_be_answered_says_why(address, client, tmp_path):
    with pytest.raises(NotKnown, match="got 'nobody', the name of 0"):
        client.advice("nobody", 1e22)
    with pytest.raises(NotKnown, match="has no law kaplan_nd yet"):
        client.law("7", "kaplan_nd")
    with pytest.raises(InvalidQuestion, match="utilisation must be at most 1, got 40"):
        client.trade_offs("7", utilisation=40)
    with pytest.raises(InvalidQuestion, match="run_id must be of a run"):
        client.trade_offs("7", run_id="none")
    with pytest.raises(Unreachable), Client(f"unix:{tmp_path}/nobody") as nobody:
        nobody.studies()
    for study, flags, code, message in (
        ("nobody", ("--budget", 1e22), 2, "got nobody"),
        ("7", (), 2, "--budget is missing"),
        ("7", ("--budget", 1e22, "--utilisation", 40), 2, "utilisation must be at most 1"),
    ):
        done = isoflop("advise", "--server", address, "--study", study, *flags)
        assert (done.returncode, done.stdout) == (code, "") and message in done.stderr
    nowhere = isoflop("advise", "--server", f"unix:{tmp_path}/nobody", "--study", "7", "--budget", 1e22)
    assert (nowhere.returncode, nowhere.stdout) == (4, "") and "no answer from a server at" in nowhere.stderr
    assert isoflop("advise", "--budget", 1e22).returncode == 2
    assert isoflop("advise", "--fit", "-", "--study", "7", "--budget", 1e22).returncode == 2
    assert isoflop("advise", "--fit", "-", "--forecasts").returncode == 2


def test_the_example_of_the_readme_prints_what_it_says(address):
    readme = (REPOSITORY / "integrations" / "python" / "README.md").read_text()
    example, output = (textwrap.dedent(block) for block in re.findall(r"(?:^(?: {4}.*)?\n)+", readme, re.MULTILINE) if block.strip())
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(example.replace("127.0.0.1:9911", address), {})
    assert printed.getvalue().strip() == output.strip()


def test_a_study_of_too_few_runs_gets_a_first_design(tmp_path):
    with serving(tmp_path, "chinchilla") as address, Client(address) as client:
        runs = [snapshot(f"few-{i}", "1", {1: 3.5 - i / 10}, parameter_count=n, token_count=20 * n) for i, n in enumerate((1e8, 2e8))]
        store(address, "1", "few", runs, set())
        with pytest.raises(ThinEvidence):
            client.advice("1", 1e21)
        with pytest.raises(ThinEvidence):
            client.trade_offs("1")
        assert isoflop("export", "--server", address, "--study", "1").returncode == 3
        store(address, "2", "new", [snapshot("under way", "2", {1: 3.5}, finished=False, parameter_count=1e8, token_count=2e9)], set())
        plan = tmp_path / "plan.yaml"
        plan.write_text("parameter_count: 1B\ntoken_count: 20B\n")
        for study in ("1", "2"):
            assert isoflop("check", plan, "--server", address, "--study", study).returncode == 3
        with pytest.raises(ThinEvidence, match="has no law yet"):
            client.check("2", {"plan": plan.read_text()})
        assert client.check("1", {"plan": "parameter_count: 1B\ntoken_count: 20B\n"})["verdict"] == "cannot_judge"
        assert isoflop("advise", "--server", address, "--study", "1", "--budget", 1e21).returncode == 3
        assert client.next_runs("few")["state"] == "thin"
        assert "Too few runs" in printed("--server", address, "--study", "few", "--next-runs")
