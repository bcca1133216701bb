"""Who may send plans to be checked, and in which form."""

import json

import flask
import pytest
from isoflop_mlflow.plan_check import MAX_BODY_BYTES, read_check, refusal

PLAN = {"file": "plan.yaml", "text": "parameter_count: 1B\n"}


def status_of(headers: dict[str, str], body: bytes = b"{}", content_type: str = "application/json") -> int | None:
    with flask.Flask("tracker").test_request_context("/", "http://tracker:5000", method="POST", headers=headers, data=body, content_type=content_type):
        refused = refusal(flask.request)
    return refused and refused.status_code


def test_a_page_of_this_server_and_a_client_without_a_browser_may_ask():
    assert status_of({"Origin": "http://tracker:5000", "Sec-Fetch-Site": "same-origin"}) is None
    assert status_of({"Origin": "http://tracker:5000"}) is None
    assert status_of({}) is None
    assert status_of({"Origin": "https://mlflow.example", "Sec-Fetch-Site": "same-origin"}) is None  # A proxy changed the host.


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere:5000"},
        {"Origin": "http://tracker:5001"},
        {"Origin": "null"},
        {"Origin": "http://tracker:5000.elsewhere"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://tracker:5000", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_of_another_origin_may_not(headers):
    assert status_of(headers) == 403


def test_what_a_form_can_send_is_refused():
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        assert status_of({}, content_type=content_type) == 415
    assert status_of({}, content_type="application/json; charset=utf-8") is None


def test_a_body_is_bounded():
    assert status_of({}, b" " * MAX_BODY_BYTES) is None
    assert status_of({}, b" " * (MAX_BODY_BYTES + 1)) == 413


def test_a_question_is_passed_on_as_it_is():
    question = read_check(json.dumps({"experiment_id": "7", "plans": [PLAN | {"text": "name: Zoë\n"}], "fail_on": "warning", "version": 3}).encode())
    assert question.study == "studies/7" and question.fail_on == "warning" and question.version == 3
    assert question.plans[0].file == "plan.yaml" and question.plans[0].text == "name: Zoë\n".encode()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "the body must be JSON"),
        ("[" * 100_000, "the body must be JSON"),
        ("[]", "must be a JSON object"),
        ({"plans": [PLAN]}, "experiment_id must be a text"),
        ({"experiment_id": 7, "plans": [PLAN]}, "experiment_id must be a text, got 7"),
        ({"experiment_id": "7"}, "plans must be a list"),
        ({"experiment_id": "7", "plans": ["a"]}, r"plans\[0\] must be"),
        ({"experiment_id": "7", "plans": [PLAN, PLAN | {"more": 1}]}, r"plans\[1\] must be"),
        ({"experiment_id": "7", "plans": [PLAN | {"text": "\ud800"}]}, "half of a surrogate pair"),
        ({"experiment_id": "7", "plans": [PLAN], "version": 1.5}, "version must be a whole number"),
        ({"experiment_id": "7", "plans": [PLAN], "verison": 1}, "verison is not known"),
    ],
)
def test_what_is_wrong_with_a_question_is_named(body, message):
    with pytest.raises(ValueError, match=message):
        read_check((body if isinstance(body, str) else json.dumps(body)).encode())
