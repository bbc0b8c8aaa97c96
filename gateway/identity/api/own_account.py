"""A person's own sessions and consents by API, for the back ends of mobile apps."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from gateway.identity.domain.account_refusals import ConsentNotFound, PeopleOnly, SessionNotFound
from gateway.identity.store.accounts import AccountStore, Consent
from gateway.identity.use_cases.own_account import (
    OwnSession,
    end_session,
    own_subject,
    sessions_of,
    withdraw_consent,
)
from shared.security.access import requires
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/identity/v1", route_class=ServiceRoute, tags=["identity"])

SELF = requires("identity.account.self")
ClientIdPath = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9._:-]+$")]


class OwnSessionOut(ResponseModel):
    """A session; the device is the browser's coarse name."""

    session_id: UUID
    device: Annotated[str, Field(examples=["Chrome · Windows"])]
    signed_in_at: Annotated[datetime, Field(examples=["2026-03-02T01:30:00Z"])]
    expires_at: Annotated[datetime, Field(examples=["2026-03-02T09:30:00Z"])]
    acr: Annotated[str, Field(examples=["urn:tongban:acr:two-factor"])]
    is_current: bool

    @classmethod
    def of(cls, own: OwnSession) -> Self:
        """Shape a session."""
        session = own.session
        return cls(
            session_id=session.session_id,
            device=session.device,
            signed_in_at=session.authenticated_at.astimezone(UTC),
            expires_at=session.expires_at.astimezone(UTC),
            acr=session.strength.acr,
            is_current=own.is_current,
        )


class OwnSessionsOut(ResponseModel):
    """All living sessions, the newest first."""

    sessions: list[OwnSessionOut]


class ConsentOut(ResponseModel):
    """What the person allowed an application."""

    client_id: Annotated[str, Field(examples=["portal"])]
    client_name: Annotated[str, Field(examples=["通办门户"])]
    scopes: Annotated[list[str], Field(examples=[["matters.matter.read"]])]
    given_at: Annotated[datetime, Field(examples=["2026-03-02T01:30:00Z"])]

    @classmethod
    def of(cls, consent: Consent) -> Self:
        """Shape a consent."""
        return cls(
            client_id=consent.client_id,
            client_name=consent.client_name,
            scopes=list(consent.scopes),
            given_at=consent.given_at.astimezone(UTC),
        )


class ConsentsOut(ResponseModel):
    """All consents, by the applications' names."""

    consents: list[ConsentOut]


@router.get("/sessions", dependencies=[SELF], summary="My sessions (我的登录设备)")
@refuses(PeopleOnly)
async def list_sessions(caller: Caller, uow: InTransaction, now: Now) -> OwnSessionsOut:
    """Return where the caller is signed in."""
    return OwnSessionsOut(sessions=[OwnSessionOut.of(own) for own in await sessions_of(caller, uow, now)])


@router.delete(
    "/sessions/{session_id}",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[SELF],
    summary="End one of my sessions (退出登录设备)",
)
@refuses(PeopleOnly, SessionNotFound)
async def delete_session(session_id: UUID, caller: Caller, uow: InTransaction, now: Now) -> None:
    """End a session; what was granted in it is refused within seconds."""
    await end_session(own_subject(caller), str(session_id), uow, now)


@router.get("/consents", dependencies=[SELF], summary="What I allowed to applications (已授权的应用)")
@refuses(PeopleOnly)
async def list_consents(caller: Caller, uow: InTransaction) -> ConsentsOut:
    """Return which applications may do what in the caller's name."""
    consents = await AccountStore(uow.session).consents(own_subject(caller))
    return ConsentsOut(consents=[ConsentOut.of(consent) for consent in consents])


@router.delete(
    "/consents/{client_id}",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[SELF],
    summary="Take back what I allowed an application (撤回应用授权)",
)
@refuses(PeopleOnly, ConsentNotFound)
async def delete_consent(client_id: ClientIdPath, caller: Caller, uow: InTransaction, now: Now) -> None:
    """Withdraw a consent; the application's tokens for the caller are refused within seconds."""
    await withdraw_consent(own_subject(caller), client_id, uow, now)
