"""Runs whose losses come from a planted law, logged as a training script would."""

import csv
import io
import json
import math
import random
import subprocess

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, ViewType
from mlflow_server import BINARY


def planted_losses(count: int, seed: int) -> list[tuple[float, float, float]]:
    """(N, D, loss) over a grid of sizes and ratios, with 0.05 % of noise on L = 1.7 + 400 / N^0.34 + 1200 / D^0.35."""
    generator = random.Random(seed)
    rows = []
    for index in range(count):
        parameters = round(10 ** (7.5 + 1.6 * index / count) * generator.uniform(0.9, 1.1))
        tokens = round(parameters * 10 ** generator.uniform(0.7, 2.0))
        loss = 1.7 + 400 / parameters**0.34 + 1200 / tokens**0.35
        rows.append((parameters, tokens, loss * math.exp(generator.gauss(0, 0.0005))))
    return rows


def log_run(client: MlflowClient, experiment_id: str, row: tuple[float, float, float], end: str | None = "FINISHED") -> str:
    """Logs one run with its loss falling to the given one; ends it unless `end` is None."""
    parameters, tokens, loss = row
    run_id = client.create_run(experiment_id).info.run_id
    params = [Param("parameter_count", str(parameters)), Param("token_count", str(tokens))]
    metrics = [Metric("loss", loss * (1 + 0.1 * (9 - step)), 1_700_000_000_000 + step, step) for step in range(10)]
    client.log_batch(run_id, metrics, params)
    if end:
        client.set_terminated(run_id, end)
    return run_id


def fit_what_mlflow_holds(client: MlflowClient, experiment_id: str) -> dict:
    """`isoflop fit` on a table of the finished runs that MLflow has now, less those of an unusable loss."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["parameter_count", "token_count", "loss"])
    for run in client.search_runs([experiment_id], "attributes.status = 'FINISHED'", ViewType.ACTIVE_ONLY, max_results=1000):
        data = run.data
        writer.writerow([data.params["parameter_count"], data.params["token_count"], repr(data.metrics["loss"])])
    command = [BINARY, "fit", "-", "--skip-bad-rows", "--format", "json"]
    done = subprocess.run(command, input=table.getvalue(), capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def evidence(law: dict) -> dict:
    """What two fits of the same observations have in common, to the last digit."""
    names = ("law", "parameters", "objective", "observation_count", "observations_hash", "allocation", "region", "noise", "basins")
    return {name: law[name] for name in names}
