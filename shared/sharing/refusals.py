"""A reading that is refused: which condition is missing, told to the caller; and recorded, whatever else is undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import ClassVar, Final

from shared.messaging.access import RecordedRefusal
from shared.sharing.deciding import Missing
from shared.web.problems import ProblemTable, ProblemType


@dataclass(eq=False)
class ReadingRefused(RecordedRefusal):
    """The reading lacks a condition."""

    missing: str
    because_zh: str
    because_en: str


@dataclass(eq=False)
class CaseNumberMissing(RecordedRefusal):
    """The grant asks for the number of the case (案号) that is served. Source: 安徽(滁州)条例 第四十五条 (DS-26)."""


@dataclass(eq=False)
class TooManyClaims(RecordedRefusal):
    """So many claims about one record within the hour look like guessing."""

    headers: ClassVar[Mapping[str, str]] = MappingProxyType({"Retry-After": "3600"})

    allowed: int


_WORDING: Final[Mapping[Missing, tuple[str, str]]] = MappingProxyType(
    {
        Missing.PURPOSE: ("未说明用途（purpose）", "no purpose was stated"),
        Missing.AGENCY: ("仅经授权的部门可以读取", "only an agency that holds a grant reads this"),
        Missing.OFFICE: ("记录不在您的辖区内", "the record lies outside the officer's region"),
        Missing.GRANT: ("该用途没有授权", "no grant names this resource for this purpose"),
        Missing.WITHDRAWN: ("授权已撤回", "the grant was withdrawn"),
        Missing.EXPIRED: ("授权已到期", "the grant has expired"),
        Missing.SUSPENDED: ("授权已暂停", "the grant is suspended"),
        Missing.REGION: ("授权不含该地区", "the grant does not extend to this region"),
        Missing.SCENE: ("授权不含该场景（scene）", "the grant does not extend to this scene"),
        Missing.WAY: ("授权不含该提供方式", "the grant does not allow this way of supply"),
        Missing.FIELDS: ("授权不含所请求的字段", "the grant does not name every field that is asked for"),
        Missing.CONSENT: ("没有数据主体的有效同意", "whom the data is about has not consented"),
    }
)


def refused(missing: Missing) -> ReadingRefused | CaseNumberMissing:
    """The refusal for a condition."""
    if missing is Missing.CASE_NUMBER:
        return CaseNumberMissing()
    because_zh, because_en = _WORDING[missing]
    return ReadingRefused(missing.value, because_zh, because_en)


SHARING_PROBLEMS: Final[ProblemTable] = MappingProxyType(
    {
        ReadingRefused: ProblemType(
            HTTPStatus.FORBIDDEN,
            "reading-refused",
            "不具备读取该数据的条件",
            "A condition for reading this is missing",
            "{because_zh}。",
            "{because_en}.",
        ),
        CaseNumberMissing: ProblemType(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "case-number-missing",
            "须注明案号",
            "The number of the case is needed",
            "请以 case_number 注明本次查询所依据的案号。",
            "State with case_number the case that this reading is for.",
        ),
        TooManyClaims: ProblemType(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too-many-claims",
            "核验过于频繁",
            "Too many claims about this record",
            "同一记录每小时最多核验 {allowed} 次。",
            "A record is verified at most {allowed} times an hour.",
        ),
    }
)
