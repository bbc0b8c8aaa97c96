import json
import re
import stat
from pathlib import Path

import pytest
from jose import jwt

from deploy.local import secrets, seed
from deploy.local.access_token import client_assertion
from deploy.local.commands.events import streams_of
from deploy.local.environment import Surroundings, environment_of
from deploy.local.layout import PARTS, DataDirectory, Ports, is_free
from deploy.local.refusals import PortTaken, Refused
from deploy.local.secrets import LocalSecrets
from gateway.identity.domain.entitlements import ALL_SCOPES
from tests.deploy.conftest import listener
from tests.deploy.trivial_suite import AGENCIES


@pytest.fixture
def known(data: DataDirectory) -> LocalSecrets:
    data.prepare()
    return secrets.load_or_create(data, accounts=seed.USERNAMES, subscribers=("tax",))


def test_secrets_and_keys_are_readable_by_their_owner_alone(data: DataDirectory, known: LocalSecrets) -> None:
    seed.write_seed(data, AGENCIES, known, "http://127.0.0.1:8000")
    key = secrets.signing_key_file(data, "gateway")

    private = (data.secrets_file, data.seed_file, key, secrets.client_key_file(data, "tax"))

    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in private} == {
        path.name: 0o600 for path in private
    }


def test_secrets_are_made_once_and_differ_from_each_other(data: DataDirectory, known: LocalSecrets) -> None:
    again = secrets.load_or_create(data, accounts=(*seed.USERNAMES, "newcomer"), subscribers=("tax",))

    values = [
        known.postgres_superuser,
        known.person_reference,
        *(v for group in (known.database, known.nats, known.hmac, known.accounts) for v in group.values()),
    ]
    assert len(values) == len(set(values))
    assert {name: again.accounts[name] for name in known.accounts} == known.accounts
    assert (again.database, again.nats, again.hmac) == (known.database, known.nats, known.hmac)
    assert again.person_reference == known.person_reference
    assert all(re.fullmatch(r"[0-9a-f]{64}", secret) for secret in known.hmac.values())


def test_two_data_directories_share_no_secret(tmp_path: Path) -> None:
    first, second = (DataDirectory(tmp_path / name) for name in ("one", "two"))
    for directory in (first, second):
        directory.prepare()

    made = [secrets.load_or_create(d, accounts=("zhangsan",), subscribers=()) for d in (first, second)]

    assert made[0].accounts["zhangsan"] != made[1].accounts["zhangsan"]
    assert secrets.signing_key_file(first, "gateway").read_bytes() != (
        secrets.signing_key_file(second, "gateway").read_bytes()
    )


def test_damaged_secrets_are_refused_and_not_replaced(data: DataDirectory, known: LocalSecrets) -> None:
    data.secrets_file.write_text('{"nats": ')

    with pytest.raises(Refused, match="damaged"):
        secrets.load_or_create(data, accounts=(), subscribers=())

    assert data.secrets_file.read_text() == '{"nats": '


