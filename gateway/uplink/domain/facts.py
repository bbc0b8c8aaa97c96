"""What the suite's events say upward. Source: GW-28 (与国家政务服务平台数据共享)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.uplink.domain.records import Fact, RecordKind

FILING: Final = "registration.filing"
BUSINESS_LICENCE: Final = "registration.licence"
APPLICATION: Final = "licensing.application"
PERMIT: Final = "licensing.permit"
ITEMS: Final = frozenset({FILING, BUSINESS_LICENCE, APPLICATION, PERMIT})

_CASE_STATES: Final = frozenset({"submitted", "returned", "approved", "refused", "withdrawn"})
_AS_TOLD_UPWARD: Final = {"reopened": "submitted"}
"""A refusal that was set aside: the case is where it was before."""
_PERMIT_FIELDS: Final = (
    *(
        "permit_number",
        "kind",
        "item",
        "uscc",
        "certificate_identifier",
        "issuer_uscc",
        "valid_from",
        "valid_to",
    ),
)


def facts_of(event_type: str, said: Mapping[str, Any]) -> Iterator[Fact]:
    """Yield what an event says upward, by its type (`cn.tongban.<service>.<aggregate>.<verb>.v<n>`)."""
    service, aggregate, verb = event_type.split(".")[2:5]
    match f"{service}.{aggregate}":
        case "registration.filing" if verb in _CASE_STATES or verb in _AS_TOLD_UPWARD:
            yield _case(FILING, said["filing_id"], _AS_TOLD_UPWARD.get(verb, verb), said)
            if verb == "approved":
                licence = {"certificate_identifier": said["licence_identifier"], "uscc": said["uscc"]}
                yield Fact(RecordKind.LICENCE, BUSINESS_LICENCE, said["licence_identifier"], licence)
        case "licensing.application" if verb in _CASE_STATES:
            yield _case(APPLICATION, said["application_id"], verb, said)
        case "licensing.permit" if verb == "issued":
            told = {name: said.get(name) for name in _PERMIT_FIELDS}
            yield Fact(RecordKind.LICENCE, PERMIT, said["certificate_identifier"], told)


def _case(item: str, case_id: str, state: str, said: Mapping[str, Any]) -> Fact:
    content = {
        "case_id": case_id,
        "status": state,
        "uscc": said.get("uscc"),
        "matter_id": said.get("matter_id"),
    }
    return Fact(RecordKind.CASE_STATUS, item, case_id, content)
