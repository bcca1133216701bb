"""`isoflop check --policy`: what a policy changes, that every report names it, and that nothing wrong in one passes unseen."""

import json
import os
import pathlib
import subprocess

import jsonschema
import pytest
import yaml

BINARY = os.environ.get("ISOFLOP_BINARY", "build/isoflop")
ROOT = pathlib.Path(__file__).parents[3]
RUNS = ROOT / "tests" / "data" / "chinchilla_figure4_subset.csv"
GOPHER = "name: gopher\nparameter_count: 280B\ntoken_count: 300B\n"  # Wastes 54 % by the fitted law, 81 % by the drift-weighted one.
MALFORMED = {  # What is wrong, and the problems that must be told.
    "": ["1:1: a policy must be a map"],
    "- fail_on": ["1:1: a policy must be a map"],
    "schema_version: 2": ['1:17: schema_version must be 1, got "2"'],
    "failon: error": ["1:1: failon is not a field of policies; did you mean fail_on?"],
    "fail_on: eror": ['1:10: fail_on must be error or warning, got "eror"; did you mean error?'],
    "on_unknown: [pass]": ["1:13: on_unknown must be pass or warn or fail, got no word"],
    "max_fit_age_days: 30d": ["1:19: max_fit_age_days must be a number alone, such as 1.3e9: the field's name holds its unit, got \"30d\""],
    "max_fit_age_days: 30\nfindings: {FIT_TOO_OLD: {age_days: 30}}": ["2:26: findings.FIT_TOO_OLD.age_days is set already: FIT_TOO_OLD's age_days is max_fit_age_days"],
    "findings: [OFF_OPTIMUM]": ["1:11: findings must be a map"],
    "findings:\n  OFF_OPTMUM: error\n  LATE: on": [
        "2:3: findings.OFF_OPTMUM is not the code of a finding; did you mean OFF_OPTIMUM?",
        '3:9: findings.LATE must be off or note or warning or error or unknown, got "on"',
    ],
    "findings: {LATE: {over_shre: 3}}": ["1:19: findings.LATE.over_shre is not a limit of LATE; did you mean over_share?"],
    "findings: {LATE: {over_days: -1}}": ["1:30: findings.LATE.over_days must be at least 0, or none, got -1"],
    "findings: {OFF_OPTIMUM: {wasted_share: 1.01}}": ["1:40: findings.OFF_OPTIMUM.wasted_share must be from 0 to 1, or none, got 1.01"],
    "findings: {OFF_OPTIMUM: {wasted_share: 25%}}": ['1:40: findings.OFF_OPTIMUM.wasted_share must be a number, not a percentage: write .4 for 40 %, got "25%"'],
    "findings: {WAIVER_EXPIRED: off}": ['1:28: findings.WAIVER_EXPIRED must be warning or error, got "off"'],
    "exceptions: {name: x}": ["1:13: exceptions must be a list of maps, each with name or study, and findings"],
    "exceptions: [{findings: {LATE: off}}]": ["1:14: exceptions[0] needs name or study"],
    "exceptions: [{name: x, study: ''}]": ["1:31: exceptions[0].study must be a pattern such as ablation-*", "1:14: exceptions[0] needs findings"],
    "exceptions: [{name: x, findings: {FIT_TOO_OLD: off}}]": ["1:35: exceptions[0].findings.FIT_TOO_OLD must not differ between runs: the fit is the same"],
    "exceptions: [{name: x, findings: {WAIVER_EXPIRED: note}}]": ['1:51: exceptions[0].findings.WAIVER_EXPIRED must be warning or error, got "note"'],
    "findings: &a {LATE: off}": ["1:11: anchors are not allowed: write the value out where it is used"],
}
GOOD = """schema_version: 1
fail_on: warning
on_unknown: pass
max_fit_age_days: none
findings:
  NO_INFORMATION: warning
  REPEATED_DATA: off
  OFF_OPTIMUM: {severity: warning, wasted_share: .6, wasted_training_flops: 1e21, loss_given_up: none}
exceptions:
- name: go*
  study: "[ab]*"
  findings: {EXTRAPOLATION: {compute_factor: 50}, OPTIMUM_NOT_SETTLED: off}
"""


