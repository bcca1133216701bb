"""Runs a composite action's steps as GitHub's runner does: inputs with their defaults, expressions, `if`, bash -e, the files for outputs and
summary, workflow commands on standard output."""

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from isoflop_binary import PATH

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
COMMAND = re.compile(r"\s*::([a-z-]+)(?: ([^:]*))?::(.*)")


@dataclass
class ActionRun:
    code: int = 0  # Of the step that failed first.
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    steps: list[str] = field(default_factory=list)  # That ran.

    @property
    def annotations(self) -> list[tuple[str, dict[str, str], str]]:
        """(level, properties, message), as the runner reads them from the log."""
        found, stopped_by = [], None
        for line in self.log.splitlines():
            if stopped_by:
                stopped_by = None if line.strip() == f"::{stopped_by}::" else stopped_by
            elif match := COMMAND.match(line):
                name, properties, data = match.groups()
                stopped_by = data if name == "stop-commands" else None
                if name in ("error", "warning", "notice"):
                    pairs = [pair.partition("=") for pair in (properties or "").split(",") if pair]
                    found.append((name, {key: _unescaped(value) for key, _, value in pairs}, _unescaped(data)))
                elif name != "stop-commands":
                    raise AssertionError(f"a command of none of ours: {line}")
        return found


def _unescaped(text: str) -> str:
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def run_action(path: Path, inputs: dict[str, str], workspace: Path, environment: dict[str, str], token: str) -> ActionRun:
    """`environment`: what GitHub sets besides the files of each step."""
    action = yaml.safe_load(path.read_text())
    assert action["runs"]["using"] == "composite" and not inputs.keys() - action["inputs"].keys()
    context = {"github.token": token}
    for name, declared in action["inputs"].items():
        assert name in inputs or not declared.get("required"), f"{name} is required"
        context[f"inputs.{name}"] = inputs.get(name) if name in inputs else _evaluate(declared.get("default", ""), context)
    temporary = workspace.parent / "runner-temp"
    temporary.mkdir(exist_ok=True)
    fixed = {"GITHUB_ACTION_PATH": str(path.parent), "GITHUB_ACTION": "__self", "RUNNER_TEMP": str(temporary), "GITHUB_WORKSPACE": str(workspace)}
    run = ActionRun()
    for index, step in enumerate(action["runs"]["steps"]):
        if _holds(step.get("if", "success()"), context, run.code):
            _run_step(step, index, context, run, {"PATH": PATH, "HOME": str(temporary)} | fixed | environment, workspace, temporary)
    run.outputs = {name: _evaluate(declared["value"], context) for name, declared in action.get("outputs", {}).items()}
    return run


def _run_step(step, index: int, context, run: ActionRun, environment, workspace: Path, temporary: Path) -> None:
    assert step["shell"] == "bash" and "${{" not in step["run"]
    files = {name: temporary / f"{name.lower()}_{index}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH")}
    for file in files.values():
        file.write_text("")
    script = temporary / f"step_{index}.sh"
    script.write_text(step["run"])
    own = {name: _evaluate(str(value), context) for name, value in step.get("env", {}).items()}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=workspace,
        env=environment | {name: str(file) for name, file in files.items()} | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
    )
    run.steps.append(step["name"])
    run.log += done.stdout.decode()
    run.summary += files["GITHUB_STEP_SUMMARY"].read_text()
    assert not files["GITHUB_ENV"].read_text() and not files["GITHUB_PATH"].read_text()
    for name, value in _read_outputs(files["GITHUB_OUTPUT"].read_text()):
        context[f"steps.{step.get('id')}.outputs.{name}"] = value
    if done.returncode and not step.get("continue-on-error") and not run.code:
        run.code = done.returncode


def _read_outputs(text: str):
    lines = iter(text.splitlines())
    for line in lines:
        name, delimiter = line.split("<<", 1)
        value = []
        while (part := next(lines)) != delimiter:
            value.append(part)
        yield name, "\n".join(value)


def _evaluate(text: str, context: dict[str, str]) -> str:
    return EXPRESSION.sub(lambda match: _value(match[1], context), text)


def _value(name: str, context: dict[str, str]) -> str:
    assert re.fullmatch(r"(inputs|steps|github)\.[\w.-]+", name), f"an expression this runner does not know: {name}"
    return context.get(name, "")


def _holds(condition: str, context: dict[str, str], code: int) -> bool:
    """Conjunctions of `success()`, `!cancelled()` (always so here) and `NAME != ''`."""
    known = {"success()": code == 0, "!cancelled()": True}
    whole = EXPRESSION.fullmatch(condition)
    for part in (whole[1] if whole else condition).split(" && "):
        holds = known[part] if part in known else _value(part.removesuffix(" != ''"), context) != ""
        if not holds:
            return False
    return True
