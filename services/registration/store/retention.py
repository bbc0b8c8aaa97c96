"""What is personal of filings (登记申请) and cases (撤销登记) that led to nothing, and of outside registers (数据比对).

What led to something is the register's archive.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.region.retention import RecordKind
from shared.retention import PURGED, Purgeable

_NO_NUMBER: Final = "0" * 18  # a filing is read as it was written, and a number has digits
_WITHDRAWN: Final = "cn.tongban.registration.filing.withdrawn.v1"

# What stands in the place of a text of this name, wherever in the content of whichever act.
BLANKS: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "name": PURGED,  # of people; the parts of an enterprise's name are no text
        "id_number": _NO_NUMBER,
        "phone": None,
        "account": None,
        "residence": None,
        "represents": _NO_NUMBER,
        "street": PURGED,
        "text": PURGED,
        "recipient": None,
        "email": None,
        "papers_to": None,
        "representative_name": PURGED,
        "representative_id_number": _NO_NUMBER,
    }
)

FILINGS: Final = Purgeable(
    RecordKind.FILING,
    ended=f"""
        SELECT id::text AS reference, decided_at AS ended_at FROM filing WHERE status = 'refused'
            AND NOT EXISTS (SELECT FROM precedent_appeal AS a WHERE a.filing_id = filing.id AND a.status = 'open')
        UNION ALL
        SELECT id::text, (event ->> 'time')::timestamptz FROM filing
        JOIN outbox ON outbox.subject = filing.id::text AND outbox.type = '{_WITHDRAWN}'
        WHERE status = 'withdrawn'
    """,  # noqa: S608 - constants only
    purge=(
        f"""
        UPDATE filing SET results = '[]', version = version + 1,
            content = emptied(content, '{json.dumps(dict(BLANKS))}')
        WHERE id::text = ANY (:references)
        """,  # noqa: S608 - constants only
    ),
)
CASES: Final = Purgeable(
    RecordKind.FALSE_REGISTRATION,
    ended="""
        SELECT id::text AS reference, (document ->> 'decided_at')::timestamptz AS ended_at FROM false_registration
        WHERE status IN ('rejected', 'withdrawn')
    """,
    purge=(
        f"""
        UPDATE false_registration
        SET document = document || jsonb_build_object('statement', '{PURGED}', 'facts', NULL)
        WHERE id::text = ANY (:references)
        """,  # noqa: S608 - constants only
    ),
)
RECONCILIATIONS: Final = Purgeable(
    RecordKind.RECONCILIATION,
    ended="SELECT id::text AS reference, coalesce(completed_at, started_at) AS ended_at FROM reconciliation",
    purge=("UPDATE reconciliation_row SET cells = NULL WHERE reconciliation_id::text = ANY (:references)",),
)
