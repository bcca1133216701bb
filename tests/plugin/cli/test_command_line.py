"""The command line as a user meets it: what it prints, what it refuses, and with which exit code."""

import csv
import io
import json
import os
import pathlib
import subprocess

import pytest

BINARY = os.environ.get("ISOFLOP_BINARY", "build/isoflop")
RUNS = pathlib.Path(__file__).parents[2] / "data" / "chinchilla_figure4_subset.csv"


def isoflop(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=120)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def figure(text: str) -> float | None:
    return float(text) if text else None


def test_csv_has_a_row_for_each_parameter_with_the_figures_of_the_json():
    arguments = ("fit", RUNS, "--fix", "E=1.8", "--bootstrap", 20)
    done, fit = isoflop(*arguments, "--format", "csv"), json.loads(isoflop(*arguments, "--format", "json").stdout)
    assert done.returncode == 0
    table = {row["name"]: row for row in rows(done.stdout)}
    exponents = ("parameter_exponent", "token_exponent")
    wanted = {p["name"]: p for p in fit["parameters"]} | {name: fit["allocation"][name] for name in exponents}
    for name, value in wanted.items():
        assert [figure(table[name][key]) for key in ("estimate", "lower", "upper")] == [value["estimate"], value["lower"], value["upper"]]
    assert [row["symbol"] for row in rows(done.stdout)] == ["E", "A", "B", "alpha", "beta", "a", "b", "", ""]
    assert (table["irreducible_loss"]["fixed"], table["token_loss_exponent"]["fixed"]) == ("true", "false")
    assert figure(table["parameter_coefficient"]["estimate"]) == fit["allocation"]["parameter_coefficient"]
    for diagnostic in fit["diagnostics"]:
        assert diagnostic["message"] in done.stderr


def test_csv_tells_groups_and_approaches_apart(tmp_path):
    header, *lines = RUNS.read_text().splitlines()
    path = tmp_path / "groups.csv"
    names = ['web, "clean"', "books"]
    quoted = ['"web, ""clean"""', "books"]
    path.write_text("\n".join([header + ",data"] + [f"{line},{quoted[i % 2]}" for i, line in enumerate(lines)]) + "\n")
    done = isoflop("fit", path, "--group-by", "data", "--approach", "all", "--bootstrap", 0, "--format", "csv")
    table = rows(done.stdout)
    assert {row["group"] for row in table} == set(names)
    assert {row["approach"] for row in table} >= {"parametric", "isoflop"}
    assert {row["law"] for row in table if row["approach"] == "isoflop"} == {""}
    assert all(row["lower"] == "" for row in table)  # No replicas, no interval.


def test_csv_of_thin_evidence_is_a_header_and_exit_3(tmp_path):
    path = tmp_path / "thin.csv"
    path.write_text("".join(RUNS.read_text().splitlines(keepends=True)[:5]))
    done = isoflop("fit", path, "--format", "csv")
    assert (done.returncode, rows(done.stdout)) == (3, [])
    assert done.stdout.startswith("group,approach,law,symbol,")
    assert "4 usable runs" in done.stderr


BAD_LOSSES = {
    "nan": "is not a number",
    "inf": "is infinite",
    "-inf": "is infinite",
    "1.797e308": "is infinite",
    "-2": "must be positive, got -2",
    "0": "must be positive, got 0",
    "": "is missing",
    "2.5x": 'is not a number: "2.5x"',
    "1e400": 'is outside the range of a double: "1e400"',
}


@pytest.fixture
def bad_table(tmp_path):
    lines = RUNS.read_text().splitlines()
    for i, loss in enumerate(BAD_LOSSES):
        lines[10 + i] = lines[10 + i].rpartition(",")[0] + "," + loss
    path = tmp_path / "bad.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_every_bad_row_is_listed_with_its_line_column_and_rule(bad_table):
    done = isoflop("fit", bad_table)
    assert (done.returncode, done.stdout) == (2, "")
    for line, rule in enumerate(BAD_LOSSES.values(), start=11):
        assert f'{bad_table}:{line}: column "loss" {rule}\n' in done.stderr


