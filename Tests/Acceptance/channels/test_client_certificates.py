"""A web hook's client certificate and authorities, against servers of Python's ssl module (OpenSSL)."""

import json
import re
import ssl
from urllib.parse import quote

import pytest
import requests

from harness.authority import Authority
from harness.client import expect
from harness.events import started
from harness.tls_receiver import TLSReceiver
from harness.waiting import wait_until

BOTH = [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2]


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def server_identity(authority):
    return authority.identity("receiver", "127.0.0.1")


@pytest.fixture(scope="module")
def client(authority):
    return authority.identity("runbell client", days=12.5)


@pytest.fixture
def receive(tmp_path):
    """Starts receivers, and stops them at the end."""
    running: list[TLSReceiver] = []

    def start(*arguments, **options) -> TLSReceiver:
        running.append(TLSReceiver(tmp_path, *arguments, **options))
        return running[-1]

    yield start
    for receiver in running:
        receiver.close()


def draft(receiver: TLSReceiver, name: str = "mutual", **settings) -> dict:
    return {"kind": "webhook", "name": name, "settings": {"url": f"{receiver.url}/{name}", **settings}}


def tried(tenant, receiver: TLSReceiver, **settings) -> dict:
    return expect(tenant.owner.post(f"{tenant.path}/channels/test", draft(receiver, **settings)), 200)


@pytest.mark.parametrize("newest", BOTH)
def test_an_event_arrives_with_the_client_certificate(
    tenant, runs, receive, authority, server_identity, client, newest
):
    receiver = receive(server_identity, authority, newest=newest)
    channel = draft(receiver, ca_certificates=authority.pem, **client.settings())
    saved = expect(tenant.owner.post(f"{tenant.path}/channels", channel), 201)
    event = tenant.post(started(tenant.number, next(runs)))
    assert tenant.settled(event["id"], saved)["state"] == "delivered"
    assert [arrival.client for arrival in receiver.arrivals] == ["runbell client"]


@pytest.mark.parametrize("bits", [2048, 4096])
def test_keys_of_rsa(tenant, receive, authority, server_identity, bits):
    client = authority.identity("rsa", bits=bits)
    receiver = receive(server_identity, authority)
    report = tried(tenant, receiver, ca_certificates=authority.pem, **client.settings())
    assert report["verdict"] == "delivered", report
    assert [arrival.client for arrival in receiver.arrivals] == ["rsa"]


@pytest.mark.parametrize("newest", BOTH)
def test_a_missing_client_certificate_is_explained(tenant, runs, receive, authority, server_identity, newest):
    receiver = receive(server_identity, authority, newest=newest)
    channel = draft(receiver, ca_certificates=authority.pem)
    saved = expect(tenant.owner.post(f"{tenant.path}/channels", channel), 201)
    event = tenant.post(started(tenant.number, next(runs)))
    finding = wait_until(lambda: attempted(tenant, event, saved), 15)
    if newest == ssl.TLSVersion.TLSv1_3:
        assert finding["code"] == "client_certificate"
        assert finding["text"].startswith("The receiver requires a client certificate."), finding
    else:
        assert "It may require a client certificate." in finding["text"], finding
    assert receiver.arrivals == []


def attempted(tenant, event: dict, channel: dict) -> dict | None:
    """What the delivery's first attempt found."""
    (found,) = [item for item in tenant.deliveries(channel) if item["event_id"] == event["id"]]
    shown = expect(tenant.owner.get(f"{tenant.path}/deliveries/{found['id']}"), 200)
    return shown["attempts"][0]["finding"] if shown["attempts"] else None


@pytest.mark.parametrize("newest", BOTH)
def test_a_wrong_client_certificate_is_explained(tenant, receive, authority, server_identity, newest):
    receiver = receive(server_identity, authority, newest=newest)
    texts = {}
    wrong = {"stranger": Authority("Another").identity("stranger"), "expired": authority.identity("expired", days=-1)}
    for name, identity in wrong.items():
        report = tried(tenant, receiver, ca_certificates=authority.pem, **identity.settings())
        assert (report["verdict"], report["error"]) == ("retry", "client_certificate"), report
        texts[name] = report["text"]
    assert "does not trust the authority of the client certificate" in texts["stranger"]
    assert "the client certificate has expired" in texts["expired"]
    assert receiver.arrivals == []


