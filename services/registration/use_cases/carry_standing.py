"""What stands about an enterprise travels with its file: collected at the old registrar, in force at the new one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from services.registration.domain.abnormal_list import Listing, ListingState
from services.registration.domain.dossier import CarriedBar, Dossier, PastVersion, Standing
from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.domain.person_bar import PersonBar
from services.registration.published.abnormal_list import abnormal_list_entered
from services.registration.store.abnormal_list import AbnormalListStore
from services.registration.store.follow_ups import FollowUpStore
from services.registration.store.person_bars import PersonBarStore
from services.registration.store.suspensions import SuspensionStore
from services.registration.use_cases.end_listings import serious_on
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7, person_reference

_CARRIED: Final = (
    ListingState.PROPOSED,
    ListingState.ENTERED,
    ListingState.REMOVED,
    ListingState.REVOKED,
)


async def standing_of(
    file: EnterpriseFile, past: Sequence[PastVersion], uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Standing:
    """Everything that goes on about the enterprise, locked."""
    uscc = file.enterprise.uscc
    return Standing(
        listings=tuple(await AbnormalListStore(uow.session).of_enterprise(uscc, _CARRIED)),
        suspensions=await SuspensionStore(uow.session).of(uscc),
        follow_ups=tuple(await FollowUpStore(uow.session).of_enterprise(uscc)),
        bars=await _bars_of(uscc, _numbers(file, past), uow, now, desk),
    )


async def take_over_standing(
    dossier: Dossier, here: Enterprise, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> None:
    """Let it be in force here; what this register knows from an earlier stay goes on as the file says."""
    standing = dossier.standing
    await take_over_listings(standing.listings, here, uow, desk)
    suspensions = SuspensionStore(uow.session)
    for suspension in sorted(standing.suspensions, key=lambda one: one.begins_on):
        await suspensions.save(replace(suspension, uscc=here.uscc))
    division = here.domicile_division_code
    await FollowUpStore(uow.session).take_over(
        replace(one, uscc=here.uscc, division_code=division) for one in standing.follow_ups
    )
    for bar in standing.bars:
        await _take_over_bar(bar, here.uscc, dossier.from_registrar, uow, now, desk)


async def take_over_listings(
    listings: Sequence[Listing], here: Enterprise, uow: UnitOfWork, desk: RegistrarDesk
) -> None:
    """An entry in force is so from the day on which it was made, and whoever follows this register is told."""
    store, policy = AbnormalListStore(uow.session), desk.policy.publicity.listing
    known = {one.id: one for one in await store.of_enterprise(here.uscc, list(ListingState))}
    for listing in listings:
        one = replace(listing, uscc=here.uscc, division_code=here.domicile_division_code)
        earlier = known.get(one.id)
        if earlier is None:
            await store.add([(one, serious_on(one, policy))])
        else:
            one = replace(one, version=max(one.version, earlier.version) + 1)
            await store.save(one, serious_on(one, policy))
        if one.is_in_force and one.entered_at is not None:
            uow.announce(abnormal_list_entered(one, one.entered_at, one.decided_by or ""))


def _numbers(file: EnterpriseFile, past: Sequence[PastVersion]) -> frozenset[str]:
    def named() -> Iterator[str]:
        for version in (file, *(each.before for each in past if each.before is not None)):
            yield from (person.id_number for person in version.people)

    return frozenset(named())


async def _bars_of(
    uscc: str, numbers: frozenset[str], uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> tuple[CarriedBar, ...]:
    """Bars that run and come from this enterprise, on people whose number its file has: others stay unknown."""
    named = {person_reference(number, desk.person_reference_key): number for number in sorted(numbers)}
    found = await PersonBarStore(uow.session).bars_of(named.keys(), local_date(now))
    return tuple(
        CarriedBar(
            named[reference],
            bar.kind,
            bar.basis,
            bar.decided_by,
            bar.document_no,
            bar.since,
            bar.until,
        )
        for reference, bars in sorted(found.items())
        for bar in bars
        if bar.uscc == uscc
    )


async def _take_over_bar(
    bar: CarriedBar, uscc: str, registrar: str, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> None:
    """Under this registrar's own reference to the person, once."""
    store = PersonBarStore(uow.session)
    reference = person_reference(bar.id_number, desk.person_reference_key)
    held = (await store.bars_of([reference], local_date(now))).get(reference, ())
    if any((one.kind, one.since, one.uscc) == (bar.kind, bar.since, uscc) for one in held):
        return
    await store.add(
        PersonBar(
            id=new_uuid7(),
            person_reference=reference,
            kind=bar.kind,
            basis=bar.basis,
            decided_by=bar.decided_by,
            document_no=bar.document_no,
            since=bar.since,
            until=bar.until,
            uscc=uscc,
            entered_by=registrar,
            entered_at=now,
        )
    )
