"""The matter's form as what the register asks of an enterprise that leaves: a notice, a deregistration."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.matters.domain.filing_request import Body, Places

REASON: Final = "leave_reason"
DECIDED_ON: Final = "leave_decided_on"
JOINT: Final = "joint_cancellation"
COMMITMENTS: Final = "investor_commitments"
_COMMITTED: Final = (("/commitments", f"/form/{COMMITMENTS}"), ("/uscc", f"/form/{COMMITMENTS}"))


def notice_request(form: Mapping[str, Any], uscc: str, matter_id: str) -> tuple[Body, Places]:
    """The public notice (简易注销公告), with what all investors signed."""
    body: Body = {"uscc": uscc, "matter_id": matter_id, "commitments": _commitments(form)}
    return body, _COMMITTED


def simple_deregistration_request(
    form: Mapping[str, Any], uscc: str, matter_id: str, *, is_noticed: bool
) -> tuple[Body, Places]:
    """After a notice the commitments are with it; an individual business gives none, and commits here."""
    body: Body = {
        "kind": "simple_deregistration",
        "matter_id": matter_id,
        "uscc": uscc,
        "joint": form[JOINT],
    }
    if not is_noticed:
        body["commitments"] = _commitments(form)
    return body, (*_COMMITTED, ("/joint", f"/form/{JOINT}"))


def deregistration_request(form: Mapping[str, Any], uscc: str, matter_id: str) -> tuple[Body, Places]:
    """After a liquidation (普通注销); of the taxes the register hears from the tax agency."""
    body: Body = {
        "kind": "deregistration",
        "matter_id": matter_id,
        "uscc": uscc,
        "reason": form[REASON],
        "decided_on": form[DECIDED_ON],
        "joint": form[JOINT],
    }
    places = (
        ("/reason", f"/form/{REASON}"),
        ("/decided_on", f"/form/{DECIDED_ON}"),
        ("/joint", f"/form/{JOINT}"),
    )
    return body, places


def _commitments(form: Mapping[str, Any]) -> list[Body]:
    return [dict(each) for each in form[COMMITMENTS]]
