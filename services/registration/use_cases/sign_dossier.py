"""The file that one registrar hands to another: put together and signed (JWS), read where the signature holds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from services.registration.domain.dossier import FORMAT, Dossier
from services.registration.domain.enterprise import EnterpriseFile
from services.registration.domain.hand_over import OpenMatter
from services.registration.domain.relocation_errors import FileNotSound
from services.registration.store.annual_reports import AnnualReportStore
from services.registration.store.dossiers import DossierStore
from services.registration.use_cases.carry_standing import standing_of
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.certificates import canonical_json
from shared.database.unit_of_work import UnitOfWork
from shared.security.keys import ALGORITHM, VerificationKey, decode_base64url, encode_base64url
from shared.web.problems import FieldFault

JWS_TYPE: Final = "enterprise-dossier+jws"
_DOSSIER: Final = TypeAdapter(Dossier)


@dataclass(frozen=True)
class Addressed:
    """For whom a file is signed, and how they call their request."""

    to_registrar: str
    reference: str


async def signed_dossier(
    file: EnterpriseFile,
    matters: tuple[OpenMatter, ...],
    addressed: Addressed,
    uow: UnitOfWork,
    now: datetime,
    desk: RegistrarDesk,
) -> str:
    """Everything that the register knows of the enterprise, for one registrar."""
    store, uscc = DossierStore(uow.session), file.enterprise.uscc
    past = await store.past(uscc)
    dossier = Dossier(
        format=FORMAT,
        reference=addressed.reference,
        from_registrar=desk.policy.registrar.uscc,
        to_registrar=addressed.to_registrar,
        handed_over_at=now,
        file=file,
        past=past,
        licences=await store.licences(uscc),
        open_matters=matters,
        annual_reports=await AnnualReportStore(uow.session).of_enterprise(uscc),
        standing=await standing_of(file, past, uow, now, desk),
    )
    key = desk.keys.signing
    header = canonical_json({"alg": ALGORITHM, "kid": key.kid, "typ": JWS_TYPE})
    content = canonical_json(_DOSSIER.dump_python(dossier, mode="json"))
    signing_input = f"{encode_base64url(header)}.{encode_base64url(content)}"
    return f"{signing_input}.{encode_base64url(key.sign(signing_input.encode()))}"


def opened_dossier(jws: str, keys: tuple[Mapping[str, str], ...]) -> Dossier:
    """Read a file that one of these keys signed. Raises: FileNotSound, and says no more of a foreign signature."""
    try:
        header, content, signature = (decode_base64url(part) for part in jws.split("."))
        named = json.loads(header)
        trusted = {key.kid: key for key in (VerificationKey.from_jwk(each) for each in keys)}
        kid = str(named.get("kid"))
        expected = canonical_json({"alg": ALGORITHM, "kid": kid, "typ": JWS_TYPE})
        signed = jws.rpartition(".")[0].encode()
        if header != expected or kid not in trusted or not trusted[kid].verify(signature, signed):
            raise _unsigned()
        dossier = _DOSSIER.validate_json(content)
    except (ValueError, AttributeError, RecursionError) as error:
        # Whoever could not sign it learns nothing about how it is read; a sound signature over nonsense is a fault too.
        raise _unsigned() from error
    if dossier.format != FORMAT:
        raise _unsigned()
    return dossier


def own_dossier(jws: str) -> Dossier:
    """Read a file that this register signed and kept itself."""
    return _DOSSIER.validate_json(decode_base64url(jws.split(".")[1]))


def _unsigned() -> FileNotSound:
    return FileNotSound(
        (
            FieldFault(
                "/dossier",
                "signature",
                "档案未经迁出地登记机关签名或者不可读",
                "the file is not signed by that registrar, or cannot be read",
            ),
        )
    )
