"""The composite action, step by step as GitHub's runner takes it, with the real binary and its API on loopback."""

import json
from pathlib import Path

import pytest
from checkout import Checkout
from composite_action import ActionRun, run_action
from host_server import READER, WRITER, HostServer
from isoflop_binary import BINARY, ROOT
from plans import BAD, CHINCHILLA, GOPHER

ACTION = ROOT / "integrations" / "ci" / "action.yml"
MARKER = "<!-- isoflop:plans/*.yaml -->"


class Job:
    """A pull request's job: what GitHub sets and lays out, and one use of the action."""

    def __init__(self, folder: Path, host: HostServer, fit: str):
        self.host = host
        self.repository = Checkout(folder / "repository")
        self.base = self.repository.commit({"fit.json": fit, "README.md": "plans of a team\n"})
        self.event = {"pull_request": {"number": 7, "base": {"sha": self.base}, "head": {"sha": self.base}}}
        self.token = WRITER
        self.inputs = {"plans": "plans/*.yaml", "fit": "fit.json", "binary": BINARY}
        self._event_path = folder / "event.json"

    def propose(self, files: dict[str, str | None]) -> None:
        head = self.repository.commit(files)
        if request := self.event.get("pull_request"):
            request["head"]["sha"] = head

    def run(self, workspace: Path | None = None, **environment: str) -> ActionRun:
        self._event_path.write_text(json.dumps(self.event))
        github = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.host.url,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": "team/models",
            "GITHUB_RUN_ID": "1234",
            "GITHUB_EVENT_PATH": str(self._event_path),
            "GITHUB_REF": "refs/heads/topic",
        }
        run = run_action(ACTION, self.inputs, workspace or self.repository.path, github | environment, self.token)
        reports = Path(run.outputs["reports"])
        shown = [run.log, run.summary, *run.outputs.values(), *(file.read_text() for file in reports.iterdir()), *self.host.bodies()]
        assert not any(self.token in text for text in shown)
        return run


@pytest.fixture
def job(tmp_path, host, fit) -> Job:
    return Job(tmp_path, host, fit)


def errors(run: ActionRun):
    return [annotation for annotation in run.annotations if annotation[0] == "error"]


def notices(run: ActionRun) -> list[str]:
    return [message for level, _, message in run.annotations if level == "notice"]


def test_a_plan_that_passes_is_green_and_told_once(job):
    job.propose({"plans/chinchilla.yaml": CHINCHILLA})
    run = job.run()
    assert (run.code, run.outputs["verdict"], run.outputs["exit-code"], run.outputs["files"]) == (0, "pass", "0", "plans/chinchilla.yaml")
    assert not errors(run) and "chinchilla" in run.log and "chinchilla" in run.summary
    (body,) = job.host.bodies()
    assert body.startswith(MARKER + "\n") and "chinchilla" in body
    assert f"Commit {job.event['pull_request']['head']['sha'][:12]}" in body and "https://github.example/team/models/actions/runs/1234" in body


def test_a_violation_fails_the_job_with_checks_own_code_and_its_place(job):
    job.propose({"plans/gopher.yaml": GOPHER})
    run = job.run()
    assert (run.code, run.outputs["verdict"]) == (1, "violated")
    (_, properties, message) = errors(run)[0]
    assert (properties["file"], properties["line"]) == ("plans/gopher.yaml", "2") and "54 %" in message
    assert "gopher" in run.summary and len(job.host.bodies()) == 1


def test_evidence_that_cannot_judge_has_a_code_of_its_own(job, thin_fit):
    job.propose({"plans/chinchilla.yaml": CHINCHILLA, "fit.json": thin_fit})
    run = job.run()
    assert (run.code, run.outputs["verdict"]) == (3, "cannot_judge")
    job.inputs["on-unknown"] = "pass"
    assert job.run().code == 0


def test_every_problem_of_a_bad_plan_is_at_its_line(job):
    job.propose({"plans/bad.yaml": BAD, "plans/chinchilla.yaml": CHINCHILLA})
    run = job.run()
    assert (run.code, run.outputs["verdict"]) == (2, "bad_plan")
    assert {(p["file"], p["line"]) for _, p, _ in errors(run)} >= {("plans/bad.yaml", "2"), ("plans/bad.yaml", "3")}
    (body,) = job.host.bodies()
    assert "did you mean token" in run.summary and "did you mean token" in body


