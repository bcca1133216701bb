"""What each output says of the plans under golden/, to the byte. `pytest tests/plugin/check --update-golden` writes the files anew."""

import shutil

import pytest

from check_plans import GOLDEN, PLANS, check

FILES = {"text": "txt", "json": "json", "markdown": "md", "junit": "junit.xml", "sarif": "sarif", "github": "github.txt", "gitlab": "gitlab.json"}


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("plans", PLANS)
def test_output_is_the_golden_file(form, plans, request):
    done = check(*PLANS[plans], "--format", form)
    golden = GOLDEN / f"{plans}.{FILES[form]}"
    if request.config.getoption("--update-golden", default=False):
        golden.write_bytes(done.stdout.encode())
    assert done.returncode == {"findings": 1, "bad": 2}[plans], done.stderr
    assert done.stdout == golden.read_bytes().decode()


@pytest.mark.parametrize("form", FILES)
def test_another_folder_and_another_day_change_no_byte(form, tmp_path):
    shutil.copytree(GOLDEN / "plans", tmp_path / "plans")
    first = check(*PLANS["findings"], "--format", form)
    second = check(*PLANS["findings"], "--format", form, directory=tmp_path, SOURCE_DATE_EPOCH="1798848000", TZ="Asia/Tokyo")
    assert first.stdout == second.stdout != ""
