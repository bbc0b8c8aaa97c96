"""What of a filing (登记申请) is personal that led to no enterprise; what led to one is the register's archive."""

from typing import Final

from shared.region.retention import RecordKind
from shared.retention import PURGED, Purgeable

_NO_NUMBER: Final = "0" * 18  # a filing is read as it was written, and a number has digits
_WITHDRAWN: Final = "cn.tongban.registration.filing.withdrawn.v1"

FILINGS: Final = Purgeable(
    RecordKind.FILING,
    ended=f"""
        SELECT id::text AS reference, decided_at AS ended_at FROM filing WHERE status = 'refused'
        UNION ALL
        SELECT id::text, (event ->> 'time')::timestamptz FROM filing
        JOIN outbox ON outbox.subject = filing.id::text AND outbox.type = '{_WITHDRAWN}'
        WHERE status = 'withdrawn'
    """,  # noqa: S608 - constants only
    purge=(
        f"""
        UPDATE filing SET results = '[]', version = version + 1, content = content || jsonb_build_object(
            'domicile', content -> 'domicile' || '{{"street": "{PURGED}"}}',
            'people', (
                SELECT coalesce(jsonb_agg(person
                    || '{{"name": "{PURGED}", "id_number": "{_NO_NUMBER}", "phone": null, "account": null}}'), '[]')
                FROM jsonb_array_elements(content -> 'people') AS person
            )
        )
        WHERE id::text = ANY (:references)
        """,  # noqa: S608 - constants only
    ),
)
