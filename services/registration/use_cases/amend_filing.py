"""Change a filing that is not decided on: a draft, or what was returned."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from services.registration.domain.errors import AnotherMatter
from services.registration.domain.filing import Filing, FilingAction, advance
from services.registration.domain.filing_kinds import FilingContent
from services.registration.store.filings import FilingStore
from services.registration.use_cases.acts import ACTS
from services.registration.use_cases.ownership import require_own
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


@dataclass(frozen=True)
class AmendFiling:
    """The new content; `expects` refuses where the filing has moved on."""

    filing_id: UUID
    caller: Principal
    content: FilingContent
    expects: Callable[[int], None]


async def amend_filing(command: AmendFiling, uow: UnitOfWork) -> Filing:
    """Raises: FilingNotFound, NotTheOwner, ActionNotAllowed, AnotherMatter; whatever `expects` raises."""
    store = FilingStore(uow.session)
    filing = await store.lock(command.filing_id)
    await require_own(filing, command.caller, uow)
    command.expects(filing.version)
    if command.content.kind is not filing.kind:
        raise AnotherMatter(filing.kind.value)
    concerns = await ACTS[filing.kind].concerns(command.content, uow)
    if concerns.uscc != filing.uscc:
        raise AnotherMatter(filing.kind.value)
    amended = replace(
        advance(filing, FilingAction.AMEND),
        content=command.content,
        concerns=concerns,
        results=(),
        reason=None,
    )
    await store.save(amended, uow.now)
    return amended
