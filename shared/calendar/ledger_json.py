"""Deadline ledgers to and from JSON-ready primitives, as they are stored and sent."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from shared.calendar.ledger import DeadlineLedger, LedgerEntry, Move
from shared.calendar.limits import Limit, LimitUnit


class MalformedLedger(ValueError):
    """The primitives are not a ledger."""


def ledger_to_primitives(ledger: DeadlineLedger) -> dict[str, object]:
    """Write limit and entries; values of limits as text, times in RFC 3339 UTC."""
    return {
        "limit": _limit_to_primitives(ledger.limit),
        "entries": [_entry_to_primitives(entry) for entry in ledger.entries],
    }


def ledger_from_primitives(written: Mapping[str, object]) -> DeadlineLedger:
    """Read a ledger and make its moves again; raises MalformedLedger or MoveNotAllowed."""
    entries = written.get("entries")
    if not isinstance(entries, list):
        raise MalformedLedger("entries must be a list")
    return DeadlineLedger.of(_limit(written.get("limit")), [_entry(entry) for entry in entries])


def _limit_to_primitives(limit: Limit) -> dict[str, object]:
    return {"value": str(limit.value), "unit": limit.unit.value}


def _entry_to_primitives(entry: LedgerEntry) -> dict[str, object]:
    written: dict[str, object] = {
        "move": entry.move.value,
        "at": entry.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
    if entry.reason is not None:
        written["reason"] = entry.reason
    if entry.by is not None:
        written["by"] = _limit_to_primitives(entry.by)
    if entry.legal_basis is not None:
        written["legal_basis"] = entry.legal_basis
    return written


def _entry(written: object) -> LedgerEntry:
    members = _members(written, "an entry")
    by = members.get("by")
    try:
        return LedgerEntry(
            move=Move(_text(members, "move")),
            at=datetime.fromisoformat(_text(members, "at")),
            reason=_optional_text(members, "reason"),
            by=None if by is None else _limit(by),
            legal_basis=_optional_text(members, "legal_basis"),
        )
    except MalformedLedger:
        raise
    except ValueError as error:
        raise MalformedLedger(f"not an entry: {error}") from error


def _limit(written: object) -> Limit:
    members = _members(written, "a limit")
    try:
        return Limit(Decimal(_text(members, "value")), LimitUnit(_text(members, "unit")))
    except (InvalidOperation, ValueError) as error:
        raise MalformedLedger(f"not a limit: {error}") from error


def _members(written: object, what: str) -> Mapping[str, object]:
    if not isinstance(written, Mapping):
        raise MalformedLedger(f"{what} must be an object")
    return written


def _text(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str):
        raise MalformedLedger(f"{name} must be a text")
    return value


def _optional_text(members: Mapping[str, object], name: str) -> str | None:
    return None if members.get(name) is None else _text(members, name)
