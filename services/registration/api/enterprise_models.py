"""Answers about enterprises, licences and names; protected fields are marked here and masked by default."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState, Origin, Role
from services.registration.domain.licence import Licence
from services.registration.use_cases.check_name import CheckedName
from shared.certificates import VerificationReport
from shared.security.masking import Personal, Shared, mask_name
from shared.web.fields import ResponseModel


class DomicileOut(ResponseModel):
    """住所."""

    division_code: str
    text: str | None


class ScopeOut(ResponseModel):
    """An entry of the business scope; without a code where an old register has free text."""

    code: str | None
    text: str


class PersonOut(ResponseModel):
    """Someone with a role in the enterprise."""

    roles: list[Role]
    name: Annotated[str, Personal(mask_name)]
    id_number: Annotated[str, Personal()]
    phone: Annotated[str | None, Personal()]
    subscribed_fen: Annotated[int | None, Shared()]


class EnterpriseSummaryOut(ResponseModel):
    """An enterprise in a list: public fields only."""

    uscc: str = Field(examples=["91140881MAE000002E"])
    name: str = Field(examples=["永济市蒲津渡餐饮有限公司"])
    enterprise_kind: EnterpriseKind
    state: EnterpriseState
    established_on: date | None
    division_code: str
    origin: Origin

    @classmethod
    def of(cls, enterprise: Enterprise) -> "EnterpriseSummaryOut":
        """Shape an enterprise."""
        return cls.model_validate(enterprise, from_attributes=True)


class EnterpriseOut(EnterpriseSummaryOut):
    """An enterprise (经营主体). Protected fields are null or masked without a grant for the purpose."""

    kind_stated: str | None
    registered_capital_fen: int | None
    capital_currency: str | None
    capital_stated: str | None
    domicile: DomicileOut
    scope: list[ScopeOut]
    industry_code: str | None
    registrar_uscc: str | None
    licence_identifier: str | None
    filing_id: Annotated[UUID | None, Shared()]
    version: int
    changed_at: datetime
    legal_representative_name: Annotated[str | None, Shared()]
    legal_representative_id_number: Annotated[str | None, Personal()]
    contact_phone: Annotated[str | None, Personal()]
    people: list[PersonOut]

    @classmethod
    def open(cls, file: EnterpriseFile) -> "EnterpriseOut":
        """Shape an enterprise with everything in it: to be disclosed, not to be answered as it is."""
        one, principal = file.enterprise, file.principal
        return cls(
            **EnterpriseSummaryOut.of(one).model_dump(),
            kind_stated=one.kind_stated,
            registered_capital_fen=one.registered_capital_fen,
            capital_currency=one.capital_currency,
            capital_stated=one.capital_stated,
            domicile=DomicileOut(division_code=one.domicile_division_code, text=one.domicile_text),
            scope=[ScopeOut(code=entry.code, text=entry.text) for entry in one.scope],
            industry_code=one.industry_code,
            registrar_uscc=one.registrar_uscc,
            licence_identifier=one.licence_identifier,
            filing_id=one.filing_id,
            version=one.version,
            changed_at=one.changed_at,
            legal_representative_name=principal.name if principal else None,
            legal_representative_id_number=principal.id_number if principal else None,
            contact_phone=file.contact_phone,
            people=[PersonOut.model_validate(person, from_attributes=True) for person in file.people],
        )


class LicenceOut(ResponseModel):
    """The electronic business licence (电子营业执照); its signed content names people and is protected."""

    identifier: str
    uscc: str
    state: str = Field(description="Code of the state, 01 in force (有效)", examples=["01"])
    digest: str
    issued_at: datetime
    verify_path: str
    jws: Annotated[str | None, Shared()]

    @classmethod
    def of(cls, licence: Licence, *, shown: bool) -> "LicenceOut":
        """Shape a licence."""
        return cls(
            identifier=licence.identifier,
            uscc=licence.uscc,
            state=licence.state,
            digest=licence.digest,
            issued_at=licence.issued_at,
            verify_path=f"/registration/v1/verify/{licence.identifier}",
            jws=licence.jws if shown else None,
        )


class VerificationCheckOut(ResponseModel):
    """One check with its outcome."""

    check: str = Field(examples=["signature"])
    passed: bool
    text_zh: str
    text_en: str


class VerificationOut(ResponseModel):
    """What the register says of a licence that somebody was shown (证照核验)."""

    identifier: str
    is_valid: bool
    state: str
    state_name: str
    certificate_name: str | None
    holder_name: str | None
    uscc: str
    issuing_authority_name: str | None
    issued_on: date | None
    checks: list[VerificationCheckOut]

    @classmethod
    def of(cls, report: VerificationReport, licence: Licence, state_name: str) -> "VerificationOut":
        """Shape a report; only public facts of the certificate."""
        found = report.certificate
        return cls(
            identifier=report.identifier,
            is_valid=report.is_valid,
            state=licence.state,
            state_name=state_name,
            certificate_name=found.kind.name if found else None,
            holder_name=found.holders[0].name if found else None,
            uscc=licence.uscc,
            issuing_authority_name=found.issuer_name if found else None,
            issued_on=found.issued_on if found else None,
            checks=[
                VerificationCheckOut(
                    check=result.check.value,
                    passed=result.passed,
                    text_zh=result.statement.zh,
                    text_en=result.statement.en,
                )
                for result in report.results
            ],
        )


class NameCheckOut(ResponseModel):
    """Whether a name can be had now, and what stands against it; never whose name that is."""

    name: str = Field(examples=["永济市蒲津渡餐饮有限公司"])
    available: bool
    needs_review: bool
    conflicts: list[str] = Field(
        description="same (相同), alike (同行业字号相同), similar (相近行业), forbidden:<word> (禁用字词)",
        examples=[["same"]],
    )
    distinctive: str
    trade: str

    @classmethod
    def of(cls, name: str, checked: CheckedName) -> "NameCheckOut":
        """Shape the answer."""
        found = checked.conflicts
        conflicts = [kind for kind in ("same", "alike", "similar") if getattr(found, kind)]
        conflicts += [f"forbidden:{word}" for word in checked.forbidden]
        return cls(
            name=name,
            available=not (found.same or found.alike or checked.forbidden),
            needs_review=found.similar and not (found.same or found.alike),
            conflicts=conflicts,
            distinctive=checked.keys.distinctive,
            trade=checked.keys.trade,
        )
