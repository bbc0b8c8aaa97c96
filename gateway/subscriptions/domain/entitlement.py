"""Which events an agency may follow, and which of them are addressed to some agencies alone.

A type is listed only where its payload holds nothing but public facts and references: whoever adds one reads its
contract first. What carries an applicant is nobody else's.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

OPEN_TO_ALL: Final = (
    "cn.tongban.registration.enterprise.*",
    "cn.tongban.registration.annual_report.submitted.*",
    "cn.tongban.registration.abnormal_list.*",
    "cn.tongban.registration.disclosure.*",
    "cn.tongban.credit.subject.evaluated.*",
    "cn.tongban.licensing.permit.*",
    "cn.tongban.gateway.item.*",
    "cn.tongban.gateway.audit_root.closed.*",
)
"""Open to every agency of the region pack: public facts of the register, grades, permits (DS-25, CRD-16, LIC-36),
service items, and the roots of the audit log, which agencies keep as witnesses."""

OWN_ONLY: Final = (
    "cn.tongban.registration.annual_report.received.*",
    "cn.tongban.registration.merged_filing.*",
    "cn.tongban.gateway.task.*",
    "cn.tongban.gateway.grant.*",
    "cn.tongban.gateway.entry.*",
    "cn.tongban.gateway.resource.*",
    "cn.tongban.gateway.share_request.*",
    "cn.tongban.gateway.need.*",
    "cn.tongban.gateway.correction.*",
    "cn.tongban.gateway.acknowledgement.*",
    "cn.tongban.gateway.external.received.*",
)
"""Open to every agency, but only what is addressed to it: filings merged into a licence, tasks of its own queue, its
grants, what concerns its data and needs, and what systems outside send that their contracts open to it."""

AGGREGATES: Final = (
    ("registration", "enterprise"),
    ("registration", "annual_report"),
    ("registration", "abnormal_list"),
    ("registration", "disclosure"),
    ("registration", "merged_filing"),
    ("credit", "subject"),
    ("licensing", "permit"),
    ("gateway", "task"),
    ("gateway", "grant"),
    ("gateway", "audit_root"),
    ("gateway", "item"),
    ("gateway", "entry"),
    ("gateway", "resource"),
    ("gateway", "share_request"),
    ("gateway", "need"),
    ("gateway", "correction"),
    ("gateway", "acknowledgement"),
    ("gateway", "external"),
)
"""The aggregates of the patterns above, which the gateway keeps in its event log."""

_ADDRESSEES: Final = ("audience", "agencies")
_ADDRESSEE: Final = "agency_uscc"


def is_open(event_type: str) -> bool:
    """Whether an agency may follow this type at all; tickets, filings and readings are nobody else's."""
    return _matches(event_type, OPEN_TO_ALL) or is_own_only(event_type)


def is_own_only(event_type: str) -> bool:
    """Whether an agency gets only those events of the type that are addressed to it."""
    return _matches(event_type, OWN_ONLY)


def audience_of(event_type: str, data: Mapping[str, Any]) -> tuple[str, ...] | None:
    """To which agencies an event is addressed; None where it is for all."""
    if not is_own_only(event_type):
        return None
    several = next((data[name] for name in _ADDRESSEES if data.get(name)), ())
    one = data.get(_ADDRESSEE)
    return tuple(dict.fromkeys((*several, *([one] if one else []))))


def _matches(event_type: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(event_type, pattern) for pattern in patterns)
