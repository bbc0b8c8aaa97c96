"""Changes of the register for tests of its reads: made as every act makes them, without the filing before it."""

from dataclasses import replace
from typing import Any

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.kinds import Role
from services.registration.domain.person import Person
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.store.enterprises import EnterpriseStore
from services.registration.use_cases.change_register import change_register
from shared.database.unit_of_work import UnitOfWork
from tests.registration.builders import ANN, FILINGS, filing
from tests.support.service import ServiceUnderTest


async def registered(registration: ServiceUnderTest, **changes: Any) -> dict[str, Any]:
    """An enterprise of Ann's; the filing as answered."""
    answer = await registration.post(FILINGS, filing(**changes), ANN)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def altered(
    registration: ServiceUnderTest, uscc: str, act: RegisterAct = RegisterAct.ALTERED, **changes: Any
) -> None:
    """Let the register say something else of an enterprise."""

    async def change(uow: UnitOfWork) -> EnterpriseFile:
        before = await EnterpriseStore(uow.session).lock(uscc)
        after = replace(before, enterprise=replace(before.enterprise, **changes))
        desk = registration.app.state.desk
        return await change_register(before, after, Cause(act), uow, uow.now, desk)

    await registration.app.state.backend.transactions.run(change)


async def represented_by(registration: ServiceUnderTest, uscc: str, name: str, number: str) -> None:
    """Let somebody else stand for an enterprise; whoever did is on file no more."""

    async def change(uow: UnitOfWork) -> EnterpriseFile:
        before = await EnterpriseStore(uow.session).lock(uscc)
        one = Person((Role.LEGAL_REPRESENTATIVE, Role.SHAREHOLDER), name, number)
        desk = registration.app.state.desk
        return await change_register(
            before, replace(before, people=(one,)), Cause(RegisterAct.ALTERED), uow, uow.now, desk
        )

    await registration.app.state.backend.transactions.run(change)
