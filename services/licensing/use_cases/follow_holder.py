"""Let the permits of an enterprise say what is true after its name or address changed (变更)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from services.licensing.domain.holder_change import HolderTold, follow_holder, is_bound
from services.licensing.domain.permit import Permit, superseded
from services.licensing.domain.rules import PermitRule
from services.licensing.published.announcing import permit_altered, permit_premises_changed
from services.licensing.store.permit_versions import HolderChangeStore, LapsedVersionStore
from services.licensing.store.permits import PermitStore
from services.licensing.use_cases.office import Office
from services.licensing.use_cases.rulebook import permit_rule
from shared.calendar import due, local_date
from shared.certificates import Holder, HolderCodeType, certificate_from_json, issue_certificate, open_jws
from shared.database.unit_of_work import UnitOfWork


async def follow_told(
    told: HolderTold, sequence: int, uow: UnitOfWork, now: datetime, office: Office
) -> None:
    """What an act of the register told; nobody applies for it (数据共享, 免申请变更). Told again it does nothing."""
    await PermitStore(uow.session).keep_steady(told.uscc)
    await HolderChangeStore(uow.session).put(told, sequence)
    await let_permits_follow(told, uow, now, office)


async def let_permits_follow(told: HolderTold, uow: UnitOfWork, now: datetime, office: Office) -> None:
    """Sign the next version of each certificate that says something else, mark each that may not follow."""
    today = local_date(now)
    held = await PermitStore(uow.session).lock_in_force(told.uscc)
    for permit in held:
        if permit.valid_to is None or today <= permit.valid_to:
            await _follow(permit, _rules_of(permit, held, office), told, uow, now, office)


async def _follow(
    permit: Permit,
    rules: Sequence[PermitRule],
    told: HolderTold,
    uow: UnitOfWork,
    now: datetime,
    office: Office,
) -> None:
    apply_by = _apply_by(rules, now, office)
    followed = follow_holder(permit, told, bound=is_bound(rules), apply_by=apply_by)
    after = followed.permit
    if followed.is_signed_anew:
        after = _signed_anew(permit, after, now, office)
        await LapsedVersionStore(uow.session).add(superseded(permit, after, now))
    if followed.is_signed_anew or followed.is_marked:
        await PermitStore(uow.session).follow(after)
    if followed.is_signed_anew:
        uow.announce(permit_altered(permit, after, now))
    if followed.is_marked:
        uow.announce(permit_premises_changed(after))


def _rules_of(permit: Permit, held: Sequence[Permit], office: Office) -> tuple[PermitRule, ...]:
    items = [permit.item] if permit.item else [part.item for part in held if part.part_of == permit.number]
    return tuple(permit_rule(office.region, item) for item in items if item)


def _apply_by(rules: Sequence[PermitRule], now: datetime, office: Office) -> date | None:
    """The earliest day until which one of the items has to be applied for; None where no law names one.

    Counted from the moment at which licensing hears of the change.
    """
    limits = [rule.apply_within for rule in rules if rule.is_bound_to_premises and rule.apply_within]
    return min((local_date(due(limit, now, office.calendar).at) for limit in limits), default=None)


def _signed_anew(before: Permit, after: Permit, now: datetime, office: Office) -> Permit:
    """The next version: same number, validity and serial, chained to the one before (GB/T 36903, 关联证照标识)."""
    was = certificate_from_json(open_jws(before.jws).payload)
    face = {**was.face, "operator": after.holder_name, "premises": after.premises or ""}
    holder = Holder(after.holder_name, after.uscc, HolderCodeType.USCC)
    certificate = was.succeeded_by(replace(was, holders=(holder,), face=face, issued_on=local_date(now)))
    made = issue_certificate(certificate, office.keys.signing, office.seals)
    return replace(
        after,
        certificate_identifier=certificate.identifier,
        version=certificate.version,
        associated_identifier=certificate.associated_identifier,
        digest=made.digest,
        jws=made.jws,
        seal_zh=made.seal.statement.zh,
        seal_en=made.seal.statement.en,
    )
