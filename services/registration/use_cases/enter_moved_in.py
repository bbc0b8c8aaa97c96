"""Enter an enterprise that another registrar handed over: code, past and versions are kept, the licence is new."""

from dataclasses import replace
from datetime import datetime

from services.registration.domain.acts.alteration import moved
from services.registration.domain.acts.relocation import Relocation
from services.registration.domain.dossier import Dossier
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import EnterpriseNotFound
from services.registration.domain.filing import Filing
from services.registration.domain.kinds import Origin
from services.registration.domain.register_acts import Cause, RegisterAct
from services.registration.published.enterprises import enterprise_registered, representative_determined
from services.registration.store.annual_reports import AnnualReportStore
from services.registration.store.dossiers import DossierStore
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.names import NameStore
from services.registration.use_cases.carry_standing import take_over_standing
from services.registration.use_cases.change_register import change_register
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork


async def enter_moved_in(
    dossier: Dossier, filing: Filing, filed: Relocation, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> EnterpriseFile:
    """Whoever follows this register meets it as registered, then as relocated: it stood elsewhere until now.

    No account owns it, as of those taken over: whoever stands for it is known by `representative.determined`.
    """
    came = _as_it_came(dossier, filing)
    await _write_down(came, uow)
    store = DossierStore(uow.session)
    await store.take_over_past(filed.uscc, dossier.past)
    await store.take_over_licences(dossier.licences)
    await AnnualReportStore(uow.session).take_over(filed.uscc, dossier.annual_reports)
    await NameStore(uow.session).register(filing.id, filed.uscc)
    policy = desk.policy
    here = replace(
        moved(came.enterprise, filed.domicile, policy),
        registrar_uscc=policy.registrar.uscc,
        division_code=policy.division_code,
    )
    after = replace(came, enterprise=here)
    uow.announce(enterprise_registered(replace(here, licence_identifier=None)))
    if after.representative is not None:
        uow.announce(representative_determined(here.uscc, desk.reference_of(after.representative)))
    cause = Cause(
        RegisterAct.RELOCATED,
        filing_id=filing.id,
        matter_id=filing.matter_id,
        effective_on=filed.moves_on,
        details={"from_registrar_uscc": dossier.from_registrar},
    )
    entered = await change_register(came, after, cause, uow, now, desk)
    await take_over_standing(dossier, entered.enterprise, uow, now, desk)
    return entered


def _as_it_came(dossier: Dossier, filing: Filing) -> EnterpriseFile:
    """What the old registrar says, without the accounts of that city and as this filing brought it."""
    one = replace(
        dossier.file.enterprise,
        origin=Origin.FILING,
        filing_id=filing.id,
        matter_id=filing.matter_id,
        owner_accounts=(),
        licence_identifier=dossier.licences[-1].identifier if dossier.licences else None,
    )
    return replace(dossier.file, enterprise=one)


async def _write_down(came: EnterpriseFile, uow: UnitOfWork) -> None:
    """A row of its own; one that comes back goes on in the row that it left."""
    store, one = EnterpriseStore(uow.session), came.enterprise
    try:
        await store.lock(one.uscc)
    except EnterpriseNotFound:  # never here before
        await store.add(came)
    else:
        await DossierStore(uow.session).go_on_from(one.uscc, one.version)
