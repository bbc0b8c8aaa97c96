"""What is sealed opens only whole, under the same secret, for the same purpose and in the same place."""

import pytest

from shared.security.sealing import CannotUnseal, Sealer

SECRET = b"a secret of at least sixteen bytes"


def test_what_was_sealed_is_read_again_and_two_seals_of_it_differ() -> None:
    sealer = Sealer(SECRET, "one-time-code")

    first, second = sealer.seal(b"plain", b"row 1"), sealer.seal(b"plain", b"row 1")

    assert sealer.unseal(first, b"row 1") == sealer.unseal(second, b"row 1") == b"plain"
    assert first != second
    assert b"plain" not in first


@pytest.mark.parametrize(
    "opener",
    [Sealer(b"another secret of sixteen bytes", "one-time-code"), Sealer(SECRET, "signing-key")],
    ids=["other secret", "other purpose"],
)
def test_another_secret_or_purpose_cannot_open_it(opener: Sealer) -> None:
    sealed = Sealer(SECRET, "one-time-code").seal(b"plain")

    with pytest.raises(CannotUnseal):
        opener.unseal(sealed)


def test_a_changed_moved_or_cut_value_cannot_be_opened() -> None:
    sealer = Sealer(SECRET, "one-time-code")
    sealed = sealer.seal(b"plain", b"row 1")
    altered = bytearray(sealed)
    altered[-1] ^= 1

    for candidate, context in (
        (bytes(altered), b"row 1"),
        (sealed, b"row 2"),
        (sealed[:8], b"row 1"),
        (b"", b"row 1"),
    ):
        with pytest.raises(CannotUnseal):
            sealer.unseal(candidate, context)
