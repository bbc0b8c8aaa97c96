"""Mandates (授权代办): who may act in whose name, for what, until when; and the law's own (法定代表人)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gateway.identity.domain.flaws import Flaw
from shared.identifiers import PersonReference
from shared.security.principal import SubjectKind

LONGEST: Final = timedelta(days=365)
"""How long a delegation may last at most; our own proposal, no instrument among the suite's sources sets a limit."""
OFFER_STANDS: Final = timedelta(days=14)
"""How long an offer waits for its answer; our own proposal."""

MANAGE_SCOPE: Final = "identity.mandate.manage"
MATTER_SCOPES: Final = frozenset({"matters.matter.submit", "matters.matter.read"})
"""What a helper (帮办代办) does in one matter. Source: GW-25."""
DELEGABLE_SCOPES: Final = MATTER_SCOPES | {
    *("registration.filing.submit", "registration.filing.read", "registration.enterprise.read"),
    "registration.objection.submit",
    *("credit.subject.read", "licensing.application.submit", "licensing.application.read"),
    *("hotline.ticket.submit", "hotline.ticket.read", "audit.record.read"),
    *("payments.payment.read", "payments.payment.pay", "notices.notice.read"),
    *("deliveries.delivery.read", "deliveries.choice.submit"),
}
"""What an enterprise may let others do in its name; who acts under a delegation gives none on."""
BY_LAW_SCOPES: Final = DELEGABLE_SCOPES | {MANAGE_SCOPE}
"""What the legal representative may do in the enterprise's name, which is all that an enterprise may."""


class MandateSource(StrEnum):
    """Where the power comes from."""

    BY_LAW = "by_law"
    DELEGATED = "delegated"


class Reach(StrEnum):
    """How far a delegation goes."""

    GENERAL = "general"
    """Whatever its scopes allow, in an enterprise's name."""
    ONE_MATTER = "one_matter"
    """One matter (一件事), from opening to end."""


class MandateState(StrEnum):
    """Where a mandate stands."""

    OFFERED = "offered"
    ACTIVE = "active"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class MandateAction(StrEnum):
    """What can happen to a mandate."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


TRANSITIONS: Final = {
    (MandateState.OFFERED, MandateAction.ACCEPT): MandateState.ACTIVE,
    (MandateState.OFFERED, MandateAction.DECLINE): MandateState.DECLINED,
    (MandateState.OFFERED, MandateAction.WITHDRAW): MandateState.WITHDRAWN,
    (MandateState.OFFERED, MandateAction.EXPIRE): MandateState.EXPIRED,
    (MandateState.ACTIVE, MandateAction.WITHDRAW): MandateState.WITHDRAWN,
    (MandateState.ACTIVE, MandateAction.EXPIRE): MandateState.EXPIRED,
}


@dataclass(frozen=True)
class Terms:
    """What is delegated: scopes, from when until when, and for which matter if for one only."""

    reach: Reach
    scopes: frozenset[str]
    valid_from: datetime
    valid_until: datetime
    matter_id: UUID | None = None


@dataclass(frozen=True)
class Mandate:
    """A mandate; `principal` is the one in whose name, `agent` the person who acts.

    By law the agent is known by reference only and no end is set. `given_by` and `ended_by` are subjects of persons,
    or the service that said so. An offer lapses at `offered_until`.
    """

    mandate_id: UUID
    source: MandateSource
    principal_kind: SubjectKind
    principal: str
    state: MandateState
    scopes: frozenset[str]
    valid_from: datetime
    valid_until: datetime | None
    given_by: str
    given_at: datetime
    agent: str | None = None
    agent_reference: PersonReference | None = None
    matter_id: UUID | None = None
    invitation_digest: str | None = None
    offered_until: datetime | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_because: str | None = None
    version: int = 1

    def state_at(self, now: datetime) -> MandateState:
        """The state at an instant: what ran out has expired, whether or not that was written down yet."""
        ends = {MandateState.OFFERED: self.offered_until, MandateState.ACTIVE: self.valid_until}
        end = ends.get(self.state)
        return MandateState.EXPIRED if end is not None and end <= now else self.state

    def is_good(self, now: datetime) -> bool:
        """Tell whether somebody may act under it now."""
        return self.valid_from <= now and self.state_at(now) is MandateState.ACTIVE


@dataclass(eq=False)
class MandateNotFound(Exception):
    """There is no such mandate, or it is none of the caller's."""

    mandate_id: UUID


@dataclass(eq=False)
class InvitationNotFound(Exception):
    """No offer stands under this code."""


@dataclass(eq=False)
class MandateActionNotAllowed(Exception):
    """The mandate's state does not allow the action."""

    state: str
    action: str


@dataclass(eq=False)
class RepresentativeOnly(Exception):
    """In an enterprise's name mandates are given and withdrawn by its legal representative (法定代表人)."""