def isoflop(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def fit(tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("fit") / "fit.json"
    path.write_text(isoflop("fit", RUNS, "--bootstrap", 100, "--format", "json").stdout)
    return path


@pytest.fixture
def check(fit, tmp_path):
    def run(policy: str, *arguments: object, plan: str = GOPHER) -> subprocess.CompletedProcess:
        path = tmp_path / "policy.yaml"
        path.write_text(policy)
        return isoflop("check", "-", "--fit", fit, "--policy", path, *arguments, stdin=plan)

    return run


def codes(done: subprocess.CompletedProcess) -> dict[str, str]:
    (run,) = json.loads(done.stdout)["runs"]
    return {finding["code"]: finding["severity"] for finding in run["findings"]}


@pytest.mark.parametrize(("limit", "found"), [(0.25, {"OFF_OPTIMUM"}), (0.6, {"OPTIMUM_NOT_SETTLED"}), (0.83, set())])
def test_a_limit_decides_by_which_name_the_waste_is_found(check, limit, found):
    # Both laws' intervals lie past .25; .6 lies between the two estimates; .83 past both.
    done = check(f"findings: {{OFF_OPTIMUM: {{wasted_share: {limit}}}}}", "--format", "json")
    assert {"OFF_OPTIMUM", "OPTIMUM_NOT_SETTLED"} & set(codes(done)) == found


def test_a_finding_needs_every_limit_that_is_set_to_be_exceeded(check):
    wasted = 0.54 * 5.04e23
    for least, found in ((0.5 * wasted, True), (5 * wasted, False)):
        done = check(f"findings: {{OFF_OPTIMUM: {{wasted_share: .1, wasted_training_flops: {least}}}}}", "--format", "json")
        assert bool({"OFF_OPTIMUM", "OPTIMUM_NOT_SETTLED"} & set(codes(done))) == found
    alone = check("findings: {OFF_OPTIMUM: {wasted_share: none, loss_given_up: .001}}", "--format", "json")
    assert alone.returncode == 1 and codes(alone)["OFF_OPTIMUM"] == "error"


def test_severities_decide_the_exit_code_and_flags_win_over_the_file(check):
    assert check("{}").returncode == 1
    assert check("findings: {OFF_OPTIMUM: warning}").returncode == 0
    assert check("findings: {OFF_OPTIMUM: warning}\nfail_on: warning").returncode == 1
    assert check("findings: {OFF_OPTIMUM: warning}\nfail_on: warning", "--fail-on", "error").returncode == 0
    assert "OFF_OPTIMUM" not in codes(check("findings: {OFF_OPTIMUM: off}", "--format", "json"))
    far = "findings: {BEYOND_EVIDENCE: {compute_factor: 5}}\n"
    assert check(far).returncode == 3
    assert check(far + "on_unknown: pass").returncode == 0
    assert check(far + "on_unknown: pass", "--on-unknown", "fail").returncode == 3


def test_an_exception_holds_for_the_runs_that_it_names_only(check):
    policy = "exceptions: [{name: 'ablation-*', findings: {OFF_OPTIMUM: note}}, {study: small, findings: {OFF_OPTIMUM: warning}}]"
    for name, study, severity in (("gopher", "large", "error"), ("ablation-1", "large", "note"), ("gopher", "small", "warning"), ("ablation-1", "small", "warning")):
        plan = GOPHER.replace("gopher", name) + f"study: {study}\n"
        assert codes(check(policy, "--format", "json", plan=plan))["OFF_OPTIMUM"] == severity


def test_reports_name_the_policy_and_all_that_differs_from_the_default(check, fit):
    text = check(GOOD).stdout
    policy = json.loads(check(GOOD, "--format", "json").stdout)["policy"]
    assert policy["file"].endswith("policy.yaml") and policy["file"] in text
    assert (policy["fail_on"], policy["on_unknown"]) == ("warning", "pass")
    changes = {(change["code"], change["name"]): (change["value"], change["default"]) for change in policy["changes"]}
    assert changes == {
        ("NO_INFORMATION", "severity"): ("warning", "note"),
        ("REPEATED_DATA", "severity"): ("off", "warning"),
        ("OFF_OPTIMUM", "severity"): ("warning", "error"),
        ("OFF_OPTIMUM", "wasted_share"): (0.6, 0.25),
        ("OFF_OPTIMUM", "wasted_training_flops"): (1e21, None),
    }
    (exception,) = policy["exceptions"]
    assert (exception["name"], exception["study"]) == ("go*", "[ab]*") and len(exception["settings"]) == 2
    for part in ("OFF_OPTIMUM wasted_share 0.6 (by default 0.25)", "fails on warning", "for runs named go* of study [ab]*: EXTRAPOLATION compute_factor 50 (by default 10)"):
        assert part in text
    without = json.loads(isoflop("check", "-", "--fit", fit, "--format", "json", stdin=GOPHER).stdout)["policy"]
    assert without == {"file": None, "fail_on": "error", "on_unknown": "fail", "changes": [], "exceptions": []}


@pytest.mark.parametrize("text", MALFORMED)
def test_everything_wrong_in_a_policy_is_told_with_its_place(check, text):
    done = check(text, "--exit-zero")
    assert done.returncode == 2 and done.stdout == ""
    assert [line.split("policy.yaml:", 1)[1] for line in done.stderr.splitlines()] == MALFORMED[text]


def test_a_bad_policy_hides_no_bad_plan(check):
    done = check("failon: error", plan="parameter_count: -5\ntoken_count: 3B\n")
    assert "policy.yaml:1:1: " in done.stderr and "standard input:1:18: " in done.stderr


def test_codes_are_explained_with_what_the_policy_makes_of_them(check, tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(GOOD)
    explained = isoflop("check", "--explain", "OFF_OPTIMUM", "--policy", path).stdout
    assert explained.startswith("OFF_OPTIMUM (warning): ") and f"(by default 0.25; by {path} 0.6)" in explained
    (code,) = json.loads(isoflop("check", "--explain", "OFF_OPTIMUM", "--policy", path, "--format", "json").stdout)["codes"]
    assert code["severity"] == "warning" and code["limits"][0]["value"] == 0.6


def test_the_schema_takes_what_the_reader_takes_and_refuses_what_it_refuses(check):
    printed = isoflop("check", "--policy-schema").stdout
    assert (ROOT / "deploy" / "docs" / "policy.schema.json").read_text() == printed
    schema = json.loads(printed)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for good in (GOOD, "{}", "findings: {LATE: {over_days: 1_000, over_share: .5, severity: note}}"):
        assert [error.message for error in validator.iter_errors(yaml.safe_load(good))] == []
    for text in MALFORMED:
        # A schema sees no anchors, and no limit that is set under two names.
        if "&" not in text and "age_days: 30}" not in text:
            assert not validator.is_valid(yaml.safe_load(text)), text
    codes_of_schema = schema["properties"]["findings"]["properties"]
    assert set(codes_of_schema) == {line.split()[0] for line in isoflop("check", "--explain").stdout.splitlines()}