def test_a_process_gets_its_own_services_settings_and_no_others(
    data: DataDirectory, known: LocalSecrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGBAN_HOTLINE_SECRET", "of-the-operator")
    monkeypatch.setenv("TONGBAN_MODE", "production")
    around = Surroundings(data, Ports(8000), known, data.root)
    for part in PARTS:
        environment = environment_of(part, around)

        others = [other.name for other in PARTS if other != part]
        foreign = {known.database[o] for o in others} | {known.nats[o] for o in others}
        foreign |= {known.hmac[o] for o in others} | {known.postgres_superuser, known.nats["provisioner"]}
        assert not [name for name, value in environment.items() if any(secret in value for secret in foreign)]
        assert not [n for n in environment for o in others if n.startswith(f"TONGBAN_{o.upper()}_")]
        assert environment["TONGBAN_MODE"] == "local"
        assert environment["TONGBAN_IDENTITY_URL"] == "http://127.0.0.1:8000"


def test_the_seed_gives_known_scopes_only_and_each_agency_what_its_work_needs(
    data: DataDirectory, known: LocalSecrets
) -> None:
    written = json.loads(seed.write_seed(data, AGENCIES, known, "http://127.0.0.1:8000").read_text())

    clients = {client["client_id"]: client for client in written["clients"]}
    accounts = {account["username"]: account for account in written["accounts"]}
    assert set(clients) == {"tax", "fire_rescue", "portal"}
    assert all(set(holder["scopes"]) <= ALL_SCOPES for holder in (*clients.values(), *accounts.values()))
    assert "licensing.component.decide" in clients["fire_rescue"]["scopes"]
    assert not [scope for scope in clients["tax"]["scopes"] if scope.endswith(".decide")]
    over_oneself = {"identity.mandate.manage", "notices.notice.manage", "catalogue.consent.manage"}
    own = set(accounts["zhangsan"]["scopes"]) - over_oneself
    assert not [s for s in own if s.endswith((".decide", ".manage", ".handle"))]
    assert "registration.filing.decide" in accounts["wangwu"]["scopes"]
    assert {"hotline.ticket.manage", "hotline.identity.read"} <= set(accounts["zhaoliu"]["scopes"])


def test_the_seed_holds_public_keys_only_and_the_portal_has_none(
    data: DataDirectory, known: LocalSecrets
) -> None:
    written = json.loads(seed.write_seed(data, AGENCIES, known, "http://127.0.0.1:8000").read_text())

    tax, _, portal = written["clients"]
    assert set(tax["jwk"]) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert portal["jwk"] is None
    assert portal["redirect_uris"][0] == "http://127.0.0.1:8000/demo/callback"


def test_writing_the_seed_again_keeps_the_clients_keys(data: DataDirectory, known: LocalSecrets) -> None:
    first = seed.write_seed(data, AGENCIES, known, "http://127.0.0.1:8000").read_text()

    assert seed.write_seed(data, AGENCIES, known, "http://127.0.0.1:8000").read_text() == first


def test_a_client_assertion_is_verified_by_the_clients_published_key(
    data: DataDirectory, known: LocalSecrets
) -> None:
    seed.write_seed(data, AGENCIES, known, "http://127.0.0.1:8000")
    client = seed.read_client(data, "tax")
    assert client.jwk is not None

    assertion = client_assertion(
        secrets.client_key_file(data, "tax"), "tax", client.jwk["kid"], audience="http://127.0.0.1:8000"
    )

    claims = jwt.decode(assertion, client.jwk, algorithms=["ES256"], audience="http://127.0.0.1:8000")
    assert (claims["iss"], claims["sub"], claims["exp"] - claims["iat"]) == ("tax", "tax", 60)
    assert jwt.get_unverified_header(assertion)["typ"] == "client-authentication+jwt"


def test_an_unknown_client_is_refused_with_those_that_there_are(
    data: DataDirectory, known: LocalSecrets
) -> None:
    seed.write_seed(data, AGENCIES, known, "http://127.0.0.1:8000")

    with pytest.raises(Refused, match=r"no client 'nobody'; there are fire_rescue, portal, tax"):
        seed.read_client(data, "nobody")


@pytest.mark.parametrize("person", seed.PERSONS, ids=lambda person: person.username)
def test_made_up_citizens_have_right_check_digits(person: seed.Person) -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(person.citizen_id, weights, strict=False))

    assert person.citizen_id[17] == "10X98765432"[total % 11]


def test_a_taken_port_is_named_with_what_wanted_it(ports: Ports) -> None:
    with listener(ports.nats), pytest.raises(PortTaken, match=rf"port {ports.nats} \(for NATS\).*--port"):
        ports.refuse_taken()

    assert is_free(ports.nats)


def test_a_data_directory_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("")

    with pytest.raises(Refused, match=r"cannot write to .*choose another --data directory"):
        DataDirectory(blocked / "data").prepare()


@pytest.mark.parametrize(
    ("subject", "streams"),
    [
        ("events.>", ["REGISTRATION", "CREDIT", "LICENSING", "HOTLINE", "GATEWAY"]),
        ("events.credit.subject.>", ["CREDIT"]),
        ("events.*.enterprise.>", ["REGISTRATION", "CREDIT", "LICENSING", "HOTLINE", "GATEWAY"]),
    ],
)
def test_a_subject_is_looked_for_in_the_streams_that_may_hold_it(subject: str, streams: list[str]) -> None:
    assert streams_of(subject) == streams


@pytest.mark.parametrize("subject", ["", ">", "events", "events.", "$JS.API.>", "events.tax.>"])
def test_a_subject_that_no_stream_holds_is_refused(subject: str) -> None:
    with pytest.raises(Refused):
        streams_of(subject)
