"""The hosts' API on loopback, and laws."""

import pytest
from host_server import HostServer
from isoflop_binary import ROOT, fit_json


@pytest.fixture
def host():
    server = HostServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def fit() -> str:
    """The law of published runs."""
    return fit_json(str(ROOT / "tests" / "data" / "chinchilla_figure4_subset.csv"))


@pytest.fixture(scope="session")
def thin_fit() -> str:
    """Two runs, which are no law."""
    return fit_json("-", "N,D,loss\n1e8,2e9,3.5\n2e8,4e9,3.2\n")
