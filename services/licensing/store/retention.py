"""What of a decided permit application (许可申请) is personal."""

from typing import Final

from shared.region.retention import RecordKind
from shared.retention import Purgeable

APPLICATIONS: Final = Purgeable(
    RecordKind.PERMIT_APPLICATION,
    ended="SELECT id::text AS reference, decided_at AS ended_at FROM application WHERE decided_at IS NOT NULL",
    purge=("UPDATE application SET form = '{}', version = version + 1 WHERE id::text = ANY (:references)",),
)
