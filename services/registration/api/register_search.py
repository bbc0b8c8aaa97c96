"""Search of the register (查询登记簿): public fields for everyone; by person for those who may (按人员查询)."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, Field, StringConstraints

from services.registration.api.dependencies import Desk
from services.registration.api.enterprise_models import EnterpriseSummaryOut
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState, Role
from services.registration.domain.names import name_key
from services.registration.domain.register_errors import SearchTooBroad
from services.registration.store.search import SearchStore, sort_key
from services.registration.store.search_filters import Search
from services.registration.use_cases.read_by_person import (
    PERSON_FIELDS,
    PersonRole,
    ReadByPerson,
    read_by_person,
)
from shared.security.access import public, requires
from shared.sharing.reading import Stated
from shared.sharing.refusals import CaseNumberMissing, ReadingRefused
from shared.sharing.stating import Stating
from shared.web.fields import CivilDate, RequestModel, ResponseModel, UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, ServiceRoute, invalid

router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["register"])

PUBLIC_REGISTER: Final = "the register's public fields are for everyone (企业信息公示暂行条例 art. 6)"
_MOST_WORDS: Final = 5


def _has_letters(name: str) -> str:
    """Names compare without their marks; of marks alone nothing is left to compare."""
    if not name_key(name):
        raise ValueError("no_letters")
    return name


def _has_words(written: str) -> str:
    """Words of two characters or more: an index of pairs knows no single ones."""
    words = written.split()
    if len(words) > _MOST_WORDS:
        raise ValueError("too_many_words|最多 5 个词|at most 5 words")
    if not words or any(len(name_key(word)) < 2 for word in words):
        raise ValueError("short_word|每个词至少两个字|each word has two characters at least")
    return written


NameBeginning = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_has_letters)]
Words = Annotated[str, StringConstraints(min_length=2, max_length=100), AfterValidator(_has_words)]


@router.get(
    "/enterprises", dependencies=[public(PUBLIC_REGISTER)], summary="Search the register (查询登记簿)"
)
@refuses(SearchTooBroad)
async def search(
    paged: Paged,
    uow: InTransaction,
    response: Response,
    q: Annotated[
        Words | None, Query(description="Words that stand anywhere in the name (名称关键词)")
    ] = None,
    name: Annotated[NameBeginning | None, Query(description="Beginning of a name")] = None,
    code: Annotated[
        str | None,
        Query(
            min_length=2, max_length=18, pattern=r"^[0-9A-HJ-NPQRTUWXY]+$", description="Beginning of a code"
        ),
    ] = None,
    scope: Annotated[Words | None, Query(description="Words in the business scope (经营范围)")] = None,
    domicile: Annotated[Words | None, Query(description="Words in the address (住所)")] = None,
    domicile_of: Annotated[
        UsccField | None, Query(description="Enterprises at the address of this one (一址多照)")
    ] = None,
    industry: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=5,
            pattern=r"^[A-T][0-9]{0,4}$",
            description="GB/T 4754 with all below it",
        ),
    ] = None,
    division: Annotated[
        str | None,
        Query(
            pattern=r"^[0-9]{6}([0-9]{3}){0,2}$",
            min_length=6,
            max_length=12,
            description="Division with all that lie inside (行政区划，含下级)",
        ),
    ] = None,
    state: Annotated[EnterpriseState | None, Query()] = None,
    kind: Annotated[EnterpriseKind | None, Query()] = None,
    established_from: Annotated[CivilDate | None, Query()] = None,
    established_to: Annotated[CivilDate | None, Query()] = None,
) -> Page[EnterpriseSummaryOut]:
    """Public fields, by name and code; names that begin with what is looked for come first."""
    wanted = Search(
        name=name,
        words=_words(q),
        code=code,
        scope=_words(scope),
        address=_words(domicile),
        address_of=domicile_of,
        industry=industry,
        division=division,
        state=state,
        kind=kind,
        established_from=established_from,
        established_to=established_to,
    )
    after = (int(paged.after[0]), str(paged.after[1]), str(paged.after[2])) if paged.after else None
    found = {one.uscc: one for one in await SearchStore(uow.session).search(wanted, after, paged.fetch)}
    shown = [EnterpriseSummaryOut.of(one) for one in found.values()]
    return paged.page(shown, lambda one: sort_key(found[one.uscc], wanted), response)


class PersonIn(RequestModel):
    """Who is looked for: by identity number, by name, or by both; in the body, where no log writes it down."""

    id_number: (
        Annotated[
            str, StringConstraints(min_length=15, max_length=18, pattern=r"^[0-9]{15}([0-9]{2}[0-9X])?$")
        ]
        | None
    ) = Field(default=None, examples=["140881199001010010"])
    name: Annotated[str, StringConstraints(min_length=2, max_length=60)] | None = Field(
        default=None, examples=["张三丰"]
    )


class PersonRoleOut(ResponseModel):
    """An enterprise in which the person has roles."""

    enterprise: EnterpriseSummaryOut
    roles: list[Role]

    @classmethod
    def of(cls, found: PersonRole) -> "PersonRoleOut":
        """Shape one."""
        return cls(enterprise=EnterpriseSummaryOut.of(found.enterprise), roles=list(found.roles))


@router.post(
    "/enterprises/by-person",
    dependencies=[requires("registration.enterprise.read")],
    summary="Search by person (按人员查询)",
    openapi_extra={"x-idempotent": True},
)
@refuses(ReadingRefused, CaseNumberMissing)
async def by_person(
    body: PersonIn,
    paged: Paged,
    caller: Caller,
    uow: InTransaction,
    stated: Stating,
    desk: Desk,
    response: Response,
) -> Page[PersonRoleOut]:
    """For the registrar, and for whoever has a grant on the people's names or numbers; recorded either way."""
    named = {name: value for name, value in body.model_dump().items() if value is not None}
    if not named:
        raise invalid("/id_number", "missing")
    after = str(paged.after[0]) if paged.after else ""
    command = ReadByPerson(named, caller, _asking(stated, named), after, paged.fetch)
    found = await read_by_person(command, uow, desk)
    response.headers["Cache-Control"] = "no-store"
    return paged.page([PersonRoleOut.of(one) for one in found], lambda one: (one.enterprise.uscc,), response)


def _asking(stated: Stated, named: dict[str, str]) -> Stated:
    """Whoever looks for somebody asks for what is looked by."""
    asked = frozenset(PERSON_FIELDS[column] for column in named)
    return replace(stated, fields=stated.fields | asked)


def _words(written: str | None) -> tuple[str, ...]:
    return tuple(written.split()) if written else ()
