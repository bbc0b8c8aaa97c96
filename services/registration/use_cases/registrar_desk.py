"""What a decision needs beside the filing itself: the rules in force, the key that signs licences, names of persons."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.registration.domain.establishment import Person
from services.registration.domain.policy import RegistryPolicy
from shared.calendar import WorkingCalendar
from shared.certificates import KeyRing, SealProvider
from shared.certificates.pdf_checking import Chain, FileTrust
from shared.certificates.pdf_signing import DocumentSigner
from shared.identifiers import PersonReference, person_reference


@dataclass(frozen=True)
class DocumentSignatures:
    """Who signs the pages of licences, nobody where `signer` is None; which signatures on them are ours."""

    signer: DocumentSigner | None
    trust: FileTrust
    chains: Sequence[Chain]


@dataclass(frozen=True)
class RegistrarDesk:
    """The registrar's rules, working days, keys, seal and signatures; the key under which events name a person."""

    policy: RegistryPolicy
    calendar: WorkingCalendar
    keys: KeyRing
    seals: SealProvider
    documents: DocumentSignatures
    person_reference_key: bytes = field(repr=False)

    def reference_of(self, person: Person) -> PersonReference:
        """How an event names the person."""
        return person_reference(person.id_number, self.person_reference_key)
