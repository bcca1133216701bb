"""What hosts read: SARIF and JUnit by their schemas, GitLab's code quality and GitHub's commands by their documentation, all within their limits."""

import collections
import json
import pathlib
import re

import jsonschema
import pytest
import xmlschema
from lxml import etree

from check_plans import GOLDEN, PLANS, check
from many_plans import write_sweep

VENDOR = pathlib.Path(__file__).parent / "vendor"
# docs.gitlab.com/ci/testing/code_quality, "Code Quality report format".
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)."},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}
COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def output(plans: str, form: str) -> str:
    return check(*PLANS[plans], "--format", form).stdout


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """As the runner reads them (actions/runner, src/Runner.Common/ActionCommand.cs)."""

    def unescape(value: str) -> str:
        return value.replace("%3A", ":").replace("%2C", ",").replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")

    found = [COMMAND.fullmatch(line) for line in text.splitlines() if line.lstrip().startswith("::")]
    return [(m[1], {key: unescape(value) for key, value in (part.split("=", 1) for part in m[2].split(","))}, unescape(m[3])) for m in found]


@pytest.mark.parametrize("plans", PLANS)
def test_sarif_is_valid(plans):
    jsonschema.Draft4Validator(json.loads((VENDOR / "sarif-schema-2.1.0.json").read_text())).validate(json.loads(output(plans, "sarif")))


@pytest.mark.parametrize("plans", PLANS)
def test_junit_is_valid_and_counts_what_it_holds(plans):
    text = output(plans, "junit")
    xmlschema.XMLSchema(VENDOR / "junit-10.xsd").validate(text)
    root = etree.fromstring(text.encode())
    for node in [root, *root.iter("testsuite")]:
        cases = list(node.iter("testcase"))
        assert node.get("tests") == str(len(cases))
        for attribute, outcome in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if node is not root or attribute != "skipped":
                assert node.get(attribute) == str(sum(case.find(outcome) is not None for case in cases))
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("plans", PLANS)
def test_gitlab_report_is_as_documented(plans):
    issues = json.loads(output(plans, "gitlab"))
    jsonschema.validate(issues, GITLAB)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) > 0


def test_junit_outcomes_follow_the_verdict():
    def outcomes(*arguments: str) -> dict[str, str]:
        root = etree.fromstring(check(*PLANS["findings"], "--format", "junit", *arguments).stdout.encode())
        return {case.get("name"): case[0].tag if len(case) else "passed" for case in root.iter("testcase")}

    found = outcomes()
    odd = 'a|b `c` <d> "e" & @f #1 ünï ::error::g'
    assert found["gopher: OFF_OPTIMUM"] == "failure"
    assert found["gopher: EXTRAPOLATION"] == "system-out"
    assert found["gopher: LATE"] == "passed"
    assert found[f"{odd}: OFF_OPTIMUM"] == "skipped"
    assert found[f"{odd}: WAIVER_EXPIRED"] == "failure"
    assert found["beyond: BEYOND_EVIDENCE"] == "error"
    assert found["beyond: OFF_OPTIMUM"] == "skipped"
    assert outcomes("--fail-on", "warning")["gopher: EXTRAPOLATION"] == "failure"
    assert outcomes("--on-unknown", "pass")["beyond: BEYOND_EVIDENCE"] == "skipped"


def test_same_cases_are_there_whatever_is_found(tmp_path):
    def names(size: str) -> list[str]:
        (tmp_path / "plan.yaml").write_text(f"name: run\nparameter_count: {size}\ntoken_count: 250B\n")
        return [case.get("name") for case in etree.fromstring(check("plan.yaml", "--format", "junit", directory=tmp_path).stdout.encode()).iter("testcase")]

    assert names("8B") == names("280B")


