"""Bring back what an enterprise was like before one change of the register; names follow where they are free."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from services.registration.domain.authority_errors import LaterChangeStands, NotRevocable
from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.domain.former_content import with_former
from services.registration.domain.licence import ENDS_AS
from services.registration.domain.name_terms import freed_on
from services.registration.domain.names import split_name
from services.registration.store.changes import RegisterChanges, Version
from services.registration.store.names import NameClaim, NameStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork

_MANY: Final = 1000


async def change_of(uscc: str, version: int, uow: UnitOfWork) -> Version:
    """The change that made a version. Raises: NotRevocable where there is none of the number."""
    found = await RegisterChanges(uow.session).versions(uscc, version + 1, 1)
    if not found or found[0].version != version:
        raise NotRevocable(version)
    return found[0]


async def undo_change(
    file: EnterpriseFile,
    version: int,
    changed: Collection[str],
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> EnterpriseFile:
    """The locked enterprise without what the version changed; a name that somebody else has by now is the code.

    Source: 市场主体登记管理条例 art. 42; 企业名称登记管理规定 art. 23 (the credit code stands in for a name).
    Raises: NotRevocable, LaterChangeStands.
    """
    log = RegisterChanges(uow.session)
    before = await log.file_version(file, version - 1)
    made = await log.file_version(file, version)
    if before is None or made is None:
        raise NotRevocable(version)
    if with_former(file, made, changed) != file:
        raise LaterChangeStands(await _later(file, version, changed, log))
    return await named_again(file, with_former(file, before, changed), uow, now, desk)


async def _later(file: EnterpriseFile, version: int, changed: Collection[str], log: RegisterChanges) -> int:
    """The newest version that changed the same."""
    one = file.enterprise
    later = await log.versions(one.uscc, one.version + 1, _MANY)
    wanted = set(changed)
    return next((each.version for each in later if each.version > version and wanted & set(each.changed)), 0)


async def named_again(
    file: EnterpriseFile, after: EnterpriseFile, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> EnterpriseFile:
    """With the name that it had, or the code where somebody else has that by now."""
    names, uscc = NameStore(uow.session), file.enterprise.uscc
    is_renamed = after.enterprise.name != file.enterprise.name
    comes_back = file.enterprise.state in ENDS_AS and after.enterprise.state not in ENDS_AS
    if not (is_renamed or comes_back) or after.enterprise.name == uscc:
        return after
    if is_renamed:
        await names.give_up(uscc, local_date(now))
    if await names.take_back(_claim(after.enterprise, now, desk), now):
        return after
    return replace(after, enterprise=replace(after.enterprise, name=uscc))


def _claim(one: Enterprise, now: datetime, desk: RegistrarDesk) -> NameClaim:
    policy = desk.policy
    division = policy.successors.get(one.division_code, one.division_code)
    freed = freed_on(local_date(now), policy.names.conflict_window)
    return NameClaim(split_name(one.name, policy.names), division, None, freed, uscc=one.uscc)
