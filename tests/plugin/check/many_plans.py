"""Plans with very many findings."""

import pathlib


def write_sweep(folder: pathlib.Path, count: int) -> str:
    """`count` runs far off the optimum and far past the evidence: an error and a warning each at least. Returns the file's name."""
    runs = [f"- {{name: run {i}, parameter_count: {280 + i / 1000}B, token_count: 300B}}" for i in range(count)]
    (folder / "sweep.yaml").write_text("runs:\n" + "\n".join(runs) + "\n")
    return "sweep.yaml"
