"""Mandates (授权代办): given, answered, listed, withdrawn by those concerned."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field, StringConstraints

from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.domain.mandates import (
    InvitationNotFound,
    Mandate,
    MandateActionNotAllowed,
    MandateNotFound,
    MandateSource,
    MandateState,
    MatterHasHelper,
    Reach,
    RepresentativeOnly,
    Terms,
)
from gateway.identity.store.mandates import Side
from gateway.identity.use_cases.answer_mandate import (
    AcceptInvitation,
    accept_invitation,
    accept_mandate,
    decline_mandate,
)
from gateway.identity.use_cases.end_mandate import WithdrawMandate, withdraw_mandate
from gateway.identity.use_cases.give_mandate import (
    GiveMandate,
    MandateNotPossible,
    NamedAgent,
    give_mandate,
)
from gateway.identity.use_cases.read_mandates import (
    ListMandates,
    MandateView,
    list_mandates,
    read_mandate,
    with_names,
)
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import requires
from shared.security.principal import Principal, SubjectKind
from shared.security.strength import Strength
from shared.web.conditional import set_etag
from shared.web.fields import Instant, RequestModel, ResponseModel, ShortText
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.problems import FORBIDDEN, Refusal
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/identity/v1/mandates", route_class=ServiceRoute, tags=["mandates"])

_SCOPE = "identity.mandate.manage"
_MANAGE = requires(_SCOPE)
_GIVE = requires(_SCOPE, at_least=Strength.TWO_FACTOR)
ScopeName = Annotated[
    str, StringConstraints(max_length=64, pattern=r"^[a-z_]+\.[a-z_]+\.[a-z_]+$", min_length=5)
]


class NamedAgentIn(RequestModel):
    """Who is to act; both must be right, and the answer does not say whether they are."""

    username: Annotated[str, StringConstraints(min_length=1, max_length=128)] = Field(examples=["lisi"])
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{5,20}$", max_length=21)] = Field(
        examples=["13900000002"]
    )


class MandateIn(RequestModel):
    """A delegation; without an agent it is for whoever is handed the invitation code."""

    agent: NamedAgentIn | None = None
    reach: Reach = Field(examples=["one_matter"])
    matter_id: Annotated[
        UUID | None, Field(description="The matter; left out, the next one that the helper opens (一件事)")
    ] = None
    scopes: Annotated[list[ScopeName], Field(min_length=1, max_length=30)] = Field(
        examples=[["matters.matter.submit", "matters.matter.read"]]
    )
    valid_from: Annotated[Instant | None, Field(examples=["2036-01-01T00:00:00Z"])] = None
    valid_until: Instant = Field(examples=["2036-06-30T16:00:00Z"])

    def terms(self, now: datetime) -> Terms:
        """As the domain has them."""
        begins = self.valid_from.astimezone(UTC) if self.valid_from else now
        return Terms(
            self.reach, frozenset(self.scopes), begins, self.valid_until.astimezone(UTC), self.matter_id
        )


class InvitationIn(RequestModel):
    """An invitation code, as it was handed over."""

    invitation_code: Annotated[str, StringConstraints(min_length=20, max_length=30)] = Field(
        examples=["7K2QM-XPW4R-9TBHC-3NVEA"]
    )


class WithdrawalIn(RequestModel):
    """Why a mandate ends."""

    reason: ShortText | None = Field(default=None, examples=["已离职"])


class MandateOut(ResponseModel):
    """A mandate; names are masked, and the agent is not named before the answer."""

    mandate_id: UUID
    source: MandateSource
    principal_kind: SubjectKind
    principal: str = Field(examples=["91140881MAE000002E"])
    principal_name: str | None = Field(examples=["张*"])
    agent: str | None = Field(examples=["018f5d0e-7c1f-7b43-9a0e-3d1f7a0c2b11"])
    agent_name: str | None = Field(examples=["李*"])
    state: MandateState
    scopes: list[str] = Field(examples=[["matters.matter.read", "matters.matter.submit"]])
    matter_id: UUID | None
    valid_from: datetime
    valid_until: datetime | None
    given_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    ended_because: str | None

    @classmethod
    def of(cls, view: MandateView, now: datetime) -> Self:
        """Shape a mandate as it stands now."""
        mandate = view.mandate
        return cls(
            mandate_id=mandate.mandate_id,
            source=mandate.source,
            principal_kind=mandate.principal_kind,
            principal=mandate.principal,
            principal_name=view.names.get(mandate.principal),
            agent=mandate.agent if mandate.accepted_at else None,
            agent_name=view.names.get(mandate.agent or "") if mandate.accepted_at else None,
            state=mandate.state_at(now),
            scopes=sorted(mandate.scopes),
            matter_id=mandate.matter_id,
            valid_from=mandate.valid_from,
            valid_until=mandate.valid_until,
            given_at=mandate.given_at,
            accepted_at=mandate.accepted_at,
            ended_at=mandate.ended_at,
            ended_because=mandate.ended_because,
        )


class GivenOut(MandateOut):
    """An offer, with the code of its invitation, which is told this once."""

    invitation_code: str | None = Field(examples=["7K2QM-XPW4R-9TBHC-3NVEA"])


async def _concerned(caller: Caller) -> Principal:
    """A person in their own name, or who acts for an enterprise; nobody gives on what is delegated to them."""
    is_helper = caller.is_person and caller.facts.mandate_id is not None
    if caller.kind is SubjectKind.CLIENT or is_helper:
        raise Refusal(FORBIDDEN)
    return caller


async def _person(caller: Caller) -> Principal:
    """A person in their own name: only such a one takes a mandate on."""
    if not caller.is_person or caller.facts.mandate_id is not None:
        raise Refusal(FORBIDDEN)
    return caller


async def _reference_key(identity: InIdentity) -> bytes:
    return reference_key_of(identity)


def reference_key_of(identity: Identity) -> bytes:
    """The key under which registration names persons."""
    return identity.settings.person_reference_key.get_secret_value().encode()


Concerned = Annotated[Principal, Depends(_concerned)]
Person = Annotated[Principal, Depends(_person)]
ReferenceKey = Annotated[bytes, Depends(_reference_key)]


@router.post("", status_code=HTTPStatus.CREATED, dependencies=[_GIVE], summary="Give a mandate (授权代办)")
@refuses(RepresentativeOnly, MandateNotPossible, MatterHasHelper)
async def give(
    body: MandateIn, caller: Concerned, uow: InTransaction, now: Now, response: Response
) -> GivenOut:
    """Offer it: a person for one matter, an enterprise's legal representative also in general."""
    agent = NamedAgent(body.agent.username, body.agent.phone) if body.agent else None
    given = await give_mandate(GiveMandate(caller, body.terms(now), agent), uow, now)
    response.headers["Location"] = f"{router.prefix}/{given.mandate.mandate_id}"
    shown = await _shown(given.mandate, uow, now, response)
    return GivenOut(**shown.model_dump(), invitation_code=given.invitation_code)


