"""The principal: who is calling, in whose name, how strongly identified, and with which scopes."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from shared.security.office import Office
from shared.security.strength import Strength
from shared.security.withdrawals import WithdrawalKind, digest_of


class SubjectKind(StrEnum):
    """What the subject of a token is."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    CLIENT = "client"


@dataclass(frozen=True)
class Facts:
    """What a token says beside who calls and what for; every one optional.

    `actors` are those who act for the subject, the current one first: opaque ids of persons, ids of clients
    (RFC 8693 `act`). `mandate_id` is the authority under which they do, `matter_id` the one matter that it is for.
    `key_thumbprint` is the key that the bearer must prove to hold (RFC 9449). `grant_id` is the family of tokens,
    `consents` are those of the person on which clients that got it by exchange rest.
    """

    subject_kind: SubjectKind | None = None
    agency: str | None = None
    office: Office | None = None
    acr: str | None = None
    methods: tuple[str, ...] = ()
    authenticated_at: int | None = None
    actors: tuple[str, ...] = ()
    grant_id: str | None = None
    consents: tuple[str, ...] = ()
    mandate_id: str | None = None
    matter_id: str | None = None
    key_thumbprint: str | None = None


@dataclass(frozen=True)
class Principal:
    """A verified caller.

    `subject` is an opaque id of the person, the unified social credit code of the enterprise in whose name a
    person acts, or the id of the client where nobody else is involved.
    """

    subject: str
    client_id: str
    scopes: frozenset[str]
    token_id: str
    expires_at: int
    issued_at: int = 0
    facts: Facts = field(default_factory=Facts)

    @property
    def kind(self) -> SubjectKind:
        """What the subject is; without a claim, a client that speaks for itself or a person."""
        own = SubjectKind.CLIENT if self.subject == self.client_id else SubjectKind.PERSON
        return self.facts.subject_kind or own

    @property
    def is_person(self) -> bool:
        """True where a person signed in and acts in their own name or another person's."""
        return self.kind is SubjectKind.PERSON

    @property
    def enterprise(self) -> str | None:
        """The unified social credit code of the enterprise in whose name the call is made."""
        return self.subject if self.kind is SubjectKind.ENTERPRISE else None

    @property
    def agency(self) -> str | None:
        """Unified social credit code of the agency that the caller works for."""
        return self.facts.agency

    @property
    def office(self) -> Office | None:
        """The officer's level, region and posts."""
        return self.facts.office

    @property
    def acr(self) -> str | None:
        """The name of the strength with which the person was identified."""
        return self.facts.acr

    @property
    def strength(self) -> Strength | None:
        """How strongly the person was identified; None for a client and for a name that is not ours."""
        return Strength.of_acr(self.facts.acr)

    @property
    def acted_by(self) -> str | None:
        """Who acts for the subject now: a client or a person."""
        return self.facts.actors[0] if self.facts.actors else None

    @property
    def on_behalf_of(self) -> str | None:
        """In whose name the call is made, where somebody else makes it; None for whoever acts in their own name."""
        return self.subject if self.facts.actors else None

    @cached_property
    def reference(self) -> str:
        """How events and audit records name the caller: ids only, in whose name first."""
        who = f"{self.kind.value}:{self.subject}"
        return ";by:".join((who, *reversed(self.facts.actors)))

    @cached_property
    def withdrawable(self) -> tuple[str, ...]:
        """Digests under which a withdrawal of this token would be published."""
        facts = self.facts
        names = [
            (WithdrawalKind.TOKEN, self.token_id),
            (WithdrawalKind.CLIENT, self.client_id),
            *((WithdrawalKind.SUBJECT, who) for who in (self.subject, *facts.actors)),
            *((WithdrawalKind.CLIENT, who) for who in facts.actors),
            *((WithdrawalKind.CONSENT, consent) for consent in facts.consents),
        ]
        if facts.grant_id is not None:
            names.append((WithdrawalKind.GRANT, facts.grant_id))
        if facts.mandate_id is not None:
            names.append((WithdrawalKind.MANDATE, facts.mandate_id))
        return tuple(digest_of(kind, value) for kind, value in names)
