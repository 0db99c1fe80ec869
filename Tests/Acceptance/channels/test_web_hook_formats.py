"""The web hook's other formats, each judged by a library of those who specified it."""

import base64
import json

import jsonschema
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from standardwebhooks import Webhook
from svix.webhooks import Webhook as SvixWebhook

from harness.client import expect
from harness.events import TEST_EVENT, finished, hostile_name, started

FORMATS = ["loadimpact", "cloudevents", "cloudevents-binary", "standard", "k6-cloud", "template"]
TEMPLATE = '{"text": "{{headline}}: {{name}}", "run": "{{load_test_run_id}}", "code": "{{status}}"}'


def hook(tenant, format: str, **settings) -> dict:
    if format == "template":
        settings.setdefault("template", TEMPLATE)
    given = tenant.hook(format) | {"format": format} | settings
    return tenant.channel("webhook", format, settings=given)


def arrived(tenant, channel: dict, event: dict):
    tenant.post(event)
    (arrival,) = tenant.receiver.wait_for(channel["at"])
    return arrival


def lower(arrival) -> dict:
    return {name.lower(): value for name, value in arrival.headers}


def without_type(event: dict) -> dict:
    return {key: value for key, value in event.items() if key != "event"}


@pytest.mark.parametrize("format", FORMATS)
def test_standardwebhooks_and_svix_verify_every_format(tenant, runs, format):
    channel = hook(tenant, format)
    arrival = arrived(tenant, channel, finished(tenant.number, next(runs), 12, name=hostile_name()))
    json.loads(arrival.body)
    Webhook(channel["signing_secret"]).verify(arrival.body, lower(arrival))
    SvixWebhook(channel["signing_secret"]).verify(arrival.body, lower(arrival))


@pytest.mark.parametrize("format", ["cloudevents", "cloudevents-binary"])
def test_cloudevents_reads_both_modes(tenant, runs, format, shared_schema):
    channel = hook(tenant, format)
    event = finished(tenant.number, next(runs), 12, name=hostile_name())
    arrival = arrived(tenant, channel, event)
    read = from_http_event(HTTPMessage(headers=dict(arrival.headers), body=arrival.body))
    attributes = read.get_attributes()
    assert read.get_data() == without_type(event)
    assert attributes["id"] == arrival.header("webhook-id")
    assert attributes["type"] == "runbell.test.finished"
    assert attributes["source"] == f"/runbell/organizations/{tenant.number}"
    assert attributes["subject"] == f"runs/{event['load_test_run_id']}"
    if format == "cloudevents":
        assert arrival.header("Content-Type") == "application/cloudevents+json"
        jsonschema.Draft7Validator(shared_schema).validate(arrival.json)
    else:
        # The library fills in what is missing, so it is not asked about these.
        sent = {name for name in lower(arrival) if name.startswith("ce-")}
        assert sent == {"ce-specversion", "ce-id", "ce-source", "ce-type", "ce-subject", "ce-time"}


@pytest.fixture(scope="module")
def shared_schema() -> dict:
    """The envelope of CloudEvents 1.0 in JSON, as its specification describes it."""
    text = {"type": "string", "minLength": 1}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {
            "id": text,
            "source": text | {"format": "uri-reference"},
            "specversion": {"const": "1.0"},
            "type": text,
            "datacontenttype": text,
            "subject": text,
            "time": text | {"format": "date-time"},
            "data": {},
        },
        "required": ["id", "source", "specversion", "type"],
        "additionalProperties": False,
    }


def test_the_standard_body(tenant, runs):
    channel = hook(tenant, "standard")
    event = started(tenant.number, next(runs))
    body = arrived(tenant, channel, event).json
    assert list(body) == ["type", "timestamp", "data"]
    assert body["type"] == "test.started" and body["data"] == without_type(event)


