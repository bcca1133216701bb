"""What is shown where `isoflop check` wrote no report: wrong use, a service away."""

import re

from github_step import command

SHOWN_CHARACTERS = 10_000
PLACE = re.compile(r"(?P<file>[^:\n]+):(?P<line>\d+):(?P<column>\d+): (?P<message>.+)")
ANNOTATIONS = 10  # Of a level and step; GitHub drops the rest without a word.


def failure_markdown(verdict: str, text: str) -> str:
    indented = "".join(f"    {line}\n" for line in text[:SHOWN_CHARACTERS].splitlines())
    return f"**isoflop: {'the service cannot be reached' if verdict == 'unreachable' else 'the check failed'}**\n\n{indented}"


def problem_commands(text: str) -> list[str]:
    """GitHub's annotations: one a problem that has a place, else one of all."""
    places = [match.groupdict() for line in text.splitlines() if (match := PLACE.fullmatch(line))]
    if not places:
        return [command("error", text.strip())]
    shown = places if len(places) <= ANNOTATIONS else places[: ANNOTATIONS - 1]
    commands = [command("error", p["message"], file=p["file"], line=p["line"], col=p["column"]) for p in shown]
    if len(shown) < len(places):
        commands.append(command("error", f"and {len(places) - len(shown)} more problems: the summary has them all"))
    return commands
