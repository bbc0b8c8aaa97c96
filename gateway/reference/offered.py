"""What can be called: the operations of the documents, each with what it asks of its caller."""

from dataclasses import dataclass
from typing import Final

from gateway.reference.documents import Document
from shared.security.principal import Principal, SubjectKind
from shared.security.strength import Strength
from shared.web.openapi import ACCESS_KEY

METHODS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class OfferedOperation:
    """An operation and its access rule; without a scope it is open to everybody."""

    service: str
    method: str
    path: str
    summary: str
    scope: str | None
    acr: str | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What a list of operations is sorted by."""
        return self.service, self.path, self.method

    def is_open_to(self, principal: Principal) -> bool:
        """Tell whether the caller's token passes the door; whose records lie behind it is another question."""
        if self.scope is not None and self.scope not in principal.scopes:
            return False
        if self.acr is None or principal.kind is SubjectKind.CLIENT:
            return True
        needed = Strength.of_acr(self.acr)
        return needed is not None and principal.strength is not None and principal.strength >= needed


def offered(service: str, document: Document) -> list[OfferedOperation]:
    """Return the operations whose access rule the document states."""
    return [
        OfferedOperation(
            service=service,
            method=method.upper(),
            path=path,
            summary=operation.get("summary", ""),
            scope=rule.get("scope"),
            acr=rule.get("acr"),
        )
        for path, operations in document.get("paths", {}).items()
        for method, operation in operations.items()
        if method in METHODS and (rule := operation.get(ACCESS_KEY)) is not None
    ]
