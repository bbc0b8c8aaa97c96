"""What a decision needs beside the filing itself: the rules in force and the key that signs licences."""

from dataclasses import dataclass

from services.registration.domain.policy import RegistryPolicy
from shared.certificates import SealProvider
from shared.security.keys import SigningKey


@dataclass(frozen=True)
class RegistrarDesk:
    """The registrar's rules, signing key and seal."""

    policy: RegistryPolicy
    key: SigningKey
    seals: SealProvider
