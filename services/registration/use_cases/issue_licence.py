"""Issue the electronic business licence (电子营业执照).

Its face is that of 市场主体登记管理条例 art. 22.
"""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Final

from services.registration.domain.enterprise import EnterpriseFile, Licence
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.certificates import (
    Certificate,
    CertificateState,
    CertificateType,
    Holder,
    HolderCodeType,
    issue_certificate,
)

_SERIAL_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SERIAL_LENGTH: Final = 20


def issue_licence(file: EnterpriseFile, now: datetime, desk: RegistrarDesk) -> Licence:
    """Sign the licence; its serial is 20 random digits and capitals."""
    one, policy = file.enterprise, desk.policy
    principal = file.principal
    capital = Decimal(one.registered_capital_fen or 0) / 100
    certificate = Certificate(
        kind=CertificateType(policy.licence.type_code, policy.licence.name, policy.licence.defined_by),
        number=one.uscc,
        serial="".join(secrets.choice(_SERIAL_ALPHABET) for _ in range(_SERIAL_LENGTH)),
        version=1,
        issuer_name=policy.registrar.name.zh,
        issuer_code=policy.registrar.uscc,
        issued_on=local_date(now),
        area_code=policy.division_code,
        holders=(Holder(one.name, one.uscc, HolderCodeType.USCC),),
        face={
            "name": one.name,
            "legal_representative": principal.name if principal else "",
            "kind": policy.kinds[one.enterprise_kind].name.zh,
            "registered_capital": f"{capital:.2f}元",
            "domicile": one.domicile_text or "",
            "scope": tuple(entry.text for entry in one.scope),
            "registrar": policy.registrar.name.zh,
            "established_on": local_date(now).isoformat(),
            "uscc": one.uscc,
        },
        valid_from=local_date(now),
    )
    issued = issue_certificate(certificate, desk.keys.signing, desk.seals)
    return Licence(
        identifier=certificate.identifier,
        uscc=one.uscc,
        state=CertificateState.IN_FORCE.value,
        digest=issued.digest,
        jws=issued.jws,
        issued_at=now,
    )