def test_fingerprints_stay_when_lines_and_figures_move(tmp_path):
    text = (GOLDEN / "plans" / "many.yaml").read_text()

    def fingerprints(changed: str, form: str) -> list[str]:
        (tmp_path / "many.yaml").write_text(changed)
        report = json.loads(check("many.yaml", "--format", form, directory=tmp_path).stdout)
        return [one["fingerprint"] for one in report] if form == "gitlab" else [one["partialFingerprints"] for one in report["runs"][0]["results"]]

    moved = "# A comment.\n\n" + text.replace("parameter_count: 1B", "parameter_count: 1.1B")
    for form in ("gitlab", "sarif"):
        assert fingerprints(text, form) == fingerprints(moved, form)
    assert fingerprints(text, "gitlab") != fingerprints(text.replace("name: costly", "name: dear"), "gitlab")


def test_waivers_are_suppressions_in_sarif():
    results = json.loads(output("findings", "sarif"))["runs"][0]["results"]
    (waived,) = [one for one in results if "suppressions" in one]
    assert (waived["ruleId"], waived["level"]) == ("OFF_OPTIMUM", "error")
    assert waived["suppressions"][0]["justification"].startswith("the hardware | is <fixed>")
    # Every rule that a result names is the one at its index.
    rules = json.loads(output("bad", "sarif"))["runs"][0]["tool"]["driver"]["rules"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in results)


def test_github_commands_carry_any_text():
    by_title = {(properties["title"], message.split(": ")[0]): (level, properties) for level, properties, message in commands(output("findings", "github"))}
    assert by_title["OFF_OPTIMUM: Off the compute optimum", "gopher"] == (
        "error", {"file": "plans/large.yaml", "line": "2", "col": "1", "title": "OFF_OPTIMUM: Off the compute optimum"},
    )
    (name,) = [message for level, _, message in commands(output("findings", "github")) if "WAIVER_UNUSED" in _["title"]]
    assert name.startswith('a|b `c` <d> "e" & @f #1 ünï ::error::g: The waiver of OVER_BUDGET')
    assert any("54 % [" in message for _, _, message in commands(output("findings", "github")))


def test_ten_annotations_of_a_level_are_shown_worst_first_and_the_rest_counted(tmp_path):
    text = check(write_sweep(tmp_path, 30), "--format", "github", directory=tmp_path).stdout
    levels = collections.Counter(level for level, _, _ in commands(text))
    assert levels["error"] == levels["warning"] == 10 and levels["notice"] <= 10
    (left_out,) = [message for _, properties, message in commands(text) if "file" not in properties]
    assert left_out.startswith("20 more errors, 20 more warnings")
    assert text.splitlines()[-1].startswith("isoflop check: policy violated by 30 of 30 runs.")


def test_five_thousand_results_are_kept_worst_first_and_the_rest_counted(tmp_path):
    run = json.loads(check(write_sweep(tmp_path, 3000), "--format", "sarif", directory=tmp_path).stdout)["runs"][0]
    levels = [one["level"] for one in run["results"]]
    assert len(levels) == 5000 and levels == ["error"] * 3000 + ["warning"] * 2000
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"].startswith("1000 more results are left out")


@pytest.mark.parametrize("host", [{"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": ""}, {"GITLAB_CI": "true", "CI_PROJECT_DIR": ""}])
def test_files_are_named_from_the_top_of_the_repository(host, tmp_path):
    folder = tmp_path / "models" / "big ones"
    folder.mkdir(parents=True)
    (folder / "plan.yaml").write_text((GOLDEN / "plans" / "large.yaml").read_text())
    environment = {name: value or str(tmp_path) for name, value in host.items()}

    def report(plan: object, form: str) -> str:
        return check(plan, "--format", form, directory=folder, **environment).stdout

    for plan in ("./plan.yaml", folder / "plan.yaml"):
        assert commands(report(plan, "github"))[0][1]["file"] == "models/big ones/plan.yaml"
        assert json.loads(report(plan, "gitlab"))[0]["location"]["path"] == "models/big ones/plan.yaml"
        location = json.loads(report(plan, "sarif"))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        assert location == {"uri": "models/big%20ones/plan.yaml", "uriBaseId": "%SRCROOT%"}
