"""A person acts in another's name: what the token says then, and until when it may be good.

Source: RFC 8693 (subject and actor); GW-25; faults-and-attacks A13.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gateway.identity.domain.mandates import Mandate, choose
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.store.mandates import MandateStore
from gateway.identity.use_cases.read_mandates import agent_of
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Facts, Principal


@dataclass(frozen=True)
class ActUnderMandate:
    """Whose token is shown, in whose name the person wants to act, for which scopes (none: all that there are).

    `mandate_id` chooses where several mandates of one principal go equally far.
    """

    caller: Principal
    requested_subject: str
    scopes: tuple[str, ...] = ()
    mandate_id: str | None = None


@dataclass(frozen=True)
class Acting:
    """What a token of the person who acts says; `not_after` is the mandate's own end."""

    subject: str
    scopes: tuple[str, ...]
    facts: Facts
    not_after: datetime | None


async def act_under_mandate(
    command: ActUnderMandate, reference_key: bytes, uow: UnitOfWork, now: datetime
) -> Acting:
    """Raises: OAuthRefusal where there is no mandate, or none any more, or it does not cover a scope."""
    caller = command.caller
    if not caller.is_person or caller.facts.mandate_id is not None:
        raise OAuthRefusal(
            OAuthError.INVALID_REQUEST, "only a person in their own name acts for somebody else"
        )
    mandate = await _mandate(command, reference_key, uow, now)
    allowed = mandate.scopes & caller.scopes
    if not set(command.scopes) <= allowed or not allowed:
        raise OAuthRefusal(OAuthError.INVALID_SCOPE, "the mandate does not cover every scope asked for")
    facts = replace(
        caller.facts,
        subject_kind=mandate.principal_kind,
        agency=None,
        office=None,
        actors=(*caller.facts.actors, caller.subject),
        mandate_id=str(mandate.mandate_id),
        matter_id=str(mandate.matter_id) if mandate.matter_id else None,
    )
    scopes = command.scopes or tuple(sorted(allowed))
    return Acting(mandate.principal, scopes, facts, mandate.valid_until)


async def _mandate(command: ActUnderMandate, reference_key: bytes, uow: UnitOfWork, now: datetime) -> Mandate:
    store = MandateStore(uow.session)
    agent = await agent_of(command.caller.subject, reference_key, store)
    held = await store.between(agent, command.requested_subject)
    good = [mandate for mandate in held if mandate.is_good(now)]
    if command.mandate_id is not None:
        good = [mandate for mandate in good if mandate.mandate_id == _uuid(command.mandate_id)]
    if not good:
        raise OAuthRefusal(OAuthError.INVALID_GRANT, "there is no mandate to act for this subject")
    chosen = choose(good)
    if chosen is None:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "there are several mandates: name one with mandate_id")
    return chosen


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
