"""Events that the catalogue follows: readings of shared data, counted by day, and rulings that open and close it."""

from datetime import datetime
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from gateway.catalogue.data.store.figures import Call
from gateway.catalogue.data.use_cases.open_for_ruling import follow_ruling
from gateway.catalogue.data.use_cases.sharing_figures import count_call
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event, EventType
from shared.messaging.topology import PUBLISHERS, Consumer, follow


class AccessHeard(BaseModel):
    """The part's own copy of the payload; what else a publisher may add is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    agency_uscc: str | None = None
    resource: str
    result: Literal["allowed", "denied"]
    at: AwareDatetime


async def on_access_recorded(event: Event, uow: UnitOfWork, _now: datetime) -> None:
    """Count it, where an agency read."""
    heard = AccessHeard.model_validate(event.data)
    if heard.agency_uscc is not None:
        call = Call(heard.resource, heard.agency_uscc, heard.at, heard.result == "allowed")
        await count_call(call, uow)


class _Ruling(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    ruling_no: str
    proceedings: str
    agency_uscc: str


class RulingHeard(BaseModel):
    """registration: a court's ruling on bankruptcy or liquidation was entered."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    uscc: str
    details: _Ruling


async def on_court_ruled(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Open to the court what its grants for such proceedings name, as long as they run."""
    heard = RulingHeard.model_validate(event.data)
    told = heard.details
    await follow_ruling(heard.uscc, told.agency_uscc, told.ruling_no, told.proceedings, uow, now)


CONSUMERS: Final = (
    *(
        Consumer(
            follow("gateway", publisher, "access", durable="gateway_catalogue_calls"),
            {EventType(publisher, "access", "recorded").name: on_access_recorded},
        )
        for publisher in PUBLISHERS
    ),
    Consumer(
        follow("gateway", "registration", "enterprise", durable="gateway_catalogue_rulings"),
        {EventType("registration", "enterprise", "court_ruled").name: on_court_ruled},
    ),
)
