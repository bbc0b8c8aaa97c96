"""Rules of accounts: one-time codes by their vectors, recovery codes, new passwords, delays, methods."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.identity.domain.accounts import (
    FREE_FAILURES_OF_PEER,
    LONGEST_DELAY,
    Session,
    delay_after,
    strength_of,
)
from gateway.identity.domain.devices import device_name
from gateway.identity.domain.one_time_code import (
    STEP_SECONDS,
    code_at,
    enrolment_uri,
    matching_step,
    step_at,
)
from gateway.identity.domain.password_rules import PasswordFault, password_fault
from gateway.identity.domain.recovery_codes import normalised, recovery_code
from gateway.identity.use_cases.passwords import Passwords
from gateway.settings import PasswordHashing
from shared.identifiers.uuid7 import new_uuid7
from shared.security.strength import Strength

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SECRET = b"12345678901234567890"
secrets = st.binary(min_size=20, max_size=20)


# RFC 6238 appendix B, SHA-1, eight digits.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_one_time_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    step = seconds // STEP_SECONDS

    assert code_at(SECRET, step, digits=8) == code
    assert code_at(SECRET, step) == code[2:]


@given(secret=secrets, apart=st.integers(-4, 4))
def test_a_code_is_good_one_step_early_or_late_and_never_twice(secret: bytes, apart: int) -> None:
    step = step_at(NOW) + apart
    code = code_at(secret, step)

    found = matching_step(secret, code, NOW, after=0)

    if abs(apart) <= 1:
        assert found is not None
        assert code_at(secret, found) == code
        again = matching_step(secret, code, NOW, after=step_at(NOW) + 1)
        assert again is None
    else:
        assert found is None or code_at(secret, found) == code


def test_an_authenticator_reads_the_secret_with_what_it_is_for() -> None:
    uri = enrolment_uri(SECRET, issuer="Tongban", account="张 三")

    assert uri.startswith("otpauth://totp/Tongban%3A%E5%BC%A0%20%E4%B8%89?secret=GEZDGNBVGY3TQOJQ")
    assert uri.endswith("&issuer=Tongban&algorithm=SHA1&digits=6&period=30")


@given(st.binary(min_size=10, max_size=10))
def test_a_recovery_code_is_known_however_it_is_typed(random: bytes) -> None:
    code = recovery_code(random)

    assert len(code) == 19
    for typed in (code, code.upper(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert normalised(typed) == code


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("ninechars", PasswordFault.TOO_SHORT),
        ("ten-chars!", None),
        ("x" * 257, PasswordFault.TOO_LONG),
        ("zhangsan.zhangsan", None),
        ("ZhangSan2026", PasswordFault.LIKE_NAME),
        ("Password123", PasswordFault.COMMON),
        ("woaini1314", PasswordFault.COMMON),
        ("8888888888", PasswordFault.COMMON),
        ("abcdefghijkl", PasswordFault.COMMON),
        ("correct-horse-battery", None),
        ("今天天气真好我们去公园", None),
    ],
)
def test_a_new_password_is_long_not_the_name_and_not_a_common_one(
    password: str, fault: PasswordFault | None
) -> None:
    assert password_fault(password, "zhangsan") == fault


def test_a_whole_office_may_mistype_before_its_address_must_wait() -> None:
    delays = [delay_after(n, free=FREE_FAILURES_OF_PEER) for n in range(FREE_FAILURES_OF_PEER + 20)]

    assert set(delays[: FREE_FAILURES_OF_PEER + 1]) == {timedelta(0)}
    assert delays[FREE_FAILURES_OF_PEER + 1] == timedelta(seconds=2)
    assert delays[-1] == LONGEST_DELAY
    assert delays == sorted(delays)


@pytest.mark.parametrize(
    ("methods", "strength"),
    [
        (("pwd",), Strength.PASSWORD),
        (("pwd", "otp"), Strength.TWO_FACTOR),
        (("ecl",), Strength.TWO_FACTOR),
        (("pwd", "otp", "face"), Strength.FACE),
        (("pwd", "face"), Strength.PASSWORD),
        ((), Strength.PASSWORD),
    ],
)
def test_strength_follows_from_what_was_proven(methods: tuple[str, ...], strength: Strength) -> None:
    assert strength_of(methods) is strength


@pytest.mark.parametrize(
    ("minutes", "strength", "has_second_factor", "may"),
    [
        (10, Strength.PASSWORD, False, True),
        (11, Strength.PASSWORD, False, False),
        (1, Strength.PASSWORD, True, False),
        (1, Strength.TWO_FACTOR, True, True),
        (11, Strength.TWO_FACTOR, True, False),
    ],
)
def test_an_account_is_changed_by_a_fresh_sign_in_with_all_that_protects_it(
    minutes: int, strength: Strength, has_second_factor: bool, may: bool
) -> None:
    session = Session(
        new_uuid7(), "0" * 64, "ann", NOW - timedelta(minutes=minutes), NOW + timedelta(hours=1), strength
    )

    assert session.may_change_account(NOW, has_second_factor=has_second_factor) is may


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537 Chrome/140.0 Safari/537.36",
            "Chrome · Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0", "WeChat · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("python-httpx/0.28", ""),
    ],
)
def test_a_browser_is_named_coarsely(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


async def test_a_password_takes_64_mib_unless_told_otherwise_and_stays_good_when_that_changes() -> None:
    usual, light = Passwords(), Passwords(PasswordHashing.OWASP)

    heavy_hash, light_hash = await usual.hash("twelve-green-boats"), await light.hash("twelve-green-boats")

    assert heavy_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert light_hash.startswith("$argon2id$v=19$m=7168,t=5,p=1$")
    assert await light.verify(heavy_hash, "twelve-green-boats")
    assert await usual.verify(light_hash, "twelve-green-boats")
    assert not await light.verify(None, "nobody's password")
