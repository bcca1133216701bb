"""What a step tells GitHub Actions (docs.github.com/actions, "Workflow commands")."""

import secrets

MESSAGE_CHARACTERS = 4_000  # The runner cuts at 4,096.


def print_untrusted(text: str) -> None:
    """Shows text in the log that nothing in it can turn into a command."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::", flush=True)


def command(level: str, message: str, **properties: str) -> str:
    """An annotation: `level` is error, warning or notice; `properties` are file, line and col."""
    given = "".join(f",{name}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}" for name, value in properties.items())
    return f"::{level} title=isoflop{given}::{_escaped(message[:MESSAGE_CHARACTERS])}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def add_to_summary(environment, text: str) -> None:
    if path := environment.get("GITHUB_STEP_SUMMARY"):
        with open(path, "a", encoding="utf-8", errors="replace") as file:
            file.write(text)


def set_outputs(environment, values: dict[str, str]) -> None:
    if not (path := environment.get("GITHUB_OUTPUT")):
        return
    with open(path, "a", encoding="utf-8", errors="replace") as file:
        for name, value in values.items():
            delimiter = secrets.token_hex(16)
            file.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")
