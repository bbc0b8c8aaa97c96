"""What the accounts API takes and returns."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints

from gateway.identity.api.office_shapes import OfficeIn, OfficeOut
from gateway.identity.domain.accounts import LinkPurpose
from gateway.identity.store.accounts import AccountOnFile
from gateway.identity.use_cases.manage_accounts import NewLink
from shared.identifiers.citizen_id import examine_citizen_id, mask_citizen_id
from shared.security.masking import mask_middle, mask_name
from shared.web.fields import Flag, RequestModel, ResponseModel, UsccField


def _is_citizen_id(value: str) -> str:
    if examine_citizen_id(value):
        raise ValueError(
            "citizen_id|公民身份号码不正确（GB 11643）|not a valid citizen identity number (GB 11643)"
        )
    return value


Username = Annotated[
    str, StringConstraints(min_length=3, max_length=64, pattern=r"^[A-Za-z0-9一-鿿][A-Za-z0-9一-鿿._-]*$")
]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=64)]
CitizenIdField = Annotated[
    str, StringConstraints(min_length=18, max_length=18), AfterValidator(_is_citizen_id)
]
Phone = Annotated[str, StringConstraints(min_length=5, max_length=20, pattern=r"^\+?[0-9]{5,19}$")]
Scope = Annotated[
    str, StringConstraints(min_length=5, max_length=100, pattern=r"^[a-z_]+\.[a-z_]+\.[a-z_]+$")
]
Scopes = Annotated[tuple[Scope, ...], Field(max_length=60, examples=[["matters.matter.submit"]])]
SubjectPath = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]


class AccountStanding(StrEnum):
    """Whether somebody may sign in."""

    OPEN = "open"
    CLOSED = "closed"


class AccountIn(RequestModel):
    """Whose account is opened; an officer has an agency, and its scopes are named."""

    username: Annotated[Username, Field(examples=["sunqi"])]
    display_name: Annotated[PersonName, Field(examples=["孙七"])]
    citizen_id: Annotated[CitizenIdField, Field(examples=["140881199205050053"])]
    phone: Annotated[Phone, Field(examples=["13900000005"])]
    agency: Annotated[UsccField | None, Field(description="The officer's agency")] = None
    scopes: Scopes | None = None
    office: Annotated[OfficeIn | None, Field(description="Of an officer: region and posts (职务)")] = None


class AccountChangesIn(RequestModel):
    """What changes; what is left out stays."""

    display_name: PersonName | None = None
    phone: Phone | None = None
    scopes: Scopes | None = None
    office: OfficeIn | None = None
    must_change_password: Annotated[Flag | None, Field(examples=[True])] = None


class RecoveryIn(RequestModel):
    """What the officer states: the person was at the counter and was checked by an identity document."""

    checked_in_person: Annotated[Flag, Field(examples=[True])]
    lost_second_factor: Annotated[
        Flag,
        Field(examples=[False], description="The authenticator is lost too: it is removed with the link"),
    ] = False


class SearchIn(RequestModel):
    """Whose account is looked for: what people are known by stays out of addresses, which are written down."""

    username: Annotated[Username, Field(examples=["sunqi"])]


class AccountOut(ResponseModel):
    """An account, masked."""

    subject: Annotated[str, Field(examples=["019a5d0e-7c1f-7b43-9a0e-3d1f7a0c2b11"])]
    username: Annotated[str, Field(examples=["sunqi"])]
    display_name: Annotated[str, Field(examples=["孙*"])]
    citizen_id: Annotated[str, Field(examples=["1408************53"])]
    phone: Annotated[str, Field(examples=["139******05"])]
    agency_uscc: str | None
    office: OfficeOut | None
    scopes: list[str]
    standing: AccountStanding
    is_activated: bool
    has_second_factor: bool | None
    must_change_password: bool
    opened_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, on_file: AccountOnFile, *, has_second_factor: bool | None = None) -> Self:
        """Shape an account."""
        account = on_file.account
        return cls(
            subject=account.subject,
            username=account.username,
            display_name=mask_name(account.display_name),
            citizen_id=mask_citizen_id(on_file.citizen_id),
            phone=mask_middle(account.phone),
            agency_uscc=account.agency_uscc,
            office=OfficeOut.of(account.office) if account.office else None,
            scopes=sorted(account.scopes),
            standing=AccountStanding.CLOSED if account.is_closed else AccountStanding.OPEN,
            is_activated=account.password_hash is not None,
            has_second_factor=has_second_factor,
            must_change_password=account.must_change_password,
            opened_at=on_file.opened_at.astimezone(UTC),
            closed_at=account.closed_at.astimezone(UTC) if account.closed_at else None,
        )


class LinkOut(ResponseModel):
    """A link to hand to the person, told once."""

    subject: Annotated[str, Field(examples=["019a5d0e-7c1f-7b43-9a0e-3d1f7a0c2b11"])]
    url: Annotated[
        str, Field(examples=["https://tongban.example/login/set-password?link=Jt1sJ0o9m3oCwq2m5R4w"])
    ]
    purpose: LinkPurpose
    expires_at: datetime

    @classmethod
    def of(cls, subject: str, link: NewLink, base_url: str) -> Self:
        """Shape a link."""
        url = f"{base_url}/login/set-password?link={link.secret}"
        return cls(subject=subject, url=url, purpose=link.purpose, expires_at=link.expires_at.astimezone(UTC))


class AccountsFoundOut(ResponseModel):
    """The accounts of a name: the open one, and those that were closed."""

    entries: list[AccountOut]