@pytest.mark.parametrize("from_fork", [False, True])
def test_a_token_that_may_only_read_costs_a_notice_and_nothing_else(job, from_fork):
    job.token = READER
    job.event["pull_request"]["head"]["repo"] = {"full_name": "somebody/models" if from_fork else "team/models", "fork": from_fork}
    for files, code, verdict in (({"plans/a.yaml": CHINCHILLA}, 0, "pass"), ({"plans/a.yaml": GOPHER}, 1, "violated")):
        job.propose(files)
        run = job.run()
        assert (run.code, run.outputs["verdict"]) == (code, verdict)
        assert notices(run) == ["no comment written: the host answered 403 (a fork's token may only read)"] and run.summary
    assert not job.host.comments


def test_a_host_that_is_away_changes_no_verdict(job):
    job.propose({"plans/a.yaml": CHINCHILLA})
    job.host.close()
    run = job.run()
    assert run.code == 0 and "could not be reached" in notices(run)[0]


def test_a_push_has_a_verdict_without_a_comment(job):
    job.event = {"ref": "refs/heads/main"}
    job.propose({"plans/a.yaml": GOPHER})
    run = job.run()
    assert run.code == 1 and run.summary and not notices(run) and not job.host.requests


def test_the_comment_is_updated_in_place_as_plans_come_and_go(job):
    job.propose({"plans/gopher.yaml": GOPHER})
    job.run()
    (first,) = job.host.comments
    job.propose({"plans/gopher.yaml": None, "plans/chinchilla.yaml": CHINCHILLA, "plans/small.yaml": CHINCHILLA.replace("chinchilla", "small")})
    assert job.run().code == 0
    assert list(job.host.comments) == [first] and "small" in job.host.bodies()[0] and job.host.bodies()[0].startswith(MARKER)


def test_the_comment_may_be_for_problems_only_or_never(job):
    job.inputs["comment"] = "problems"
    job.propose({"plans/a.yaml": GOPHER})
    job.run()
    assert len(job.host.comments) == 1
    job.propose({"plans/a.yaml": CHINCHILLA})
    job.run()
    assert not job.host.comments
    job.inputs["comment"] = "never"
    job.host.requests.clear()
    assert job.run().steps == ["Check"] and not job.host.requests


def test_a_report_longer_than_a_comment_is_cut_with_a_pointer_to_the_whole(job):
    runs = "".join(f"- name: gopher-{index}\n  parameter_count: {280 + index}B\n  token_count: 300B\n" for index in range(150))
    job.propose({"plans/sweep.yaml": f"runs:\n{runs}"})
    run = job.run()
    assert run.code == 1
    (body,) = job.host.bodies()
    assert len(body) <= 65_536 and "the whole is in the [job](https://github.example/team/models/actions/runs/1234)" in body
    assert body.count("<details") == body.count("</details>")
    assert "gopher-149" in run.summary and len(run.summary.encode()) <= 1 << 20
    assert len(errors(run)) <= 10 and len([1 for level, _, _ in run.annotations if level == "warning"]) <= 10


def test_several_patterns_find_plans_and_take_some_away(job):
    job.inputs["plans"] = "plans/**/*.yaml\nold/*.yaml\n!plans/drafts/**\n"
    job.propose({"plans/a.yaml": CHINCHILLA, "plans/deep/er/b.yaml": CHINCHILLA, "plans/drafts/c.yaml": BAD, "old/d.yaml": CHINCHILLA, "e.yaml": BAD})
    run = job.run()
    assert run.code == 0 and run.outputs["files"].splitlines() == ["old/d.yaml", "plans/a.yaml", "plans/deep/er/b.yaml"]
    job.inputs["plans"] = "nowhere/*.yaml"
    run = job.run()
    assert run.code == 2 and "no plan in . matches nowhere/*.yaml" in errors(run)[0][2] and "no plan in . matches" in run.summary


def test_places_are_named_from_the_top_of_the_checkout_and_sarif_too(job, fit):
    job.inputs |= {"working-directory": "research", "sarif": "out/check.sarif"}
    job.propose({"research/plans/gopher.yaml": GOPHER, "research/fit.json": fit, "fit.json": None})
    run = job.run()
    assert run.code == 1 and errors(run)[0][1]["file"] == run.outputs["files"] == "research/plans/gopher.yaml"
    sarif = json.loads((job.repository.path / "research" / "out" / "check.sarif").read_text())
    location = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "research/plans/gopher.yaml"


