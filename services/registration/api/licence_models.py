"""Questions and answers about business licences, copies of them, and their verification."""

import base64
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from pydantic import Field, StringConstraints, model_validator

from services.registration.api.enterprise_models import DomicileOut, EnterpriseSummaryOut, ScopeOut
from services.registration.domain.enterprise import Enterprise
from services.registration.domain.licence import Licence, LicenceCopy, LoggedOperation
from services.registration.use_cases.verify_licence import VerifiedLicence
from shared.certificates import CertificateState, FileFinding, FileReport, Seal
from shared.security.masking import Shared
from shared.web.fields import Instant, RequestModel, ResponseModel

STATE_TEXT = "Code of the state, 01 in force (有效)"


class WordingOut(ResponseModel):
    """A text in both languages."""

    zh: str
    en: str


class LicenceOut(ResponseModel):
    """The electronic business licence (电子营业执照); its signed content names people and is protected."""

    identifier: str
    uscc: str
    version: int
    associated_identifier: str | None = Field(description="The version before it (关联证照标识)")
    state: str = Field(description=STATE_TEXT, examples=["01"])
    state_name: str = Field(examples=["有效"])
    digest: str
    issued_at: datetime
    verify_path: str
    merged_filings: list[WordingOut] = Field(description="Filings that it stands for (多证合一)")
    seal: WordingOut = Field(description="Who put an electronic seal on it, or that nobody did")
    jws: Annotated[str | None, Shared()]

    @classmethod
    def of(cls, licence: Licence, merged: list[WordingOut], seal: Seal, *, shown: bool) -> Self:
        """Shape a licence."""
        return cls(
            identifier=licence.identifier,
            uscc=licence.uscc,
            version=licence.version,
            associated_identifier=licence.associated_identifier,
            state=licence.state.value,
            state_name=licence.state.name_zh,
            digest=licence.digest,
            issued_at=licence.issued_at,
            verify_path=f"/registration/v1/verify/{licence.identifier}",
            merged_filings=merged,
            seal=WordingOut(zh=seal.statement.zh, en=seal.statement.en),
            jws=licence.jws if shown else None,
        )


class OperationOut(ResponseModel):
    """What was done to a version of the licence."""

    identifier: str
    version: int
    operation: str = Field(description="01 新发, 05 注销（撤销、吊销、办理转出）, 09 变更", examples=["01"])
    state: str = Field(description="Code of the state in which it left the version", examples=["01"])
    at: datetime

    @classmethod
    def of(cls, logged: LoggedOperation) -> Self:
        """Shape an entry of the log."""
        return cls.model_validate(logged, from_attributes=True)


class OperationsOut(ResponseModel):
    """The log, from the first version on."""

    operations: list[OperationOut]


class CopyIn(RequestModel):
    """For whom, for what, until when (加注件)."""

    recipient: Annotated[str, StringConstraints(min_length=2, max_length=60)] = Field(
        examples=["永济示例商业银行支行"]
    )
    purpose: Annotated[str, StringConstraints(min_length=2, max_length=60)] = Field(
        examples=["开立单位银行结算账户"]
    )
    expires_at: Instant = Field(examples=["2026-04-01T09:00:00+08:00"])


class CopyOut(ResponseModel):
    """A copy that serves one purpose; its signed content goes to the recipient."""

    identifier: str
    licence_identifier: str
    uscc: str
    recipient: str
    purpose: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    digest: str
    verify_path: str
    jws: str

    @classmethod
    def of(cls, copy: LicenceCopy) -> Self:
        """Shape a copy."""
        return cls(
            identifier=copy.identifier,
            licence_identifier=copy.licence_identifier,
            uscc=copy.uscc,
            recipient=copy.recipient,
            purpose=copy.purpose,
            created_at=copy.created_at,
            expires_at=copy.expires_at,
            revoked_at=copy.revoked_at,
            digest=copy.digest,
            verify_path=f"/registration/v1/verify/{copy.identifier}",
            jws=copy.jws,
        )


UseCause = Annotated[str, StringConstraints(min_length=2, max_length=100, pattern=r"^\S")]


