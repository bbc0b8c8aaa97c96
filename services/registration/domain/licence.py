"""The electronic business licence (电子营业执照): its versions, what is done to it, and copies made for a purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.wording import Wording
from shared.calendar import Limit
from shared.certificates import CertificateState
from shared.identifiers import Uscc


@dataclass(frozen=True)
class MergedFiling:
    """A filing of another department that the licence stands for (多证合一), and whose it was."""

    key: str
    name: Wording
    agency_uscc: Uscc


@dataclass(frozen=True)
class LicencePolicy:
    """Which certificate the licence is, what is merged into it, and how long a copy may serve at most."""

    type_code: str
    name: str
    defined_by: str
    merged_filings: tuple[MergedFiling, ...]
    longest_copy: Limit


class LicenceOperation(StrEnum):
    """证照操作: codes as the certificate exchange has them, so far as a business licence knows them."""

    ISSUED = "01"  # 新发
    ENDED = "05"  # 注销（撤销、吊销、办理转出）
    ALTERED = "09"  # 变更


@dataclass(frozen=True)
class Licence:
    """One version of a licence as issued: signed content, its digest, and the state that the register keeps."""

    identifier: str
    uscc: str
    version: int
    associated_identifier: str | None
    state: CertificateState
    digest: str
    jws: str
    issued_at: datetime

    @property
    def is_in_force(self) -> bool:
        """Whether it may be shown (有效)."""
        return self.state is CertificateState.IN_FORCE

    @property
    def operation(self) -> LicenceOperation:
        """By what it came about."""
        return LicenceOperation.ISSUED if self.version == 1 else LicenceOperation.ALTERED


@dataclass(frozen=True)
class LoggedOperation:
    """What was done to a version of a licence, the state it left it in, and when."""

    identifier: str
    version: int
    operation: LicenceOperation
    state: CertificateState
    at: datetime


# How the licence ends with the enterprise's state; in every other state it stays in force.
ENDS_AS: Final[Mapping[EnterpriseState, CertificateState]] = MappingProxyType(
    {
        EnterpriseState.DEREGISTERED: CertificateState.CANCELLED,
        EnterpriseState.REVOKED: CertificateState.WITHDRAWN,
        EnterpriseState.CLOSED: CertificateState.LAPSED,
        EnterpriseState.ANNULLED: CertificateState.REVOKED,
        EnterpriseState.MOVED_OUT: CertificateState.TRANSFERRED_OUT,
    }
)


@dataclass(frozen=True)
class LicenceCopy:
    """A copy (加注件): signed anew, for one recipient and one purpose, until a moment; its owner may take it back."""

    identifier: str
    licence_identifier: str
    uscc: str
    purpose: str
    recipient: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    digest: str
    jws: str
    revoked_at: datetime | None = None

    def serves(self, now: datetime) -> bool:
        """Whether it may still be shown."""
        return self.revoked_at is None and now < self.expires_at


def licence_of_copy(identifier: str) -> str:
    """A copy is named by its licence's identifier, a hyphen and characters of its own."""
    return identifier.partition("-")[0]
