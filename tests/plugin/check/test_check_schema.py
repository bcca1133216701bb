"""The published schema of what `isoflop check --format json` prints: it describes every key, and all that is printed is valid."""

import json
import pathlib

import jsonschema
import pytest

from check_plans import PLANS, check

SCHEMA = json.loads((pathlib.Path(__file__).parents[3] / "deploy" / "docs" / "check.schema.json").read_text())


def closed(schema):
    """The same, but that it takes no key that it does not describe."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: closed(part) for key, part in schema.items()} | ({"additionalProperties": False} if "properties" in schema else {})


def test_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("plans", PLANS)
def test_documents_are_valid_and_hold_no_key_that_it_does_not_describe(plans, tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text("fail_on: warning\nfindings: {LATE: off, OFF_OPTIMUM: {wasted_share: 0.3}}\nexceptions: [{name: gopher, findings: {LATE: note}}]\n")
    for arguments in ([], ["--policy", policy], ["--diff", "base"]):
        document = json.loads(check(*PLANS[plans], "--format", "json", *arguments).stdout)
        jsonschema.validate(document, closed(SCHEMA), cls=jsonschema.Draft202012Validator)
