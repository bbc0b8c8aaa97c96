"""The proxy's pieces by themselves: paths, buckets, remembered tokens, retries."""

import asyncio
import string
import time
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.proxy.failures import UpstreamTimeout, UpstreamUnreachable
from gateway.proxy.paths import RouteTable, is_ambiguous
from gateway.proxy.rate import TokenBuckets
from gateway.proxy.upstream import Call, UpstreamClient
from gateway.proxy.verification import RememberingVerifier
from shared.security.key_set import FixedKeySet
from shared.security.tokens import PreparedKey, TokenRefused, prepare_key
from shared.security.withdrawals import WithdrawalKind, Withdrawals, digest_of
from tests.support.identities import ISSUER, SIGNING_KEY, person_token


class CountingKeys(FixedKeySet):
    """Keys that count how often one is asked for."""

    asked = 0

    async def find(self, kid: str) -> PreparedKey | None:
        """Count, and find."""
        self.asked += 1
        return await super().find(kid)


def _verifier(**changes: Any) -> tuple[RememberingVerifier, CountingKeys]:
    keys = CountingKeys([prepare_key(SIGNING_KEY.public_jwk())])
    options: dict[str, Any] = {"withdrawals": Withdrawals()} | changes
    return RememberingVerifier(issuer=ISSUER, audience="gateway", keys=keys, **options), keys


async def test_a_tokens_signature_is_checked_once() -> None:
    verifier, keys = _verifier()
    token = person_token("ann")

    first, second = await verifier.verify(token), await verifier.verify(token)

    assert first is second
    assert keys.asked == 1


async def test_a_remembered_token_is_refused_when_it_has_expired() -> None:
    at = time.time()
    verifier, _ = _verifier(clock=lambda: at)
    token = person_token("ann")
    principal = await verifier.verify(token)

    at = principal.expires_at + 29.5
    assert await verifier.verify(token)
    at = principal.expires_at + 30
    with pytest.raises(TokenRefused, match="expired"):
        await verifier.verify(token)


async def test_a_remembered_token_is_refused_once_it_is_withdrawn() -> None:
    withdrawals = Withdrawals()
    verifier, _ = _verifier(withdrawals=withdrawals)
    token = person_token("ann")
    principal = await verifier.verify(token)

    withdrawals.replace({digest_of(WithdrawalKind.TOKEN, principal.token_id): principal.issued_at})

    with pytest.raises(TokenRefused, match="withdrawn"):
        await verifier.verify(token)


async def test_another_signature_under_remembered_claims_is_not_remembered() -> None:
    verifier, _ = _verifier()
    token = person_token("ann")
    await verifier.verify(token)
    head, _, _ = token.rpartition(".")

    with pytest.raises(TokenRefused):
        await verifier.verify(f"{head}.{'A' * 86}")


async def test_only_so_many_tokens_are_remembered() -> None:
    verifier, _ = _verifier(most_tokens=3)

    for number in range(5):
        await verifier.verify(person_token(f"person-{number}"))

    assert len(verifier) == 3


def test_a_bucket_lets_a_burst_pass_then_as_much_as_it_refills() -> None:
    buckets = TokenBuckets(per_second=2, burst=3)

    burst = [buckets.take("ann", 100.0).retry_after for _ in range(4)]
    other = buckets.take("bob", 100.0)
    later = [buckets.take("ann", 101.0).retry_after for _ in range(3)]

    assert burst == [0, 0, 0, 1]
    assert other.retry_after == 0
    assert later == [0, 0, 1]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=30))
def test_no_caller_gets_more_than_burst_and_rate_allow(tenths: list[int]) -> None:
    gaps = [tenth / 10 for tenth in tenths]
    buckets = TokenBuckets(per_second=4, burst=5)
    now = passed = 0.0

    for gap in gaps:
        now += gap
        passed += buckets.take("ann", now).retry_after == 0

    assert passed <= 5 + 4 * (now - gaps[0]) + 1e-6


def test_buckets_are_bounded_and_forget_who_was_silent_longest() -> None:
    buckets = TokenBuckets(per_second=0.001, burst=1, most_callers=2)
    buckets.take("first", 0.0)
    buckets.take("second", 0.0)
    buckets.take("third", 0.0)

    assert buckets.take("third", 0.0).retry_after > 0
    assert buckets.take("first", 0.0).retry_after == 0


def test_paths_find_their_service_by_whole_segments() -> None:
    table = RouteTable({"registration": "http://r", "credit": "http://c/"})

    found = table.find(b"/credit/v1/subjects/1")
    assert found is not None
    assert (found.name, found.url) == ("credit", "http://c")
    for path in (b"/", b"/credit", b"/credit/v2/x", b"/creditv1/x", b"/credit/v1x", b"/x/credit/v1"):
        assert table.find(path) is None


@given(st.binary(max_size=40))
def test_no_path_with_an_escape_from_its_prefix_is_plain(tail: bytes) -> None:
    for trick in (b"/..", b"/.", b"//", b";", b"\\", b"%2F", b"%2e", b"\x00", b" ", b"\xff"):
        assert is_ambiguous(b"/registration/v1/" + tail + trick)


UNRESERVED = string.ascii_letters + string.digits + "-._~"


def test_letters_and_digits_in_disguise_are_ambiguous_and_other_text_is_not() -> None:
    disguised = {form for each in UNRESERVED for form in (f"%{ord(each):02x}", f"%{ord(each):02X}")}
    plain = UNRESERVED + quote("企业登记/张三 (1)!@$&'*+,=:", safe="/!$&'()*+,=:@")

    assert [form for form in disguised if not is_ambiguous(f"/x/{form}y".encode())] == []
    assert not is_ambiguous(f"/registration/v1/{plain}".encode())


async def test_no_connection_is_told_from_no_answer() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with UpstreamClient(connect_seconds=0.5, answer_seconds=0.3) as client:
        with pytest.raises(UpstreamTimeout):
            async with client.send(Call("GET", f"http://127.0.0.1:{port}", b"/")):
                pass
        server.close()
        await server.wait_closed()
        with pytest.raises(UpstreamUnreachable):
            async with client.send(Call("GET", f"http://127.0.0.1:{port}", b"/")):
                pass
