"""What an enterprise was like before one change, later changes kept (恢复原登记状态)."""

from collections.abc import Collection
from dataclasses import fields, replace
from typing import Any, Final

from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.domain.kinds import EnterpriseState

_PEOPLE: Final = frozenset({"people", "legal_representative"})
_OF_ENTERPRISE: Final = frozenset(field.name for field in fields(Enterprise))


def with_former(current: EnterpriseFile, before: EnterpriseFile, changed: Collection[str]) -> EnterpriseFile:
    """Undo a change: its fields are again as they were before it, all others stay as they are.

    A suspension that was cut short does not go on.
    """
    former: dict[str, Any] = {
        name: getattr(before.enterprise, name) for name in changed if name in _OF_ENTERPRISE
    }
    people = before.people if _PEOPLE & set(changed) else current.people
    one = replace(current.enterprise, **former)
    if one.state is EnterpriseState.SUSPENDED and current.enterprise.state is not EnterpriseState.SUSPENDED:
        one = replace(one, state=EnterpriseState.ACTIVE, suspended_until=None)
    return EnterpriseFile(one, people)
