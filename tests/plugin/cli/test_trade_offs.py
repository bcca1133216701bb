"""`isoflop advise` on trade-offs: each question of a lead, by its flags."""

import json
import os
import pathlib
import subprocess

import pytest

BINARY = os.environ.get("ISOFLOP_BINARY", "build/isoflop")
RUNS = pathlib.Path(__file__).parents[2] / "data" / "chinchilla_figure4_subset.csv"
GPUS = ("--gpu-count", 256, "--gpu-flops", 1e15, "--utilisation", 0.4)


def isoflop(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def fit() -> str:
    return isoflop("fit", RUNS, "--bootstrap", 200, "--format", "json").stdout


@pytest.fixture(scope="module")
def ask(fit):
    def one(*flags: object) -> dict:
        done = isoflop("advise", "--fit", "-", *flags, "--format", "json", stdin=fit)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["trade_offs"][0]

    return one


def test_advice_without_these_flags_has_no_trade_offs_and_with_them_the_same_figures(fit):
    plain = json.loads(isoflop("advise", "--fit", "-", "--budget", "1e21,1e22", "--format", "json", stdin=fit).stdout)
    both = json.loads(isoflop("advise", "--fit", "-", "--budget", "1e21,1e22", "--trade-offs", "--format", "json", stdin=fit).stdout)
    assert list(plain) == ["schema_version", "advice"]
    assert both["advice"] == plain["advice"] == [part["verdict"] for part in both["trade_offs"]]


def test_gpus_and_a_deadline_make_the_budget_and_its_bill(ask):
    answer = ask(*GPUS, "--days", 30, "--gpu-price", 2.5, "--gpu-power", 0.7, "--electricity-price", 0.12)
    assert answer["verdict"]["budget_flops"] == pytest.approx(256 * 4e14 * 30 * 86400)
    cost = answer["plan"]["cost"]
    assert cost["electricity_price"] == pytest.approx(256 * 720 * 0.7 * 0.12)
    assert cost["total_price"] == pytest.approx(256 * 720 * 2.5 + cost["electricity_price"])
    rows = {row["kind"]: row for row in answer["margin"]}
    assert list(rows) == ["parameters", "tokens", "better_data", "compute", "gpus", "days", "money"]
    assert rows["days"]["loss_change"]["estimate"] == pytest.approx(-0.00113903, rel=1e-3)  # tests/core/trade_off_tables_test.cc
    assert rows["days"]["added_price"] == pytest.approx(cost["total_price"] / 30)


def test_a_bill_is_spent_in_full(ask):
    plan = ask("--bill", 1e6, *GPUS, "--gpu-price", 2.5, "--token-price", 2000)["plan"]
    assert plan["cost"]["total_price"] == pytest.approx(1e6)
    assert plan["cost"]["data_price"] == pytest.approx(0.5689e6, rel=2e-3)  # tests/core/trade_off_tables_test.cc


def test_a_menu_shows_the_same_compute_and_the_same_loss_side_by_side(ask):
    answer = ask("--budget", 1e22, "--parameters", "3e9,9e9,27e9", "--unique-tokens", 1e13)
    rows = answer["alternatives"]
    assert [row["same_compute"]["parameter_count"] for row in rows] == [3e9, 9e9, 27e9]
    for row in rows:
        same = row["same_compute"]
        assert 6 * same["parameter_count"] * same["token_count"] == pytest.approx(1e22)
        assert same["epoch_count"] == pytest.approx(same["token_count"] / 1e13)
        assert row["same_loss"]["compute_factor"]["estimate"] >= 1


def test_a_menu_counts_its_models_in_the_convention_of_the_fit(fit, tmp_path):
    # Pearce & Song 2024 (arXiv:2406.12907): N_total = N + 47491 N^(1/3).
    menu = "name,non_embedding_params\na,3e9\nb,9e9\n"
    path = tmp_path / "menu.csv"
    path.write_text(menu)
    done = isoflop("advise", "--fit", "-", "--budget", 1e22, "--menu", path, "--format", "json", stdin=fit)
    path.write_text(menu + "c,none\n")
    bad = isoflop("advise", "--fit", "-", "--budget", 1e22, "--menu", path, stdin=fit)
    assert done.returncode == 0 and "NON_EMBEDDING to TOTAL" in done.stderr
    answer = json.loads(done.stdout)["trade_offs"][0]
    sizes = [row["same_compute"]["parameter_count"] for row in answer["alternatives"]]
    assert sizes == pytest.approx([n + 47491 * n ** (1 / 3) for n in (3e9, 9e9)], rel=1e-6)
    assert bad.returncode == 2 and "menu.csv:4" in bad.stderr


def test_a_convention_other_than_total_is_named(fit):
    table = isoflop("advise", "--fit", "-", "--budget", 1e22, stdin=fit.replace('"convention":"TOTAL"', '"convention":"NON_EMBEDDING"')).stdout
    assert "Sizes N count parameters as NON_EMBEDDING" in table
    assert "Sizes N count" not in isoflop("advise", "--fit", "-", "--budget", 1e22, stdin=fit).stdout


def test_every_part_of_a_full_question_is_answered_with_its_interval_and_in_words(ask, fit):
    flags = ("--budget", 1e22, *GPUS, "--gpu-price", 2.5, "--token-price", 100, "--unique-tokens", 3e10, "--served-tokens", 1e13, "--target-loss", 2.1)
    answer = ask(*flags)
    assert all(answer["sentences"].values())

    def intervals(value):
        if isinstance(value, dict):
            if list(value) == ["estimate", "lower", "upper"]:
                yield value
            for member in value.values():
                yield from intervals(member)
        elif isinstance(value, list):
            for member in value:
                yield from intervals(member)

    found = [interval for interval in intervals(answer) if interval["estimate"] is not None]
    assert len(found) > 60
    for interval in found:
        assert interval["lower"] is None or interval["lower"] <= interval["estimate"]
        assert interval["upper"] is None or interval["estimate"] <= interval["upper"]
    assert "Muennighoff" in answer["data_limited"]["source"]
    table = isoflop("advise", "--fit", "-", *flags, stdin=fit).stdout
    for sentence in answer["sentences"].values():
        assert sentence in table


@pytest.mark.parametrize(("flags", "message"), [
    ((), "--budget is missing"),
    (("--days", 3), "budget_flops is missing; so are"),
    (("--bill", 1e6), "bill needs gpu_flops_per_sec"),
    (("--budget", 1e22, "--utilisation", 40), "utilisation must be at most 1, got 40"),
    (("--budget", 1e22, "--unique-tokens", 0), "unique_token_count must be positive and finite, got 0"),
    (("--budget", 1e22, "--gpu-price", "cheap"), "--gpu-price"),
])
def test_a_wrong_question_exits_2_and_says_what_is_wrong(fit, flags, message):
    done = isoflop("advise", "--fit", "-", *flags, stdin=fit)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_law_without_trade_offs_exits_3():
    fit = isoflop("fit", RUNS, "--law", "kaplan_nd", "--bootstrap", 0, "--format", "json").stdout
    done = isoflop("advise", "--fit", "-", "--budget", 1e22, "--trade-offs", stdin=fit)
    assert (done.returncode, done.stdout) == (3, "")
    assert "the fit is of kaplan_nd" in done.stderr


def test_hyperparameters_come_from_their_own_fits(fit, tmp_path):
    # In each cell of (N, D), five rates a factor 1.4 apart; the best is .1 N^-.2 D^.05, and one step costs .2 % of the loss.
    rows = ["parameter_count,token_count,loss,learning_rate"]
    for n in (1e8, 2e8, 5e8, 1e9):
        for d in (4e9, 1e10, 4e10):
            rows += [f"{n},{d},{3 * (1 + 0.002 * step**2)},{0.1 * n**-0.2 * d**0.05 * 1.4**step}" for step in range(-2, 3)]
    path = tmp_path / "learning_rate.json"
    path.write_text(isoflop("fit", "-", "--law", "learning_rate", "--bootstrap", 50, "--format", "json", stdin="\n".join(rows)).stdout)
    flags = ("--parameters", 3e9, "--tokens", 1e11, "--hyperparameters", path)
    answer = json.loads(isoflop("advise", "--fit", "-", *flags, "--format", "json", stdin=fit).stdout)["trade_offs"][0]["hyperparameters"]
    rate = 0.1 * 3e9**-0.2 * 1e11**0.05
    assert answer["learning_rate"]["best"]["estimate"] == pytest.approx(rate, rel=1e-6)
    assert answer["learning_rate"]["near_optimal"] == pytest.approx({"lower": rate / 1.4, "upper": rate * 1.4}, rel=1e-6)
    assert "Hyperparameters." in isoflop("advise", "--fit", "-", *flags, stdin=fit).stdout
    wrong = isoflop("advise", "--fit", "-", "--budget", 1e22, "--hyperparameters", "-", stdin=fit)
    assert wrong.returncode == 2 and wrong.stdout == ""
