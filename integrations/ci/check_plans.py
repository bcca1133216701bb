#!/usr/bin/env python3
"""Judges a repository's plans in a job of GitHub Actions or GitLab CI, and exits with `isoflop check`'s own code.

    check_plans.py --plans 'plans/**/*.yaml' --fit fit.json

Needs git and Python 3.10. Reports go into the folder `--reports`: check.txt, check.json, check.md, and comment.md, which one_comment.py keeps on the request.
An empty argument is one that is not given.
"""

import argparse
import os
import sys

import github_step
from failed_check import failure_markdown, problem_commands
from plan_check import FILE_FLAGS, FLAGS, Outcome, check_plans, patterns_of


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", required=True, help="git's glob patterns, one a line; one that begins with ! takes files away")
    parser.add_argument("--directory", default=".", help="what patterns and files are relative to")
    parser.add_argument("--binary", default="isoflop", help="isoflop: a path, or a name on PATH")
    for name in (*FILE_FLAGS, *FLAGS):
        parser.add_argument(f"--{name.replace('_', '-')}", default="", help="as of isoflop check")
    parser.add_argument("--base", default="", help="the commit to compare with: default the request's own; none: do not compare")
    parser.add_argument("--comment", choices=("always", "problems", "never"), default="always", help="problems: none while the plans pass")
    parser.add_argument("--reports", default="isoflop-reports", help="the folder of the reports, relative to where the job stands")
    parser.add_argument("--report", action="append", default=[], metavar="FORMAT=PATH", help="one more, relative to --directory")
    return parser.parse_args(arguments)


def write_comment(wanted: argparse.Namespace, outcome: Outcome, markdown: str) -> str:
    """The path of what one_comment.py is to keep; empty: no comment is wanted. Its marker is of the patterns, which stay when plans come and go."""
    if wanted.comment == "never":
        return ""
    of = " ".join([*([] if wanted.directory == "." else [wanted.directory]), *patterns_of(wanted)]).replace("--", "- -")
    shown = wanted.comment == "always" or outcome.verdict != "pass"
    path = outcome.reports / "comment.md"
    path.write_text(f"<!-- isoflop:{of} -->\n{markdown if shown else ''}", encoding="utf-8", errors="replace")
    return str(path)


def tell_github(outcome: Outcome, markdown: str, comment_file: str, environment) -> None:
    """Of a report isoflop has written the annotations and the step's summary itself."""
    github_step.print_untrusted(outcome.text)
    commands = [github_step.command("notice", notice) for notice in outcome.notices]
    if outcome.markdown is None:
        commands += problem_commands(outcome.text)
        github_step.add_to_summary(environment, markdown)
    else:
        commands.append(outcome.commands.rstrip())
    print("\n".join(commands), flush=True)
    outputs = {"verdict": outcome.verdict, "exit-code": str(outcome.code), "files": "\n".join(outcome.plans)}
    github_step.set_outputs(environment, outputs | {"reports": str(outcome.reports), "comment-file": comment_file})


def tell_log(outcome: Outcome) -> None:
    sys.stdout.write(outcome.text)
    for notice in outcome.notices:
        print(f"isoflop: {notice}")


def main(arguments: list[str], environment) -> int:
    wanted = read_arguments(arguments)
    outcome = check_plans(wanted, environment)
    markdown = outcome.markdown or failure_markdown(outcome.verdict, outcome.text)
    comment_file = write_comment(wanted, outcome, markdown)
    if environment.get("GITHUB_ACTIONS") == "true":
        tell_github(outcome, markdown, comment_file, environment)
    else:
        tell_log(outcome)
    return outcome.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], dict(os.environ)))
