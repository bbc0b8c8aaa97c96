"""The keys of certificates: the one that signs, and those that signed before it, which stay trusted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from shared.certificates.verifying import TrustedKey
from shared.identifiers import Uscc
from shared.security.keys import ALGORITHM, SigningKey, UnusableKey, VerificationKey
from shared.security.strict_json import UnreadableJson, loads_strict

_POINT: Final = ("kty", "crv", "x", "y")


@dataclass(eq=False)
class UnusableOlderKey(ValueError):
    """A file of the directory of older keys is no public key for ES256: the process does not start."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"older signing key {self.file}: {self.reason}"


@dataclass(frozen=True)
class OlderKey:
    """A key that signs no more: ready to verify, and as it is published."""

    key: VerificationKey
    jwk: Mapping[str, str]


@dataclass(frozen=True)
class KeyRing:
    """Certificates are signed with `signing` and verified, by their `kid`, with any key of the ring."""

    signing: SigningKey = field(repr=False)
    older: tuple[OlderKey, ...]

    @classmethod
    def open(cls, signing_key_file: Path, older_keys: Path | None) -> Self:
        """Read the PEM of the signing key and every `*.json` of `older_keys`, each a public JWK (RFC 7517).

        Raises UnusableKey, UnusableOlderKey, OSError.
        """
        signing = SigningKey.from_pem(signing_key_file.read_bytes())
        files = sorted(older_keys.iterdir()) if older_keys else ()
        found = [_older_key(file) for file in files if file.suffix == ".json"]
        by_kid = {each.key.kid: each for each in found if each.key.kid != signing.kid}
        return cls(signing, tuple(by_kid.values()))

    def trusted_for(self, issuers: frozenset[Uscc]) -> Mapping[str, TrustedKey]:
        """Every key of the ring, under its `kid`, with the issuers for whom it may have signed."""
        return {key.kid: TrustedKey(key, issuers) for key in self.verification_keys()}

    def verification_keys(self) -> tuple[VerificationKey, ...]:
        """The public half of every key, the one that signs first."""
        return (self.signing.verification_key(), *(each.key for each in self.older))

    def published(self) -> list[dict[str, str]]:
        """The public keys for a key set, the one that signs first."""
        return [self.signing.public_jwk(), *(dict(each.jwk) for each in self.older)]


def _older_key(file: Path) -> OlderKey:
    try:
        jwk = loads_strict(file.read_bytes())
        if not isinstance(jwk, dict):
            raise UnusableOlderKey(file.name, "not a JSON Web Key")
        key = VerificationKey.from_jwk(jwk)
    except UnreadableJson as error:
        raise UnusableOlderKey(file.name, error.reason) from error
    except UnusableKey as error:
        raise UnusableOlderKey(file.name, error.reason) from error
    point = {name: str(jwk[name]) for name in _POINT}
    return OlderKey(key, {**point, "kid": key.kid, "use": "sig", "alg": ALGORITHM})
