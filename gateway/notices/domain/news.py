"""What an event tells a person: whose case it is, which template says it, and what is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

_TASKS: Final = frozenset({"completed", "visit_requested"})
_FILINGS: Final = frozenset({"submitted", "returned", "approved", "refused", "withdrawn"})
_APPLICATIONS: Final = frozenset({"submitted", "returned", "approved", "refused", "withdrawn"})
_TICKETS: Final = frozenset({"received", "dispatched", "replied", "closed"})


@dataclass(frozen=True)
class Named:
    """A title that the event brings, or a key by which the region pack has it."""

    zh: str = ""
    en: str = ""
    theme: str | None = None
    step: str | None = None
    item: str | None = None


@dataclass(frozen=True)
class News:
    """What is to be said. `applicant` and `case_no` are None where only earlier events of the case say them.

    `is_told` is False for what is only remembered: whose case it is.
    """

    template: str
    case_id: str
    case_no: str | None
    applicant: str | None
    named: Named = Named()
    due_at: datetime | None = None
    amount_fen: int | None = None
    number: str | None = None
    is_told: bool = True


def news_of(event_type: str, said: Mapping[str, Any]) -> News | None:
    """Return what an event (`cn.tongban.<service>.<aggregate>.<verb>.v<n>`) says to a person, if anything.

    What is part of a matter is told by the matter. Of a confidential request to the hotline the event names nobody,
    so that nobody is told.
    """
    service, aggregate, verb = event_type.split(".")[2:5]
    match f"{service}.{aggregate}":
        case "gateway.matter":
            return _matter(verb, said)
        case "gateway.task" if verb in _TASKS:
            return _task(verb, said)
        case "gateway.payment":
            return _payment(verb, said)
        case "gateway.delivery":
            return _delivery(verb, said)
        case "registration.filing" if verb in _FILINGS:
            return _service_case("registration.filing", verb, said["filing_id"], said)
        case "licensing.application" if verb == "component_decided":
            return _component(said)
        case "licensing.application" if verb in _APPLICATIONS:
            return _service_case("licensing.application", verb, said["application_id"], said)
        case "hotline.ticket" if verb in _TICKETS:
            number = said["ticket_number"]
            return News(f"hotline.ticket.{verb}", number, number, said.get("applicant"))
    return None


def _matter(verb: str, said: Mapping[str, Any]) -> News:
    return News(
        f"gateway.matter.{verb}",
        said["matter_id"],
        said.get("case_no"),
        said.get("applicant"),
        Named(theme=said.get("theme"), step=said.get("step")),
        due_at=_instant(said.get("due_at")),
        # A step that is late is between its department and the superiors; the person is told of the whole.
        is_told=verb != "overdue" or said.get("step") is None,
    )


def _task(verb: str, said: Mapping[str, Any]) -> News:
    return News(
        f"gateway.task.{verb}",
        said["matter_id"],
        said.get("case_no"),
        None,
        Named(theme=said.get("theme"), step=said["kind"]),
    )


def _payment(verb: str, said: Mapping[str, Any]) -> News:
    return News(
        f"gateway.payment.{verb}",
        said["case_id"],
        said["case_no"],
        said["payer"],
        Named(said["title_zh"], said["title_en"]),
        amount_fen=said["amount_fen"],
    )


def _delivery(verb: str, said: Mapping[str, Any]) -> News:
    return News(
        f"gateway.delivery.{verb}.{said['method']}",
        said["case_id"],
        said["case_no"],
        said["recipient"],
        number=said.get("tracking_number"),
    )


def _component(said: Mapping[str, Any]) -> News:
    return News(
        f"licensing.application.component_decided.{said['decision']}",
        said.get("matter_id") or said["application_id"],
        None if said.get("matter_id") else said.get("case_no"),
        said.get("applicant"),
        Named(item=said["item"]),
    )


def _service_case(what: str, verb: str, case_id: str, said: Mapping[str, Any]) -> News:
    return News(
        f"{what}.{verb}",
        case_id,
        said.get("case_no"),
        said.get("applicant"),
        is_told=said.get("matter_id") is None,
    )


def _instant(said: object) -> datetime | None:
    return datetime.fromisoformat(said) if isinstance(said, str) else None
