"""Where outputs go: several at once, whole files, standard output once, colour on terminals only, GitHub's step summary."""

import json
import os
import pty
import subprocess

import pytest

from check_plans import BINARY, GOLDEN, NEW_YEAR_2027, PLANS, check
from many_plans import write_sweep

FILES = {"text": "txt", "json": "json", "markdown": "md", "junit": "junit.xml", "sarif": "sarif", "github": "github.txt", "gitlab": "gitlab.json"}


@pytest.mark.parametrize("plans", PLANS)
def test_one_check_writes_every_output_as_each_alone(plans, tmp_path):
    done = check(*PLANS[plans], *(f"--output={form}={tmp_path / form}" for form in FILES), "--quiet")
    assert done.stdout == ""
    for form, ending in FILES.items():
        if (plans, form) != ("bad", "text"):
            assert (tmp_path / form).read_bytes() == (GOLDEN / f"{plans}.{ending}").read_bytes()
    # In a file the text tells of bad plans what standard error tells beside standard output.
    assert (tmp_path / "text").read_text().startswith(done.stderr)


def test_standard_output_is_written_once(tmp_path):
    done = check("plans/large.yaml", "--output", "json=-", "--output", f"text={tmp_path / 'report'}", "--quiet")
    assert json.loads(done.stdout)["verdict"] == "violated" and done.returncode == 1
    assert (tmp_path / "report").read_text().endswith("verdict: violated\n")
    for arguments in (["--output", "json=-", "--output", "text=-"], ["--output", "json=-", "--format", "json"]):
        assert check("plans/large.yaml", *arguments).returncode == 2


def test_plans_may_follow_an_output(tmp_path):
    assert check("--output", f"json={tmp_path / 'report'}", "plans/large.yaml").returncode == 1
    assert json.loads((tmp_path / "report").read_text())["runs"][0]["name"] == "gopher"


@pytest.mark.parametrize("output", ["json", "json=", "=path", "yaml=path", "json=plans/large.yaml"])
def test_wrong_outputs_are_refused_before_anything_is_written(output, tmp_path):
    done = check("plans/large.yaml", f"--output={output}", f"--output=text={tmp_path / 'report'}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--output must" in done.stderr and not (tmp_path / "report").exists()


def test_a_file_that_cannot_be_written_is_named_and_hides_no_other(tmp_path):
    done = check("plans/settled.yaml", f"--output=json={tmp_path / 'missing' / 'report'}", f"--output=text={tmp_path / 'report'}")
    assert done.returncode == 2
    assert f'cannot write "{tmp_path / "missing" / "report"}"' in done.stderr
    assert "verdict: pass" in done.stdout and "verdict: pass" in (tmp_path / "report").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def on_terminal(columns: int, *arguments: str, **environment: str) -> str:
    """What a terminal shows of standard output."""
    ours, theirs = pty.openpty()
    subprocess.run(["stty", "cols", str(columns)], stdin=theirs, check=True)
    with subprocess.Popen(
        [BINARY, "check", *PLANS["findings"], "--fit", "fit.json", *arguments], cwd=GOLDEN, stdout=theirs,
        env={"PATH": os.environ["PATH"], "TERM": "xterm", "SOURCE_DATE_EPOCH": NEW_YEAR_2027} | environment,
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:  # The other side is closed.
                break
            if not part:
                break
            shown += part
        process.wait(timeout=60)
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def without_colour(text: str) -> str:
    return "".join(part.partition("m")[2] if i else part for i, part in enumerate(text.split("\x1b[")))


def test_a_terminal_gets_colour_and_lines_of_its_width():
    golden = (GOLDEN / "findings.txt").read_text()
    shown = on_terminal(80)
    assert "\x1b[31mviolated\x1b[0m" in shown
    assert max(map(len, without_colour(shown).splitlines())) <= 80
    assert without_colour(shown).split() == golden.split()
    assert on_terminal(400, NO_COLOR="1") == golden
    assert on_terminal(400, "--color", "never") == golden
    assert on_terminal(400, TERM="dumb") == golden
    assert "\x1b[31m" in on_terminal(400, "--color", "always", NO_COLOR="1")


def test_files_and_pipes_get_no_colour_unless_it_is_forced(tmp_path):
    arguments = [*PLANS["findings"], f"--output=text={tmp_path / 'report'}"]
    golden = (GOLDEN / "findings.txt").read_text()
    assert check(*arguments).stdout == check(*arguments, CLICOLOR_FORCE="0").stdout == golden
    assert check(*arguments, CLICOLOR_FORCE="1", NO_COLOR="1").stdout == golden
    assert without_colour(check(*arguments, CLICOLOR_FORCE="1").stdout) == golden
    assert "\x1b[31m" in check(*arguments, CLICOLOR_FORCE="1").stdout
    assert (tmp_path / "report").read_text() == golden


def test_a_step_of_github_gets_a_summary_beside_its_annotations(tmp_path):
    summary = tmp_path / "summary"
    summary.write_text("before\n")
    done = check(*PLANS["findings"], "--format", "github", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert done.stdout.startswith("::error ")
    assert summary.read_text() == "before\n" + (GOLDEN / "findings.md").read_text()
    for outside in ({"GITHUB_STEP_SUMMARY": str(summary)}, {"GITHUB_ACTIONS": "true"}):
        check(*PLANS["findings"], "--format", "github", **outside)
    assert summary.read_text() == "before\n" + (GOLDEN / "findings.md").read_text()


def test_a_summary_is_cut_at_a_run_below_the_limit_and_says_so(tmp_path):
    summary = tmp_path / "summary"
    summary.write_text("x" * 200_000)
    done = check(write_sweep(tmp_path, 3000), "--format", "github", directory=tmp_path, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 1
    text = summary.read_text()
    assert 900_000 < len(text.encode()) <= 1 << 20
    assert "more runs with findings left out" in text and text.endswith("<!-- schema_version: 1 -->\n")
    assert text.count("<details>") == text.count("</details>") > 100