def test_the_receiver_must_be_who_it_should_be(tenant, receive, authority, server_identity, client):
    def text(identity, **settings) -> str:
        receiver = receive(identity)
        report = tried(tenant, receiver, **settings)
        assert (report["verdict"], report["error"]) == ("retry", "tls"), report
        assert receiver.arrivals == []
        return report["text"]

    assert "not trusted" in text(server_identity)
    assert "not trusted" in text(server_identity, **client.settings())
    assert "not trusted" in text(server_identity, ca_certificates=Authority("Another").pem)
    trusting = {"ca_certificates": authority.pem}
    assert "has expired" in text(authority.identity("old", "127.0.0.1", days=-1), **trusting)
    assert "for another name" in text(authority.identity("127.0.0.1", "127.0.0.2", "other.example"), **trusting)


def test_no_connection_is_shared_between_identities(tenant, receive, authority, server_identity, client):
    receiver = receive(server_identity, authority, verify=ssl.CERT_OPTIONAL)
    trusting = {"ca_certificates": authority.pem}
    other = authority.identity("another client")
    first, second = trusting | client.settings(), trusting | other.settings()
    for settings in (first, trusting, second, first, trusting, second):
        assert tried(tenant, receiver, **settings)["verdict"] == "delivered"
    # Who trusts nobody here must not be let in over a connection of those who do.
    assert tried(tenant, receiver)["error"] == "tls"
    expected = ["runbell client", None, "another client"] * 2
    assert [arrival.client for arrival in receiver.arrivals] == expected
    connections = [arrival.connection for arrival in receiver.arrivals]
    assert connections[:3] == connections[3:] and len(set(connections)) == 3


def test_mistakes_are_named_all_at_once(tenant, authority, client):
    other = authority.identity("other")

    def errors(url: str = "https://127.0.0.1:9", **settings) -> dict[str, str]:
        body = {"kind": "webhook", "name": "wrong", "settings": {"url": url, **settings}}
        answer = tenant.owner.post(f"{tenant.path}/channels", body)
        for secret in (client.canary, other.canary):
            assert secret not in answer.text
        return {e["field"].removeprefix("settings."): e["message"] for e in expect(answer, 400)["errors"]}

    found = errors(client_certificate="no PEM", client_key="neither", ca_certificates=authority.pem * 11)
    assert list(found) == ["client_certificate", "client_key", "ca_certificates"]
    assert "PEM" in found["client_certificate"] and "PEM" in found["client_key"]
    assert found["ca_certificates"] == "At most 10 certificates are allowed."
    assert errors(client_certificate=client.certificate, client_key=other.key) == {
        "client_key": "Is not the key of the client certificate."
    }
    encrypted = errors(client_certificate=client.certificate, client_key=client.encrypted_key())
    assert list(encrypted) == ["client_key"] and "encrypted" in encrypted["client_key"]
    both = errors(client_certificate=client.certificate + client.key, client_key=client.key)
    assert "private key" in both["client_certificate"]
    assert list(errors(client_certificate=client.certificate)) == ["client_key"]
    assert list(errors(client_key=client.key)) == ["client_certificate"]
    assert list(errors(ca_certificates="x" * 32_001)) == ["ca_certificates"]
    assert list(errors(client_certificate=client.certificate, client_key="x" * 4_001)) == ["client_key"]
    assert list(errors(ca_certificates=authority.pem[:-60])) == ["ca_certificates"]
    assert list(errors("http://127.0.0.1:9", **client.settings())) == ["client_certificate"]


