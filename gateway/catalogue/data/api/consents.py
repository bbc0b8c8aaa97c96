"""Consents (授权同意): given and withdrawn by whom the data is about, heeded by the services."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from gateway.catalogue.data.api.dependencies import RegionInUse
from gateway.catalogue.data.api.grants import Fields, Purpose, ResourceKey
from gateway.catalogue.data.domain.consent import Asked, Consent, ConsentStatus
from gateway.catalogue.data.domain.errors import (
    ConsentAlreadyWithdrawn,
    ConsentIsPersonal,
    ConsentNotFound,
    ConsentNotPossible,
)
from gateway.catalogue.data.use_cases.handle_consents import (
    GiveConsent,
    give_consent,
    list_own_consents,
    read_own_consent,
    withdraw_own_consent,
)
from shared.identifiers.uuid7 import new_uuid7
from shared.security.access import requires
from shared.web.conditional import set_etag
from shared.web.fields import Instant, LongText, RequestModel, ResponseModel, UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/catalogue/v1/consents", route_class=ServiceRoute, tags=["catalogue"])
_MANAGE = requires("catalogue.consent.manage")
Told = Annotated[LongText | None, Field(examples=["开户时核验法定代表人姓名"])]


class ConsentIn(RequestModel):
    """What is consented to. Each part of the notice and an end are needed; what is missing is refused with 422."""

    agency: Annotated[UsccField, Field(examples=["11140881MB9Y00075F"], description="Who may read")]
    resource: Annotated[ResourceKey, Field(examples=["registration.enterprise"])]
    fields: Annotated[Fields, Field(examples=[["legal_representative_name"]])]
    purpose: Annotated[Purpose | None, Field(examples=["bank_account_opening"])] = None
    content: Annotated[Told, Field(description="What is read (内容)")] = None
    method: Annotated[Told, Field(description="How it is read (方式)")] = None
    use: Annotated[Told, Field(description="What it is used for (用途)")] = None
    scope: Annotated[Told, Field(description="How far it goes (范围)")] = None
    rights_notice: Annotated[Told, Field(description="Rights and duties that were told (权利和义务)")] = None
    valid_until: Annotated[Instant | None, Field(examples=["2026-12-31T16:00:00Z"])] = None

    def asked(self) -> Asked:
        """What the person was asked."""
        return Asked(
            agency_uscc=self.agency,
            resource=self.resource,
            fields=self.fields,
            purpose=self.purpose,
            content=self.content,
            method=self.method,
            use=self.use,
            scope=self.scope,
            rights_notice=self.rights_notice,
            valid_until=self.valid_until.astimezone(UTC) if self.valid_until else None,
        )


class ConsentOut(ResponseModel):
    """A consent and where it stands."""

    consent_id: UUID
    agency_uscc: Annotated[str, Field(examples=["11140881MB9Y00075F"])]
    resource: Annotated[str, Field(examples=["registration.enterprise"])]
    fields: Annotated[list[str], Field(examples=[["legal_representative_name"]])]
    purpose: Annotated[str, Field(examples=["bank_account_opening"])]
    content: str
    method: str
    use: str
    scope: str
    rights_notice: str
    given_at: datetime
    valid_until: datetime
    withdrawn_at: datetime | None
    status: ConsentStatus

    @classmethod
    def of(cls, consent: Consent, now: datetime) -> Self:
        """Shape a consent as it stands now."""
        return cls(
            consent_id=consent.consent_id,
            agency_uscc=consent.agency_uscc,
            resource=consent.resource,
            fields=list(consent.fields),
            purpose=consent.purpose,
            **vars(consent.notice),
            given_at=consent.given_at,
            valid_until=consent.valid_until,
            withdrawn_at=consent.withdrawn_at,
            status=consent.status_at(now),
        )


def _answer(consent: Consent, now: datetime, response: Response) -> ConsentOut:
    set_etag(response, consent.version)
    response.headers["Cache-Control"] = "no-store"
    return ConsentOut.of(consent, now)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    dependencies=[_MANAGE],
    summary="Consent to the reading of one's data (授权同意)",
)
@refuses(ConsentIsPersonal, ConsentNotPossible)
async def give(
    body: ConsentIn, caller: Caller, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> ConsentOut:
    """Let one agency read named fields for one purpose until a day within a year; withdrawable any time."""
    command = GiveConsent(new_uuid7(), body.asked(), caller)
    return _answer(await give_consent(command, region, uow, now), now, response)


@router.get("", dependencies=[_MANAGE], summary="List one's consents (我的授权)")
async def show_own(
    caller: Caller, paged: Paged, uow: InTransaction, now: Now, response: Response
) -> Page[ConsentOut]:
    """List what the caller consented to, the newest first, withdrawn and ended ones too."""
    before = UUID(str(paged.after[0])) if paged.after else None
    consents = await list_own_consents(caller, uow, before=before, limit=paged.fetch)
    response.headers["Cache-Control"] = "no-store"
    shown = [ConsentOut.of(consent, now) for consent in consents]
    return paged.page(shown, lambda consent: (str(consent.consent_id),), response)


@router.get("/{consent_id}", dependencies=[_MANAGE], summary="Read a consent (授权同意详情)")
@refuses(ConsentNotFound)
async def show(
    consent_id: UUID, caller: Caller, uow: InTransaction, now: Now, response: Response
) -> ConsentOut:
    """Return a consent of the caller's; another's is not there."""
    return _answer(await read_own_consent(consent_id, caller, uow), now, response)


@router.post("/{consent_id}/withdrawal", dependencies=[_MANAGE], summary="Withdraw a consent (撤回同意)")
@refuses(ConsentIsPersonal, ConsentNotFound, ConsentAlreadyWithdrawn)
async def withdraw(
    consent_id: UUID, caller: Caller, uow: InTransaction, now: Now, response: Response
) -> ConsentOut:
    """End a consent, without a reason; services refuse the next read."""
    return _answer(await withdraw_own_consent(consent_id, caller, uow, now), now, response)
