"""Results of a case: certificates that services issued, read through the gateway. Source: GW-04 (统一出口)."""

from dataclasses import dataclass
from enum import StrEnum


class ResultKind(StrEnum):
    """What a case brought."""

    BUSINESS_LICENCE = "business_licence"
    PERMIT = "permit"


@dataclass(frozen=True)
class Result:
    """A certificate: its identifier (the code by which anyone verifies it), and where to read and verify it."""

    kind: ResultKind
    identifier: str
    document_path: str
    verify_path: str


def business_licence(identifier: str, uscc: str) -> Result:
    """The electronic business licence (电子营业执照) of an enterprise."""
    path = f"/registration/v1/enterprises/{uscc}/licence"
    return Result(ResultKind.BUSINESS_LICENCE, identifier, path, f"/registration/v1/verify/{identifier}")


def permit(identifier: str, number: str, verify_path: str) -> Result:
    """A permit (许可证), which anyone reads by its number."""
    return Result(ResultKind.PERMIT, identifier, f"/licensing/v1/permits/{number}", verify_path)
