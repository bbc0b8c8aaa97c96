"""Give and withdraw consent to the reading of one's data, and see what one consented to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.catalogue.data.domain.consent import (
    BY_RULING,
    Asked,
    Consent,
    flaws_of_consent,
    withdraw_consent,
)
from gateway.catalogue.data.domain.errors import (
    ConsentByRuling,
    ConsentIsPersonal,
    ConsentNotFound,
    ConsentNotPossible,
)
from gateway.catalogue.data.published import consent_given, consent_withdrawn
from gateway.catalogue.data.store.consents import ConsentStore
from gateway.catalogue.data.use_cases.on_offer import resource_on_offer
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal, SubjectKind
from shared.web.problems import FieldFault


@dataclass(frozen=True)
class GiveConsent:
    """Who consents to what, under which id."""

    consent_id: UUID
    asked: Asked
    caller: Principal


async def give_consent(command: GiveConsent, region: RegionPack, uow: UnitOfWork, now: datetime) -> Consent:
    """Raises: ConsentIsPersonal; ConsentNotPossible with every reason."""
    require_subject(command.caller)
    asked = command.asked
    flaws = flaws_of_consent(
        asked,
        resource=await resource_on_offer(asked.resource, uow),
        agency_is_known=region.agency_by_uscc(asked.agency_uscc) is not None,
        now=now,
    )
    faults = tuple(FieldFault(flaw.pointer, flaw.code, flaw.zh, flaw.en) for flaw in flaws)
    notice = asked.notice()
    if faults or notice is None or asked.purpose is None or asked.valid_until is None:
        raise ConsentNotPossible(faults)
    consent = Consent(
        consent_id=command.consent_id,
        subject=command.caller.subject,
        given_by=command.caller.reference,
        agency_uscc=asked.agency_uscc,
        resource=asked.resource,
        fields=tuple(dict.fromkeys(asked.fields)),
        purpose=asked.purpose,
        notice=notice,
        given_at=now,
        valid_until=asked.valid_until,
    )
    await ConsentStore(uow.session).add(consent)
    uow.announce(consent_given(consent))
    return consent


async def withdraw_own_consent(
    consent_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime
) -> Consent:
    """Raises: ConsentIsPersonal; ConsentNotFound, also for another's; ConsentByRuling, ConsentAlreadyWithdrawn."""
    require_subject(caller)
    store = ConsentStore(uow.session)
    consent = await store.lock(consent_id)
    if consent is None or consent.subject != caller.subject:
        raise ConsentNotFound
    if consent.is_by_ruling:
        raise ConsentByRuling(consent.given_by.removeprefix(BY_RULING))
    withdrawn = withdraw_consent(consent, by=caller.reference, at=now)
    await store.save(withdrawn)
    uow.announce(consent_withdrawn(withdrawn, now))
    return withdrawn


async def read_own_consent(consent_id: UUID, caller: Principal, uow: UnitOfWork) -> Consent:
    """Raises: ConsentNotFound, also for another's."""
    consent = await ConsentStore(uow.session).find(consent_id)
    if consent is None or consent.subject != caller.subject:
        raise ConsentNotFound
    return consent


async def list_own_consents(
    caller: Principal, uow: UnitOfWork, *, before: UUID | None, limit: int
) -> list[Consent]:
    """What the caller consented to, withdrawn and ended ones too."""
    return await ConsentStore(uow.session).of_subject(caller.subject, before=before, limit=limit)


def require_subject(caller: Principal) -> None:
    """Let pass who acts in their own name, for an enterprise, or as guardian (监护人) or agent under a mandate.

    An officer's or a system's token is not the subject's own, nor one that a system got by exchange.
    Raises: ConsentIsPersonal. Source: 黑龙江信用措施 五（二） (本人或其监护人); DS-27 (the subject's own token).
    """
    actors, mandate = len(caller.facts.actors), caller.facts.mandate_id is not None
    own = caller.kind is SubjectKind.PERSON and actors == (1 if mandate else 0)
    if caller.agency is not None or not (own or (caller.enterprise is not None and actors == 1)):
        raise ConsentIsPersonal
