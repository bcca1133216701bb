"""The GitLab CI template's job, with the real binary and GitLab's API on loopback."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from checkout import Checkout
from gitlab_job import JobRun, run_job
from host_server import READER, WRITER, HostServer
from isoflop_binary import BINARY, ROOT
from plans import BAD, CHINCHILLA, GOPHER

TEMPLATE = ROOT / "integrations" / "ci" / "gitlab" / "isoflop.gitlab-ci.yml"
MARKER = "<!-- isoflop:plans/*.yaml -->"


class Pipeline:
    """A merge request's pipeline."""

    def __init__(self, folder: Path, host: HostServer, fit: str):
        self.host = host
        self.repository = Checkout(folder / "repository")
        self.base = self.repository.commit({"fit.json": fit, "plans/old.yaml": CHINCHILLA})
        self.token: str | None = WRITER
        self.variables = {"ISOFLOP_ROOT": str(ROOT), "ISOFLOP_BINARY": BINARY, "ISOFLOP_PLANS": "plans/*.yaml", "ISOFLOP_FIT": "fit.json"}

    def run(self, files: dict[str, str | None], checkout: Path | None = None) -> JobRun:
        head = self.repository.commit(files)
        gitlab = {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": self.host.url,
            "CI_PROJECT_ID": "42",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.base,
            "CI_COMMIT_SHA": head,
            "CI_JOB_URL": "https://gitlab.example/team/models/-/jobs/99",
        }
        secret = {"ISOFLOP_GITLAB_TOKEN": self.token} if self.token else {}
        run = run_job(TEMPLATE, "isoflop-check", gitlab | secret | self.variables, checkout or self.repository.path)
        reports = [file.read_text() for file in (self.repository.path / "isoflop-reports").glob("*")]
        assert not self.token or not any(self.token in text for text in [run.log, *reports, *self.host.bodies()])
        assert run.after_code == 0
        return run

    def report(self, name: str) -> str:
        return (self.repository.path / "isoflop-reports" / name).read_text()


@pytest.fixture
def pipeline(tmp_path, host, fit) -> Pipeline:
    return Pipeline(tmp_path, host, fit)


def test_a_violation_is_in_the_note_the_tests_and_the_code_quality(pipeline):
    run = pipeline.run({"plans/gopher.yaml": GOPHER})
    assert (run.code, run.allowed_to_fail, run.retried) == (1, False, False) and "gopher" in run.log
    suites = ElementTree.fromstring(pipeline.report("junit.xml"))
    assert {suite.get("name"): suite.get("failures") for suite in suites} == {"plans/gopher.yaml": "1", "plans/old.yaml": "0"}
    issues = json.loads(pipeline.report("code-quality.json"))
    assert {"path": "plans/gopher.yaml", "lines": {"begin": 2}} in [issue["location"] for issue in issues]
    (body,) = pipeline.host.bodies()
    assert body.startswith(MARKER + "\n") and "gopher" in body and "https://gitlab.example/team/models/-/jobs/99" in body


def test_the_note_is_updated_in_place(pipeline):
    pipeline.run({"plans/gopher.yaml": GOPHER})
    (first,) = pipeline.host.comments
    assert pipeline.run({"plans/gopher.yaml": None}).code == 0
    assert list(pipeline.host.comments) == [first] and "chinchilla" in pipeline.host.bodies()[0]


def test_evidence_that_cannot_judge_is_a_warning_and_a_bad_plan_is_not(pipeline, thin_fit, fit):
    run = pipeline.run({"fit.json": thin_fit})
    assert (run.code, run.allowed_to_fail) == (3, True)
    run = pipeline.run({"fit.json": fit, "plans/bad.yaml": BAD})
    assert (run.code, run.allowed_to_fail) == (2, False) and "plans/bad.yaml:2:" in run.log


def test_a_service_that_is_away_is_asked_again(pipeline):
    pipeline.variables |= {"ISOFLOP_FIT": "", "ISOFLOP_SERVER": "127.0.0.1:1", "ISOFLOP_STUDY": "models"}
    run = pipeline.run({"plans/gopher.yaml": GOPHER})
    assert (run.code, run.allowed_to_fail, run.retried) == (4, False, True)


@pytest.mark.parametrize(("token", "reason"), [(READER, "the host answered 403"), (None, "no token")])
def test_without_a_token_that_may_write_everything_but_the_note_is_there(pipeline, token, reason):
    pipeline.token = token
    run = pipeline.run({"plans/gopher.yaml": GOPHER})
    assert run.code == 1 and f"isoflop: no comment written: {reason}" in run.log
    assert pipeline.report("junit.xml") and not pipeline.host.comments


def test_before_and_after_need_the_base_in_the_clone(pipeline, tmp_path):
    assert "GIT_DEPTH" in TEMPLATE.read_text()
    pipeline.run({"plans/old.yaml": CHINCHILLA.replace("70B", "35B")})
    assert "70&nbsp;B" in pipeline.report("check.md") and "35&nbsp;B" in pipeline.report("check.md")
    shallow = Checkout(tmp_path / "shallow", "--depth", "1", f"file://{pipeline.repository.path}")
    run = pipeline.run({"README.md": "plans of a team\n"}, shallow.path)
    assert run.code == 0 and f"this clone lacks the base commit {pipeline.base}: set the variable GIT_DEPTH to 0" in run.log
    assert "35&nbsp;B" in (shallow.path / "isoflop-reports" / "check.md").read_text()
    assert "70&nbsp;B" not in (shallow.path / "isoflop-reports" / "check.md").read_text()
