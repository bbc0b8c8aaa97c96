"""The one way in which the register changes: new version, what was before, licence, names, event; one transaction."""

from dataclasses import replace
from datetime import datetime

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.enterprise_changes import changes_between, is_on_the_face
from services.registration.domain.kinds import GONE
from services.registration.domain.licence import ENDS_AS, Licence
from services.registration.domain.licence_face import is_whole
from services.registration.domain.person import Person
from services.registration.domain.register_acts import Cause, FieldChange, RegisterAct
from services.registration.published.enterprises import (
    enterprise_changed,
    enterprise_registered,
    representative_determined,
)
from services.registration.published.merged_filings import merged_filing_sent
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.licences import LicenceStore
from services.registration.store.names import NameStore
from services.registration.store.register_log import RegisterLog
from services.registration.use_cases.end_listings import end_listings
from services.registration.use_cases.issue_licence import (
    end_licence,
    enter_licence,
    issue_licence,
    renew_licence,
)
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.settle_notices import withdraw_overtaken
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork


async def enter_in_register(
    file: EnterpriseFile, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> EnterpriseFile:
    """Enter a newly registered enterprise, with its licence and its event; departments hear of the merged filings.

    Source: REG-25 (多证合一): one establishment, each merged filing told once, however it was applied for.
    """
    one = file.enterprise
    licence = issue_licence(file, now, desk)
    entered = replace(file, enterprise=replace(one, licence_identifier=licence.identifier))
    await EnterpriseStore(uow.session).add(entered)
    await enter_licence(licence, uow)
    cause = Cause(RegisterAct.REGISTERED, filing_id=one.filing_id, matter_id=one.matter_id)
    await RegisterLog(uow.session).add(entered, cause)
    uow.announce(enterprise_registered(entered.enterprise))
    for filing in desk.policy.licence.merged_filings:
        uow.announce(merged_filing_sent(filing, licence))
    if file.representative is not None:
        uow.announce(representative_determined(one.uscc, desk.reference_of(file.representative)))
    return entered


async def change_register(
    before: EnterpriseFile,
    after: EnterpriseFile,
    cause: Cause,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> EnterpriseFile:
    """Make `after` the next version of `before`, which was read under `EnterpriseStore.lock`.

    Raises: StaleVersion where it was not.
    """
    today = local_date(now)
    one = replace(after.enterprise, version=before.enterprise.version + 1, changed_at=now)
    if one.state in GONE and one.ended_on is None:
        one = replace(one, ended_on=today)
    changed = replace(after, enterprise=one)
    changes = changes_between(before, changed)
    changed = await _with_licence(before, changed, changes, cause, uow, now, desk)
    await EnterpriseStore(uow.session).save(changed)
    await RegisterLog(uow.session).add(changed, cause, before, changes)
    if one.state is not before.enterprise.state and one.state in ENDS_AS:
        await NameStore(uow.session).give_up(one.uscc, today)
    uow.announce(enterprise_changed(changed, cause, changes, cause.effective_on or today))
    await withdraw_overtaken(before, changed, uow)
    if one.state in GONE:
        await end_listings(one.uscc, uow, desk)
    _tell_representative(before, changed, uow, desk)
    return changed


async def _with_licence(
    before: EnterpriseFile,
    changed: EnterpriseFile,
    changes: tuple[FieldChange, ...],
    cause: Cause,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> EnterpriseFile:
    """A new version where its face changed or it comes back; the end of it with the enterprise's business.

    Whoever was taken over from an old register gets the first one with the first filing that changes the face (条例
    art. 28), where all of the face is known.
    """
    one = changed.enterprise
    held: Licence | None = None
    if one.licence_identifier is not None:
        held = await LicenceStore(uow.session).find(one.licence_identifier)
    ends = ENDS_AS.get(one.state)
    if ends is not None:
        if held is not None and held.is_in_force:
            await end_licence(held, ends, uow, now)
        return changed
    is_due = is_on_the_face(changes) and (held is not None or cause.filing_id is not None)
    if not (is_due or before.enterprise.state in ENDS_AS):
        return changed
    if held is None and not is_whole(changed, desk.policy.kinds):
        return changed
    licence = await renew_licence(changed, held, uow, now, desk)
    return replace(changed, enterprise=replace(one, licence_identifier=licence.identifier))


def _number(person: Person | None) -> str | None:
    return person.id_number if person else None


def _tell_representative(
    before: EnterpriseFile, changed: EnterpriseFile, uow: UnitOfWork, desk: RegistrarDesk
) -> None:
    """Nobody stands for an enterprise that has left the register."""
    was = None if before.enterprise.state in GONE else before.representative
    now_is = None if changed.enterprise.state in GONE else changed.representative
    if _number(was) != _number(now_is):
        reference = desk.reference_of(now_is) if now_is else None
        uow.announce(representative_determined(changed.enterprise.uscc, reference))
