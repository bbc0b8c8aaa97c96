"""Issue the electronic business licence (电子营业执照), version after version, and end it.

Its face is that of 市场主体登记管理条例 art. 22; every version is signed, named by GB/T 36904 and chained to the one
that lapsed (GB/T 36903, 关联证照标识).
"""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Final

from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.errors import LicenceNotFound
from services.registration.domain.licence import Licence, LicenceOperation
from services.registration.domain.licence_face import face_of
from services.registration.published.licences import licence_ended, licence_issued
from services.registration.store.licences import LicenceStore
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.certificates import (
    Certificate,
    CertificateAction,
    CertificateState,
    CertificateType,
    Holder,
    HolderCodeType,
    certificate_from_json,
    issue_certificate,
    next_state,
    open_jws,
)
from shared.database.unit_of_work import UnitOfWork

_SERIAL_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SERIAL_LENGTH: Final = 20
_USCC_NAME: Final = "统一社会信用代码"
# The act of which a version that is in force ends in each state.
_ENDED_BY: Final = {
    CertificateState.CANCELLED: CertificateAction.CANCEL,
    CertificateState.REVOKED: CertificateAction.REVOKE,
    CertificateState.WITHDRAWN: CertificateAction.WITHDRAW,
    CertificateState.TRANSFERRED_OUT: CertificateAction.TRANSFER_OUT,
    CertificateState.LAPSED: CertificateAction.SUPERSEDE,
}


def issue_licence(
    file: EnterpriseFile, now: datetime, desk: RegistrarDesk, previous: Licence | None = None
) -> Licence:
    """Sign a version: the first with a serial of its own (20 random digits and capitals), or the next one.

    The next one keeps the serial of `previous` and names it; where another registrar issued that, it begins anew.
    """
    drafted = _draft(file, now, desk)
    if previous is not None:
        before = certificate_from_json(open_jws(previous.jws).payload)
        drafted = (
            before.succeeded_by(drafted)
            if before.issuer_code == drafted.issuer_code and before.kind.code == drafted.kind.code
            else replace(drafted, associated_identifier=before.identifier)
        )
    issued = issue_certificate(drafted, desk.keys.signing, desk.seals)
    return Licence(
        identifier=drafted.identifier,
        uscc=file.enterprise.uscc,
        version=drafted.version,
        associated_identifier=drafted.associated_identifier,
        state=CertificateState.IN_FORCE,
        digest=issued.digest,
        jws=issued.jws,
        issued_at=now,
    )


async def enter_licence(licence: Licence, uow: UnitOfWork) -> None:
    """Keep a version that was just signed, and tell; its enterprise stands in the register by then."""
    await LicenceStore(uow.session).add(licence)
    uow.announce(licence_issued(licence))


async def renew_licence(
    file: EnterpriseFile, previous: Licence | None, uow: UnitOfWork, now: datetime, desk: RegistrarDesk
) -> Licence:
    """Issue the next version and let the one before it lapse (失效); the first where there was none."""
    licence = issue_licence(file, now, desk, previous)
    if previous is not None and previous.is_in_force:
        store = LicenceStore(uow.session)
        await store.end(previous, CertificateState.LAPSED, LicenceOperation.ALTERED, now)
    await enter_licence(licence, uow)
    return licence


async def end_licence(licence: Licence, state: CertificateState, uow: UnitOfWork, now: datetime) -> Licence:
    """Put the licence into the state in which it ends: 注销, 撤销, 吊销, 办理转出; ending it twice changes nothing.

    Raises: CertificateActionNotAllowed where the state that it is in does not lead there.
    """
    if licence.state is state:
        return licence
    ended = replace(licence, state=next_state(licence.state, _ENDED_BY[state]))
    await LicenceStore(uow.session).end(licence, ended.state, LicenceOperation.ENDED, now)
    uow.announce(licence_ended(ended, now))
    return ended


async def current_licence(uscc: str, uow: UnitOfWork) -> Licence:
    """The newest version of the enterprise's licence. Raises: LicenceNotFound."""
    found = await LicenceStore(uow.session).latest(uscc)
    if found is None:
        raise LicenceNotFound
    return found


def _draft(file: EnterpriseFile, now: datetime, desk: RegistrarDesk) -> Certificate:
    one, policy, today = file.enterprise, desk.policy, local_date(now)
    return Certificate(
        kind=CertificateType(policy.licence.type_code, policy.licence.name, policy.licence.defined_by),
        number=one.uscc,
        serial="".join(secrets.choice(_SERIAL_ALPHABET) for _ in range(_SERIAL_LENGTH)),
        version=1,
        issuer_name=policy.registrar.name.zh,
        issuer_code=policy.registrar.uscc,
        issued_on=today,
        area_code=policy.division_code,
        holders=(Holder(one.name, one.uscc, HolderCodeType.USCC, _USCC_NAME),),
        face=face_of(
            file,
            kind_name=policy.kinds[one.enterprise_kind].of(one.variant).name.zh,
            registrar=policy.registrar.name.zh,
            merged=tuple(filing.name.zh for filing in policy.licence.merged_filings),
            today=today,
        ),
        valid_from=today,
        validity_range=f"{today.isoformat()}至{one.term_until.isoformat() if one.term_until else '长期'}",
    )
