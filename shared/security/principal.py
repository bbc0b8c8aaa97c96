"""The principal: who is calling, for whom, and with which scopes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Principal:
    """A verified caller.

    `subject` is an opaque id: of the person, or of the client where no person is involved. `agency` is the unified
    social credit code of the agency that the caller works for. `acted_by` names the client that acts for the
    subject by token exchange.
    """

    subject: str
    client_id: str
    scopes: frozenset[str]
    token_id: str
    expires_at: int
    agency: str | None = None
    acr: str | None = None
    acted_by: str | None = None

    @property
    def is_person(self) -> bool:
        """True where a person signed in, false for a system acting in its own name."""
        return self.subject != self.client_id

    @property
    def reference(self) -> str:
        """How events and audit records name the caller: ids only."""
        who = f"person:{self.subject}" if self.is_person else f"client:{self.client_id}"
        return f"{who};by:{self.acted_by}" if self.acted_by else who