@dataclass(eq=False)
class MatterHasHelper(Exception):
    """A matter has one responsible helper at most. Source: GW-25."""

    matter_id: UUID


def offer(
    mandate_id: UUID,
    principal: tuple[SubjectKind, str],
    terms: Terms,
    *,
    given_by: str,
    agent: str | None,
    invitation_digest: str | None,
    now: datetime,
) -> Mandate:
    """Return a delegation that waits for its agent's answer."""
    kind, subject = principal
    return Mandate(
        mandate_id=mandate_id,
        source=MandateSource.DELEGATED,
        principal_kind=kind,
        principal=subject,
        state=MandateState.OFFERED,
        scopes=terms.scopes,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        matter_id=terms.matter_id,
        given_by=given_by,
        given_at=now,
        agent=agent,
        invitation_digest=invitation_digest,
        offered_until=min(now + OFFER_STANDS, terms.valid_until),
    )


def by_law(mandate_id: UUID, uscc: str, agent: PersonReference, *, said_by: str, at: datetime) -> Mandate:
    """Return the legal representative's mandate. Source: 民法典 art. 61 (法定代表人), art. 76 (营利法人)."""
    return Mandate(
        mandate_id=mandate_id,
        source=MandateSource.BY_LAW,
        principal_kind=SubjectKind.ENTERPRISE,
        principal=uscc,
        state=MandateState.ACTIVE,
        scopes=BY_LAW_SCOPES,
        valid_from=at,
        valid_until=None,
        given_by=said_by,
        given_at=at,
        agent_reference=agent,
    )


def accept(mandate: Mandate, agent: str, now: datetime) -> Mandate:
    """The agent takes it on. Raises: MandateActionNotAllowed."""
    accepted = _advance(mandate, MandateAction.ACCEPT, now)
    return replace(accepted, agent=agent, accepted_at=now, invitation_digest=None)


def end(mandate: Mandate, action: MandateAction, *, by: str, because: str | None, now: datetime) -> Mandate:
    """Decline, withdraw or let expire. Raises: MandateActionNotAllowed."""
    ended = _advance(mandate, action, now)
    return replace(ended, ended_at=now, ended_by=by, ended_because=because, invitation_digest=None)


def _advance(mandate: Mandate, action: MandateAction, now: datetime) -> Mandate:
    state = mandate.state if action is MandateAction.EXPIRE else mandate.state_at(now)
    target = TRANSITIONS.get((state, action))
    if target is None:
        raise MandateActionNotAllowed(state.value, action.value)
    return replace(mandate, state=target, version=mandate.version + 1)


def flaws_of(terms: Terms, kind: SubjectKind, now: datetime) -> tuple[Flaw, ...]:
    """List what is wrong with terms that somebody of this kind wants to give."""
    allowed = MATTER_SCOPES if terms.reach is Reach.ONE_MATTER else DELEGABLE_SCOPES
    faults = {
        _PERSONS_ONE_MATTER: kind is SubjectKind.PERSON and terms.reach is not Reach.ONE_MATTER,
        _SCOPES: not terms.scopes <= allowed,
        _MATTER_WITHOUT_REACH: terms.reach is Reach.GENERAL and terms.matter_id is not None,
        _BEGINS_IN_PAST: terms.valid_from < now,
        _ENDS_BEFORE: terms.valid_until <= terms.valid_from,
        _TOO_LONG: terms.valid_until > now + LONGEST,
    }
    return tuple(flaw for flaw, holds in faults.items() if holds)


def choose(mandates: Collection[Mandate]) -> Mandate | None:
    """The one that goes furthest: by law, then general, then for one matter; None where it has to be named."""
    by_rank: dict[int, list[Mandate]] = {}
    for mandate in mandates:
        is_general = mandate.matter_id is None
        rank = 0 if mandate.source is MandateSource.BY_LAW else 1 if is_general else 2
        by_rank.setdefault(rank, []).append(mandate)
    best = by_rank[min(by_rank)] if by_rank else []
    return best[0] if len(best) == 1 else None


_PERSONS_ONE_MATTER = Flaw(
    "/reach", "one_matter_only", "个人只能就一件事委托他人", "a person delegates one matter"
)
_SCOPES = Flaw("/scopes", "not_delegable", "包含不可委托的权限", "a scope that cannot be delegated")
_MATTER_WITHOUT_REACH = Flaw(
    "/matter_id",
    "not_for_one_matter",
    "仅限一件事的委托可指定事项",
    "only a delegation for one matter names it",
)
_BEGINS_IN_PAST = Flaw("/valid_from", "in_the_past", "不得早于现在", "not before now")
_ENDS_BEFORE = Flaw("/valid_until", "before_its_beginning", "须晚于开始时间", "must be after its beginning")
_TOO_LONG = Flaw(
    "/valid_until",
    "too_long",
    f"委托期限最长 {LONGEST.days} 天",
    f"a delegation lasts {LONGEST.days} days at most",
)