def test_a_key_is_kept_for_the_same_host_only(tenant, receive, authority, server_identity, client):
    receiver = receive(server_identity, authority)
    channel = draft(receiver, ca_certificates=authority.pem, **client.settings())
    saved = expect(tenant.owner.post(f"{tenant.path}/channels", channel), 201)
    path = f"{tenant.path}/channels/{saved['id']}"
    assert saved["settings"]["client_key"] == "…"
    shown = {name: saved[name] for name in ("kind", "name", "settings")}
    expect(tenant.owner.put(path, shown | {"name": "renamed"}), 200)
    assert expect(tenant.owner.post(f"{path}/test"), 200)["verdict"] == "delivered"
    elsewhere = shown | {"settings": shown["settings"] | {"url": "https://127.0.0.2:8443/"}}
    problem = expect(tenant.owner.put(path, elsewhere), 400)
    assert [error["field"] for error in problem["errors"]] == ["settings.client_key"]
    without = {"url": shown["settings"]["url"], "client_certificate": None, "client_key": None}
    after = expect(tenant.owner.put(path, shown | {"settings": without}), 200)
    assert after["certificates"] == [] and "client_key" not in after["settings"]


def test_the_certificates_and_when_they_expire_are_shown(tenant, receive, authority, server_identity, client):
    receiver = receive(server_identity, authority)
    channel = draft(receiver, ca_certificates=authority.pem, **client.settings())
    saved = expect(tenant.owner.post(f"{tenant.path}/channels", channel), 201)
    names = [(item["setting"], item["name"]) for item in saved["certificates"]]
    assert names == [("client_certificate", "runbell client"), ("ca_certificates", "Authority of a test")]
    headers = {"Cookie": tenant.session_cookie()}
    url = f"{tenant.service.url}/organizations/{tenant.number}/channels/{saved['id']}"
    page = requests.get(url, headers=headers, timeout=15).text
    assert "Client certificate: runbell client expires in 12 days" in page
    assert "CA certificates: Authority of a test expires in 364 days" in page
    assert client.canary not in page


def test_a_form_never_shows_a_key_again(tenant, authority, client):
    headers = {"Cookie": tenant.session_cookie(), "Sec-Fetch-Site": "same-origin"}
    pages = f"{tenant.service.url}/organizations/{tenant.number}"
    page = requests.get(f"{pages}/notifications", headers=headers, timeout=15).text
    token = re.search(r'name="form_token" value="(\w+)"', page)[1]
    form = {"form_token": token, "kind": "webhook", "origin": "page", "name": "x", "settings.url": "nonsense"}
    form |= {f"settings.{name}": value for name, value in client.settings().items()}
    answer = requests.post(f"{pages}/channels", data=form, headers=headers, timeout=15)
    assert answer.status_code == 422, answer.text
    assert client.certificate.splitlines()[2] in answer.text
    assert client.canary not in answer.text


def test_no_private_key_is_found_anywhere(tenant, runs, receive, authority, server_identity, client):
    service = tenant.service
    receiver = receive(server_identity, authority)
    channel = draft(receiver, ca_certificates=authority.pem, **client.settings())
    saved = expect(tenant.owner.post(f"{tenant.path}/channels", channel), 201)
    path = f"{tenant.path}/channels/{saved['id']}"
    other = authority.identity("second")
    shown = {name: saved[name] for name in ("kind", "name", "settings")}
    replaced = shown | {"settings": shown["settings"] | other.settings()}
    expect(tenant.owner.put(path, replaced), 200)
    event = tenant.post(started(tenant.number, next(runs)))
    tenant.settled(event["id"], saved)
    preview = {"channel": saved["id"], "event": {"event": "test.notification_channel"}}
    answers = [
        tenant.owner.get(path).text,
        tenant.owner.get(f"{path}/revisions").text,
        tenant.owner.post(f"{path}/test").text,
        tenant.owner.post(f"{tenant.path}/channels/preview", preview).text,
        tenant.owner.get(f"{tenant.path}/events/{event['id']}").text,
        json.dumps(tenant.deliveries(saved)),
        json.dumps(tenant.audit()),
        service.log,
    ]
    places = [text.encode() for text in answers]
    places += [file.read_bytes() for file in service.data.rglob("*") if file.is_file()]
    for identity in (client, other):
        for secret in (identity.canary, quote(identity.canary, safe="")):
            assert not any(secret.encode() in place for place in places)
