"""What a route asks of its caller, declared on the route; an app with an undeclared route does not start."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Depends

from shared.security.strength import Strength


@dataclass(frozen=True)
class Access:
    """The access rule of a route: a scope, how strongly a person must be identified; or public with the reason why."""

    scope: str | None = None
    public_reason: str | None = None
    at_least: Strength | None = None

    async def __call__(self) -> None:
        """Does nothing: the route class reads the rule and enforces it before the body is read."""


def requires(scope: str, *, at_least: Strength | None = None) -> Any:
    """Declare that a route needs this scope, `<service>.<resource>.<verb>`, and of people this strength."""
    if scope.count(".") != 2:
        raise ValueError(f"a scope is <service>.<resource>.<verb>, not {scope!r}")
    return Depends(Access(scope=scope, at_least=at_least))


def public(reason: str) -> Any:
    """Declare that a route needs no token, and why."""
    return Depends(Access(public_reason=reason))


def access_of(dependencies: Sequence[Any]) -> Access | None:
    """Find the access rule among a route's dependencies."""
    rules = [d.dependency for d in dependencies if isinstance(d.dependency, Access)]
    if len(rules) > 1:
        raise ValueError("a route declares one access rule")
    return rules[0] if rules else None
