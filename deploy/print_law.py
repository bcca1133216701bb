"""Prints the law and the advice that isoflop's routes on MLflow's origin serve, and the address of the page.

    python deploy/print_law.py --url http://127.0.0.1:5000 --experiment chinchilla --binary build/isoflop \
        --runs tests/data/chinchilla_figure4_subset.csv --budgets 1e21,1e22,1e23

Compares every printed figure with what `isoflop fit` and `isoflop advise` make of the same table; they must be equal.
"""

import argparse
import json
import subprocess
import time

import requests
from mlflow import MlflowClient

_DEADLINE_SEC = 30
COMPARED = ("law", "parameters", "objective", "observation_count", "observations_hash", "basins", "allocation", "region", "noise")


def get(url: str, page: str, **query) -> requests.Response:
    return requests.get(f"{url}/ajax-api/2.0/isoflop/{page}", params=query, timeout=10)


def get_law(url: str, experiment_id: str, observations_hash: str) -> dict:
    """The newest law, once it is of these observations and its intervals are there."""
    deadline = time.monotonic() + _DEADLINE_SEC
    while True:
        answer = get(url, "law", experiment_id=experiment_id)
        law = answer.json()
        if answer.ok and law["observations_hash"] == observations_hash and (law["replicas"]["count"] or not law["parameters"]):
            return law
        if time.monotonic() > deadline:
            raise SystemExit(f"the law of these runs was not at the route within {_DEADLINE_SEC} s; the last answer: {answer.text[:300]}")
        time.sleep(0.1)


def digits(value: float | None) -> str:
    return "-" if value is None else f"{value:.6g}"


def interval(value: dict) -> str:
    return f"[{digits(value['lower'])}, {digits(value['upper'])}]"


def print_law(law: dict) -> None:
    print(f"law {law['law']}: L(N, D) = E + A / N^alpha + B / D^beta, {law['observation_count']} runs, objective {law['objective']:.8g}")
    exponents = [("a", "parameter_exponent"), ("b", "token_exponent")]
    rows = [(p["symbol"], p["name"], p) for p in law["parameters"]]
    rows += [(symbol, name, law["allocation"][name]) for symbol, name in exponents]
    for symbol, name, value in rows:
        print(f"{symbol:<8}{name:<28}{digits(value['estimate']):<12}{interval(value)}")


def print_advice(advice: list[dict]) -> None:
    print("\nBudget, FLOPs   parameters N                            tokens D                                loss of a new run, nats/token")
    for a in advice:
        cells = [f"{digits(a[key]['estimate'])} {interval(a[key])}" for key in ("parameter_count", "token_count", "loss_nats_per_token")]
        print(f"{digits(a['budget_flops']):<14}  {cells[0]:<38}  {cells[1]:<38}  {cells[2]}")
    print("Brackets: 95 % interval.")


def run_binary(*arguments: str, stdin: str | None = None) -> dict:
    return json.loads(subprocess.run(arguments, input=stdin, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("url", "experiment", "binary", "runs", "budgets"):
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()
    experiment_id = MlflowClient(tracking_uri=arguments.url).get_experiment_by_name(arguments.experiment).experiment_id
    fit = run_binary(arguments.binary, "fit", arguments.runs, "--format", "json")
    law = get_law(arguments.url, experiment_id, fit["observations_hash"])
    advice = get(arguments.url, "advice", experiment_id=experiment_id, budget=arguments.budgets).json()["advice"]
    print_law(law)
    print_advice(advice)

    advised = run_binary(arguments.binary, "advise", "--fit", "-", "--budget", arguments.budgets, "--format", "json", stdin=json.dumps(fit))
    different = [key for key in COMPARED if law[key] != fit[key]] + ([] if advice == advised["advice"] else ["advice"])
    if different:
        raise SystemExit(f"differs from `isoflop fit` on {arguments.runs}: {', '.join(different)}")
    print("`isoflop fit` and `isoflop advise` on the table give the same figures, digit for digit.")
    print(f"\nPage: {arguments.url}/#/experiments/{experiment_id}/runs")


if __name__ == "__main__":
    main()
