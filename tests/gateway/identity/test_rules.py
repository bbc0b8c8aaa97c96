"""Identity's rules by themselves: scopes, proof keys, delays, delegation."""

import base64
import hashlib
import time
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.identity.domain.accounts import LONGEST_DELAY, delay_after
from gateway.identity.domain.proof_key import answers_challenge
from gateway.identity.domain.scopes import audience_of, held_by_person, parse_scopes
from gateway.identity.public import MATTERS_CLIENT, Issuer
from gateway.identity.use_cases.signing_keys import SigningKeys
from shared.security.sealing import Sealer
from shared.security.tokens import TokenVerifier
from tests.support.identities import ISSUER, KEYS, SIGNING_KEY

VERIFIER = st.text("abcXYZ019-._~", min_size=43, max_size=128)


@given(VERIFIER, VERIFIER)
def test_only_the_verifier_of_a_challenge_answers_it(verifier: str, other: str) -> None:
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    assert answers_challenge(verifier, challenge)
    assert answers_challenge(other, challenge) == (other == verifier)
    assert not answers_challenge(challenge, challenge)


@given(st.integers(0, 10_000))
def test_the_delay_never_shrinks_and_has_an_end(failures: int) -> None:
    assert timedelta(0) <= delay_after(failures) <= delay_after(failures + 1) <= LONGEST_DELAY


def test_three_failures_are_free_then_the_delay_doubles() -> None:
    seconds = [delay_after(failures).total_seconds() for failures in range(8)]

    assert seconds == [0, 0, 0, 0, 2, 4, 8, 16]


def test_a_token_names_the_services_that_its_scopes_touch() -> None:
    assert audience_of(["openid", "matters.matter.read", "events.read"]) == ("gateway",)
    assert audience_of(["credit.subject.read", "registration.filing.read"]) == (
        "gateway",
        "registration",
        "credit",
    )


def test_a_person_keeps_what_was_asked_for_and_is_held() -> None:
    asked = parse_scopes("openid  a.b.c d.e.f a.b.c")

    assert asked == ("openid", "a.b.c", "d.e.f")
    assert held_by_person(asked, {"a.b.c", "x.y.z"}) == ("openid", "a.b.c")


async def test_a_delegated_token_names_the_person_and_who_acts() -> None:
    now = datetime.now(UTC)
    issuer = Issuer(ISSUER, SigningKeys.of(SIGNING_KEY, Sealer(b"of the test run only", "test"), since=now))

    token = issuer.delegated_token(subject="ann", scopes=["registration.filing.submit"], now=now)
    principal = await TokenVerifier(issuer=ISSUER, audience="registration", keys=KEYS).verify(token)

    assert (principal.subject, principal.acted_by, principal.is_person) == ("ann", MATTERS_CLIENT, True)
    assert principal.scopes == {"registration.filing.submit"}
    assert 590 <= principal.expires_at - time.time() <= 600