def test_before_and_after_are_of_the_commit_that_was_branched_from(job):
    job.propose({"plans/a.yaml": GOPHER})
    base = job.repository.git("rev-parse", "HEAD")
    job.repository.git("checkout", "-q", "-b", "topic")
    job.propose({"plans/a.yaml": GOPHER.replace("280B", "140B")})
    job.repository.git("checkout", "-q", "main")
    moved_on = job.repository.commit({"plans/a.yaml": GOPHER.replace("280B", "999B")})
    job.repository.git("checkout", "-q", "topic")
    job.event["pull_request"]["base"]["sha"] = moved_on
    for name in (moved_on, base):
        job.event["pull_request"]["base"]["sha"] = name
        run = job.run()
        assert "280&nbsp;B" in run.summary and "140&nbsp;B" in run.summary and "999" not in run.summary
    job.inputs["diff-base"] = "none"
    assert "280&nbsp;B" not in job.run().summary


def test_a_clone_of_two_commits_is_enough_where_github_merged_the_request(job, tmp_path):
    job.propose({"plans/a.yaml": GOPHER})
    old_base = job.repository.git("rev-parse", "HEAD")
    job.repository.git("checkout", "-q", "-b", "topic")
    job.propose({"plans/a.yaml": GOPHER.replace("280B", "140B")})
    job.repository.git("checkout", "-q", "main")
    new_base = job.repository.commit({"README.md": "moved on\n"})
    merged = job.repository.merge_as_github_does(new_base, "topic")
    job.event["pull_request"]["base"]["sha"] = old_base  # Which such a clone lacks.
    job.repository.git("checkout", "-q", "-B", "merged", merged)
    for depth, found in (("2", True), ("1", False)):
        clone = Checkout(tmp_path / f"clone{depth}", "--depth", depth, f"file://{job.repository.path}")
        run = job.run(clone.path, GITHUB_REF="refs/pull/7/merge", GITHUB_SHA=merged)
        assert run.code == 0 and ("280&nbsp;B" in run.summary) == found
        lacking = f"no before and after: this clone lacks the base commit {old_base}: give actions/checkout `fetch-depth: 2`"
        assert any(notice.startswith(lacking) for notice in notices(run)) != found


def test_before_and_after_of_framework_files_are_with_what_lies_beside_them(job):
    example = ROOT / "tests" / "data" / "plans" / "hugging_face" / "pythia-160m"
    arguments = (example / "training_args.yaml").read_text()
    job.inputs["plans"] = "models/*/config.json"
    job.propose({"models/pythia/config.json": (example / "config.json").read_text(), "models/pythia/training_args.yaml": arguments})
    job.event["pull_request"]["base"]["sha"] = job.repository.git("rev-parse", "HEAD")
    job.propose({"models/pythia/training_args.yaml": arguments.replace("max_steps: 143000", "max_steps: 71500")})
    run = job.run()
    assert run.outputs["files"] == "models/pythia/config.json" and "300" in run.summary and "150" in run.summary


def test_plans_that_were_removed_are_told(job):
    job.propose({"plans/a.yaml": CHINCHILLA, "plans/b.yaml": GOPHER})
    job.event["pull_request"]["base"]["sha"] = job.repository.git("rev-parse", "HEAD")
    job.propose({"plans/b.yaml": None})
    run = job.run()
    assert run.code == 0 and "gopher" in run.summary


def test_nothing_of_a_request_is_read_as_shell_or_as_a_command_of_the_runner(job):
    hostile = "plans/$(touch pwned) `touch pwned`;touch pwned'\".yaml"
    job.propose({hostile: 'name: "x\\n::error::not ours\\n##[error]nor this"\nparameter_count: 280B\ntoken_count: 300B\n'})
    job.inputs["fail-on"] = "error"
    run = job.run()
    assert run.outputs["files"] == hostile and not list(job.repository.path.rglob("pwned*"))
    assert not any("not ours" == message for _, _, message in run.annotations)
    job.inputs["fit"] = "$(touch pwned)"
    assert job.run().code == 2 and not list(job.repository.path.rglob("pwned*"))


def test_a_binary_that_is_missing_is_wrong_use_and_said(job):
    job.inputs["binary"] = "build/isoflop"
    job.propose({"plans/a.yaml": CHINCHILLA})
    run = job.run()
    assert run.code == 2 and "build/isoflop cannot be started" in errors(run)[0][2]
    assert "build/isoflop cannot be started" in run.summary + job.host.bodies()[0]


def test_a_service_that_is_away_has_a_code_of_its_own(job):
    job.inputs |= {"fit": "", "server": "127.0.0.1:1", "study": "models"}
    job.propose({"plans/a.yaml": CHINCHILLA})
    run = job.run()
    assert (run.code, run.outputs["verdict"]) == (4, "unreachable") and "the service cannot be reached" in run.summary


def test_a_folder_that_is_no_checkout_is_said(job, tmp_path):
    (tmp_path / "plain").mkdir()
    run = job.run(tmp_path / "plain")
    assert run.code == 2 and "not a git repository" in errors(run)[0][2]
