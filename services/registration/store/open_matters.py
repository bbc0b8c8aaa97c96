"""What the register itself knows to be open about an enterprise."""

from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.hand_over import MatterKind, OpenMatter
from services.registration.domain.wording import Wording

_OPEN: Final = text("""
    SELECT 'filing' AS kind, coalesce(case_no, id::text) AS reference FROM filing
    WHERE uscc = :uscc AND status = 'under_review'
    UNION ALL
    SELECT 'abnormal_list', id::text FROM abnormal_listing WHERE uscc = :uscc AND state = 'entered'
    UNION ALL
    SELECT 'exit', id::text FROM exit_notice WHERE uscc = :uscc AND state IN ('published', 'elapsed')
    UNION ALL
    SELECT 'case', id::text FROM false_registration
    WHERE uscc = :uscc AND status IN ('investigating', 'published', 'unopposed')
    ORDER BY kind, reference LIMIT 50
""")
_WORDS: Final = {
    MatterKind.FILING: Wording("登记申请尚未办结", "a filing is not decided yet"),
    MatterKind.ABNORMAL_LIST: Wording("已列入经营异常名录", "it is on the list of abnormal operations"),
    MatterKind.CASE: Wording("涉嫌虚假登记，正在调查", "a false registration is under investigation"),
    MatterKind.EXIT: Wording("注销公告期内", "its deregistration is under public notice"),
}


class OpenMattersStore:
    """Reads in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, uscc: str) -> tuple[OpenMatter, ...]:
        """All of them, with what each is known by here."""
        rows = (await self._session.execute(_OPEN, {"uscc": uscc})).all()
        return tuple(_matter(row) for row in rows)


def _matter(row: Row[Any]) -> OpenMatter:
    kind = MatterKind(row.kind)
    return OpenMatter(kind, _WORDS[kind], row.reference)
