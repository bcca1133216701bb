def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write what isoflop prints into tests/plugin/check/golden instead of comparing the two")
