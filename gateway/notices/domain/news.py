"""What an event tells a person: whose case it is, which template says it, and what is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final

from shared.calendar import CHINA

_TASKS: Final = frozenset({"completed", "visit_requested"})
_FILINGS: Final = frozenset({"submitted", "returned", "approved", "refused", "reopened", "withdrawn"})
_APPLICATIONS: Final = frozenset({"submitted", "returned", "approved", "refused", "withdrawn"})
_LISTINGS: Final = frozenset({"entered", "removed"})
_RESERVATIONS: Final = frozenset({"reminded", "lapsed"})
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
            return _filing(verb, said)
        case "registration.annual_report" if verb == "due":
            return _report_due(said)
        case "registration.abnormal_list" if verb in _LISTINGS:
            return _of_enterprise(f"registration.abnormal_list.{verb}", said["listing_id"], said)
        case "registration.name_reservation" if verb in _RESERVATIONS:
            return _reservation(verb, said)
        case "registration.name" if verb == "ruled" and said["is_to_stop"]:
            due = _instant(said["change_by"])
            return _of_enterprise("registration.name.ruled", said["dispute_id"], said, due)
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


def _filing(verb: str, said: Mapping[str, Any]) -> News:
    """An approved establishment comes with a licence; any other filing is told without one."""
    news = _service_case("registration.filing", verb, said["filing_id"], said)
    if verb == "approved" and said.get("kind", "establishment") != "establishment":
        return replace(news, template="registration.filing.approved.other")
    return news


def _of_enterprise(
    template: str, case_id: str, said: Mapping[str, Any], due_at: datetime | None = None
) -> News:
    """What concerns an enterprise is told whoever acts in its name; its case number is the credit code."""
    return News(template, case_id, said["uscc"], said["uscc"], Named(said["name"], said["name"]), due_at)


def _report_due(said: Mapping[str, Any]) -> News:
    last = datetime.combine(date.fromisoformat(said["due_on"]), time(23, 59), CHINA)
    told = {**said, "name": str(said["year"])}
    news = _of_enterprise(
        "registration.annual_report.due", f"{said['uscc']}/{said['year']}/{said['days_left']}", told, last
    )
    return replace(news, applicant=said["applicant"])


def _reservation(verb: str, said: Mapping[str, Any]) -> News:
    return News(
        f"registration.name_reservation.{verb}",
        said["reservation_id"],
        said["name"],
        said["applicant"],
        Named(said["name"], said["name"]),
        _instant(said["reserved_until"]),
    )


def _instant(said: object) -> datetime | None:
    return datetime.fromisoformat(said) if isinstance(said, str) else None