def test_skipped_bad_rows_stay_out_of_the_fit_and_are_listed(bad_table, tmp_path):
    done = isoflop("fit", bad_table, "--skip-bad-rows", "--bootstrap", 0, "--format", "json")
    skipped = json.loads(done.stdout)
    assert done.returncode == 0
    assert [(e["line"], e["reason"]) for e in skipped["excluded"]] == [
        (line, f'column "loss" {rule}') for line, rule in enumerate(BAD_LOSSES.values(), start=11)]
    lines = RUNS.read_text().splitlines(keepends=True)
    clean = tmp_path / "clean.csv"
    clean.write_text("".join(lines[:10] + lines[10 + len(BAD_LOSSES):]))
    alone = json.loads(isoflop("fit", clean, "--bootstrap", 0, "--format", "json").stdout)
    assert (skipped["parameters"], skipped["observations_hash"]) == (alone["parameters"], alone["observations_hash"])
    table = isoflop("fit", bad_table, "--skip-bad-rows", "--bootstrap", 0)
    assert 'line 11: column "loss" is not a number' in table.stdout


@pytest.mark.parametrize(("arguments", "message"), [
    (("nonsense",), "nonsense"),
    (("plan",), "A subcommand is required"),
    (("export",), "--study is required"),
    (("check", "plan.yaml"), "--fit is missing, or --study or --server"),
    (("check", "plan.yaml", "--fit", "fit.json", "--study", "7"), "--fit excludes --study"),
    (("fit", "no_such_file.csv"), "no_such_file.csv"),
    (("fit", RUNS, "--law", "nonsense"), "chinchilla"),
    (("fit", RUNS, "--seed", "-1"), "--seed"),
    (("fit", RUNS, "--bootstrap", "-1"), "--bootstrap"),
    (("fit", RUNS, "--fix", "gamma=1"), "gamma"),
    (("fit", RUNS, "--fix", "alpha=nan"), "alpha must be finite"),
    (("fit", RUNS, "--map", "loss_nats_per_token=nonsense"), "nonsense"),
    (("advise", "--fit", RUNS, "--budget", "1e21"), "not a fit document"),
])
def test_wrong_use_exits_2_and_says_what_is_wrong(arguments, message):
    done = isoflop(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


@pytest.mark.parametrize("command", ["fit", "compare", "advise", "check", "plan", "export", "serve"])
def test_help_has_an_example(command):
    done = isoflop(command, "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout and f"\n  isoflop {command}" in done.stdout.replace("isoflop fit runs.csv --format json | ", "")


def test_advice_from_thin_evidence_exits_3(tmp_path):
    thin = "".join(RUNS.read_text().splitlines(keepends=True)[:5])
    fit = isoflop("fit", "-", "--format", "json", stdin=thin)
    assert fit.returncode == 3
    advice = isoflop("advise", "--fit", "-", "--budget", "1e21", stdin=fit.stdout)
    assert (advice.returncode, advice.stdout) == (3, "")


@pytest.mark.parametrize(("change", "message"), [
    (lambda fit: fit["parameters"][0].update(estimate=-5), "estimate of E must not be negative, got -5"),
    (lambda fit: fit["parameters"][3].update(symbol="gamma"), "parameter 4 of chinchilla must be alpha, got gamma"),
    (lambda fit: fit["parameters"].pop(), '"parameters" must be the 5 of chinchilla, got 4'),
    (lambda fit: fit.update(law="nonsense"), "nonsense"),
    (lambda fit: fit.update(schema_version=2), '"schema_version" must be 1, got 2'),
])
def test_a_fit_that_was_edited_out_of_shape_is_refused(change, message):
    fit = json.loads(isoflop("fit", RUNS, "--bootstrap", 0, "--format", "json").stdout)
    change(fit)
    done = isoflop("advise", "--fit", "-", "--budget", "1e21", stdin=json.dumps(fit))
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
