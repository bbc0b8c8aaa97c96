"""What every service follows of the gateway's grants and consents, to decide by."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, follow
from shared.sharing.deciding import DataConsent, DataGrant, Way
from shared.sharing.store import SharingStore

_GRANT: Final = "cn.tongban.gateway.grant"
_CONSENT: Final = "cn.tongban.gateway.consent"


class _Followed(BaseModel):
    """Base of our own copies of the gateway's payloads: unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class GrantTerms(_Followed):
    """A grant as issued or narrowed; older events name one region at most."""

    grant_id: str
    agency_uscc: str
    resource: str
    fields: tuple[str, ...]
    purpose: str
    valid_until: datetime
    region_code: str | None = None
    regions: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    ways: tuple[str, ...] = (Way.COPY,)
    needs_consent: bool = False
    needs_case_number: bool = False

    def grant(self) -> DataGrant:
        """The grant to keep."""
        named = (self.region_code,) if self.region_code is not None else ()
        values = self.model_dump(exclude={"region_code"}) | {"regions": self.regions or named}
        return DataGrant(**values)


class GrantSuspended(_Followed):
    """A grant does not hold for now."""

    grant_id: str
    suspended_at: datetime


class GrantResumed(_Followed):
    """A grant holds again."""

    grant_id: str


class GrantWithdrawn(_Followed):
    """A grant holds no longer."""

    grant_id: str
    withdrawn_at: datetime


class ConsentGiven(_Followed):
    """Somebody consents."""

    consent_id: str
    subject: str
    agency_uscc: str
    resource: str
    fields: tuple[str, ...]
    purpose: str
    valid_until: datetime


class ConsentWithdrawn(_Followed):
    """Somebody consents no longer."""

    consent_id: str
    withdrawn_at: datetime


async def on_grant_terms(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A grant may open fields, from now on these."""
    await SharingStore(uow.session).put_grant(GrantTerms.model_validate(event.data).grant())


async def on_grant_suspended(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A grant opens nothing for now."""
    told = GrantSuspended.model_validate(event.data)
    await SharingStore(uow.session).suspend_grant(told.grant_id, told.suspended_at)


async def on_grant_resumed(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A grant opens fields again."""
    await SharingStore(uow.session).suspend_grant(GrantResumed.model_validate(event.data).grant_id, None)


async def on_grant_withdrawn(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A grant opens nothing any more."""
    told = GrantWithdrawn.model_validate(event.data)
    await SharingStore(uow.session).withdraw_grant(told.grant_id, told.withdrawn_at)


async def on_consent_given(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Somebody's record may be read under a grant that asks for it."""
    told = ConsentGiven.model_validate(event.data)
    await SharingStore(uow.session).put_consent(DataConsent(**told.model_dump()))


async def on_consent_withdrawn(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Somebody's record may be read no longer."""
    told = ConsentWithdrawn.model_validate(event.data)
    await SharingStore(uow.session).withdraw_consent(told.consent_id, told.withdrawn_at)


def sharing_consumers(service: str, *, durable: str | None = None) -> tuple[Consumer, ...]:
    """The consumers of a service; `durable` is that of grants. Expiry needs none: the term is heeded as it is read."""
    return (
        Consumer(
            follow(service, "gateway", "grant", durable=durable or f"{service}_grants"),
            {
                f"{_GRANT}.issued.v1": on_grant_terms,
                f"{_GRANT}.narrowed.v1": on_grant_terms,
                f"{_GRANT}.suspended.v1": on_grant_suspended,
                f"{_GRANT}.resumed.v1": on_grant_resumed,
                f"{_GRANT}.withdrawn.v1": on_grant_withdrawn,
            },
            rebuilds=("data_grant",),
        ),
        Consumer(
            follow(service, "gateway", "consent", durable=f"{service}_consents"),
            {f"{_CONSENT}.given.v1": on_consent_given, f"{_CONSENT}.withdrawn.v1": on_consent_withdrawn},
            rebuilds=("data_consent",),
        ),
    )