# Code and words here, code and words there, result, the event's name.
K6_TABLE = [
    (3, 3, "Finished", 0, "test.finished.success"),
    (4, 4, "Timed out", None, "test.finished.timed_out"),
    (6, 5, "Aborted by user", None, "test.finished.aborted_user"),
    (8, 6, "Aborted by system", None, "test.finished.aborted_system"),
    (9, 7, "Aborted by script error", None, "test.finished.aborted_script_error"),
    (11, 8, "Aborted by threshold", 1, "test.finished.aborted_threshold"),
    (12, 3, "Finished", 1, "test.finished.failed"),
]


def test_k6_cloud_has_its_own_status_table(tenant, runs):
    channel, original = hook(tenant, "k6-cloud"), hook(tenant, "loadimpact")
    for count, (status, code, text, result, name) in enumerate(K6_TABLE, start=1):
        tenant.post(finished(tenant.number, next(runs), status))
        arrival = tenant.receiver.wait_for(channel["at"], count)[-1]
        run = arrival.json["test_run"]
        assert (run["status"], run["status_text"], run["result"]) == (code, text, result)
        assert arrival.json["event"] == arrival.header("X-k6cloud-Event") == name
        assert arrival.json["color"] == ("red" if result == 1 else "green")
        assert arrival.header("User-Agent") == "K6CloudWebHook"
        assert tenant.receiver.wait_for(original["at"], count)[-1].json["status"] == status


def test_a_template_is_filled_and_cannot_be_broken_out_of(tenant, runs):
    channel = hook(tenant, "template")
    name = 'x", "admin": true, "y": "\\"{{status}}'
    event = finished(tenant.number, next(runs), 12, name=name)
    body = arrived(tenant, channel, event).json
    text = f"Load test failed a threshold: {name}"
    assert body == {"text": text, "run": event["load_test_run_id"], "code": 12}


def test_a_template_is_checked_and_previewed(tenant):
    for template in ('{"run": {{load_test_run_id}}}', '{"a": "{{secret}}"}', "[]", None):
        settings = tenant.hook("wrong") | {"format": "template", "template": template}
        draft = {"kind": "webhook", "name": "wrong", "settings": settings}
        problem = expect(tenant.owner.post(f"{tenant.path}/channels", draft), 400)
        assert [error["field"] for error in problem["errors"]] == ["settings.template"], problem
    channel = hook(tenant, "template")
    body = {"channel": channel["id"], "event": TEST_EVENT}
    shown = expect(tenant.owner.post(f"{tenant.path}/channels/preview", body), 200)
    assert '"run":null' in json.dumps(shown).replace("\\", "")


def test_custom_headers_and_authorization(tenant, runs):
    token = "t0ken-of-the-hook-4711"
    secret = "s3cret-of-the-hook-4711"
    channel = hook(
        tenant,
        "standard",
        headers="X-Team: shop\r\nX-Stage: test",
        secret_headers=f"X-Api-Key: {secret}",
        bearer_token=token,
    )
    arrival = arrived(tenant, channel, started(tenant.number, next(runs)))
    assert arrival.header("X-Team") == "shop" and arrival.header("X-Stage") == "test"
    assert arrival.header("X-Api-Key") == secret
    assert arrival.header("Authorization") == f"Bearer {token}"
    everything = json.dumps([tenant.shown(channel), tenant.audit()])
    assert token not in everything and secret not in everything and "X-Team: shop" in everything


def test_basic_authorization(tenant, runs):
    channel = hook(tenant, "standard", basic_user="ci", basic_password="pa:ss wörd")
    arrival = arrived(tenant, channel, started(tenant.number, next(runs)))
    scheme, _, value = arrival.header("Authorization").partition(" ")
    assert scheme == "Basic" and base64.b64decode(value).decode() == "ci:pa:ss wörd"


@pytest.mark.parametrize("header", ["Host: x", "Content-Length: 1", "webhook-id: x", "Authorization: x", "X: a\r\n b"])
def test_reserved_headers_are_refused(tenant, header):
    draft = tenant.draft("webhook", settings=tenant.hook("reserved") | {"headers": header})
    problem = expect(tenant.owner.post(f"{tenant.path}/channels", draft), 400)
    assert [error["field"] for error in problem["errors"]] == ["settings.headers"]