@router.get("", dependencies=[_MANAGE], summary="List mandates given or received (授权清单)")
async def show_all(
    caller: Concerned,
    key: ReferenceKey,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    side: Annotated[
        Side, Query(description="Given by me, or given to me (我授予的、授予我的)")
    ] = Side.RECEIVED,
) -> Page[MandateOut]:
    """The newest first; by law too (法定代表人)."""
    response.headers["Cache-Control"] = "no-store"
    before = UUID(str(paged.after[0])) if paged.after else None
    found = await list_mandates(ListMandates(caller, side, before, paged.fetch), key, uow)
    shown = [MandateOut.of(view, now) for view in found]
    return paged.page(shown, lambda each: (str(each.mandate_id),), response)


@router.get("/{mandate_id}", dependencies=[_MANAGE], summary="Read a mandate (授权详情)")
@refuses(MandateNotFound)
async def read(
    mandate_id: UUID, caller: Concerned, key: ReferenceKey, uow: InTransaction, now: Now, response: Response
) -> MandateOut:
    """For who gave it and who received it; a stranger is told that there is none."""
    response.headers["Cache-Control"] = "no-store"
    view = await read_mandate(mandate_id, caller, key, uow)
    set_etag(response, view.mandate.version)
    return MandateOut.of(view, now)


@router.post("/acceptance", dependencies=[_MANAGE], summary="Accept an invitation (凭邀请码接受授权)")
@refuses(InvitationNotFound)
async def accept_invited(
    body: InvitationIn, person: Person, uow: InTransaction, now: Now, response: Response
) -> MandateOut:
    """A code is good once."""
    command = AcceptInvitation(person, body.invitation_code)
    return await _shown(await accept_invitation(command, uow, now), uow, now, response)


@router.post("/{mandate_id}/acceptance", dependencies=[_MANAGE], summary="Accept a mandate (接受授权)")
@refuses(MandateNotFound, MandateActionNotAllowed)
async def accept(
    mandate_id: UUID, person: Person, uow: InTransaction, now: Now, response: Response
) -> MandateOut:
    """Only by the person to whom it was offered."""
    return await _shown(await accept_mandate(mandate_id, person, uow, now), uow, now, response)


@router.post("/{mandate_id}/refusal", dependencies=[_MANAGE], summary="Decline a mandate (拒绝授权)")
@refuses(MandateNotFound, MandateActionNotAllowed)
async def decline(
    mandate_id: UUID, person: Person, uow: InTransaction, now: Now, response: Response
) -> MandateOut:
    """Only by the person to whom it was offered."""
    return await _shown(await decline_mandate(mandate_id, person, uow, now), uow, now, response)


@router.post("/{mandate_id}/withdrawal", dependencies=[_MANAGE], summary="Withdraw a mandate (撤回授权)")
@refuses(MandateNotFound, RepresentativeOnly, MandateActionNotAllowed)
async def withdraw(
    mandate_id: UUID, body: WithdrawalIn, caller: Concerned, uow: InTransaction, now: Now, response: Response
) -> MandateOut:
    """By who gave it, or given up by who received it; its tokens are refused everywhere within seconds."""
    command = WithdrawMandate(mandate_id, caller, body.reason)
    return await _shown(await withdraw_mandate(command, uow, now), uow, now, response)


async def _shown(mandate: Mandate, uow: UnitOfWork, now: datetime, response: Response) -> MandateOut:
    response.headers["Cache-Control"] = "no-store"
    set_etag(response, mandate.version)
    return MandateOut.of((await with_names([mandate], uow))[0], now)