class PresentedIn(RequestModel):
    """What somebody was shown: the signed content, or the PDF that carries it; one of the two."""

    jws: (
        Annotated[str, StringConstraints(min_length=20, max_length=512 * 1024, pattern=r"^[\w.-]+$")] | None
    ) = Field(
        default=None, description="The signed content as a compact JWS", examples=["eyJhbGciOi.eyJhcmVh.MEU"]
    )
    pdf: (
        Annotated[
            str, StringConstraints(min_length=20, max_length=1_000_000, pattern=r"^[A-Za-z0-9+/\r\n]+=*\s*$")
        ]
        | None
    ) = Field(default=None, description="The PDF, in Base64 (RFC 4648 section 4)")
    use_cause: UseCause | None = Field(
        default=None, description="For what matter (用证事由); recorded", examples=["开立单位银行结算账户"]
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.jws is None) is (self.pdf is None):
            raise ValueError("one_of|jws、pdf 必须且只能提供一项|give either jws or pdf, and only one")
        return self


class KeySetOut(ResponseModel):
    """Public keys of licences, and the certificates under which their PDFs are signed."""

    keys: list[dict[str, str]]
    pdf_certificates: list[list[str]] = Field(
        description="Chains of DER in Base64, as in x5c: the signer's first; the chain that signs now first of all"
    )

    @classmethod
    def of(cls, keys: list[dict[str, str]], chains: Sequence[Sequence[Certificate]]) -> Self:
        """Shape a key set."""
        written = [
            [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in chain] for chain in chains
        ]
        return cls(keys=keys, pdf_certificates=written)


class FileOut(ResponseModel):
    """What the signatures over the file say of it."""

    finding: FileFinding = Field(examples=["whole"])
    signer: str | None = Field(
        description="Of the certificate that signed it; whatever somebody wrote into it"
    )
    text_zh: str
    text_en: str

    @classmethod
    def of(cls, report: FileReport) -> Self:
        """Shape a finding."""
        told = report.finding.statement
        return cls(finding=report.finding, signer=report.signer, text_zh=told.zh, text_en=told.en)


class CheckOut(ResponseModel):
    """One check with its outcome."""

    check: str = Field(examples=["signature"])
    passed: bool
    text_zh: str
    text_en: str


class CopyMarkOut(ResponseModel):
    """For whom, for what and until when the copy serves."""

    identifier: str
    recipient: str
    purpose: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class BasicFactsOut(EnterpriseSummaryOut):
    """What the register says of the enterprise today, for a department that asks for a matter."""

    registered_capital_fen: int | None
    domicile: DomicileOut
    scope: list[ScopeOut]
    industry_code: str | None
    registrar_uscc: str | None

    @classmethod
    def facts_of(cls, one: Enterprise) -> Self:
        """Shape an enterprise."""
        return cls(
            **EnterpriseSummaryOut.of(one).model_dump(),
            registered_capital_fen=one.registered_capital_fen,
            domicile=DomicileOut(division_code=one.domicile_division_code, text=one.domicile_text),
            scope=[ScopeOut(code=entry.code, text=entry.text) for entry in one.scope],
            industry_code=one.industry_code,
            registrar_uscc=one.registrar_uscc,
        )


class VerificationOut(ResponseModel):
    """What the register says of a licence, or of a copy, that somebody was shown (证照核验)."""

    identifier: str
    is_valid: bool
    state: str = Field(description=STATE_TEXT, examples=["01"])
    state_name: str
    version: int
    certificate_name: str | None
    holder_name: str | None
    uscc: str
    issuing_authority_name: str | None
    issued_on: date | None
    checks: list[CheckOut]
    file: FileOut | None = Field(description="Of a PDF only")
    copy_mark: CopyMarkOut | None = Field(description="Of a copy only (加注件)")
    enterprise: BasicFactsOut | None = Field(description="With a use_cause and the scope only")
    verified_at: datetime

    @classmethod
    def of(cls, verified: VerifiedLicence) -> Self:
        """Shape a report; only public facts of the certificate."""
        report, licence = verified.report, verified.licence
        found, copy = report.certificate, verified.copy
        return cls(
            identifier=copy.identifier if copy else licence.identifier,
            is_valid=report.is_valid,
            state=licence.state.value,
            state_name=CertificateState(licence.state).name_zh,
            version=licence.version,
            certificate_name=found.kind.name if found else None,
            holder_name=found.holders[0].name if found else None,
            uscc=licence.uscc,
            issuing_authority_name=found.issuer_name if found else None,
            issued_on=found.issued_on if found else None,
            checks=[
                CheckOut(
                    check=result.check.value,
                    passed=result.passed,
                    text_zh=result.statement.zh,
                    text_en=result.statement.en,
                )
                for result in report.results
            ],
            file=FileOut.of(verified.file) if verified.file else None,
            copy_mark=CopyMarkOut.model_validate(copy, from_attributes=True) if copy else None,
            enterprise=BasicFactsOut.facts_of(verified.enterprise) if verified.enterprise else None,
            verified_at=report.inquiry.at,
        )
