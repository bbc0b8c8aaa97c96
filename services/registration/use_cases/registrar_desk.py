"""What a decision needs beside the filing itself: the rules in force and the key that signs licences."""

from dataclasses import dataclass

from services.registration.domain.policy import RegistryPolicy
from shared.certificates import KeyRing, SealProvider


@dataclass(frozen=True)
class RegistrarDesk:
    """The registrar's rules, keys and seal."""

    policy: RegistryPolicy
    keys: KeyRing
    seals: SealProvider
