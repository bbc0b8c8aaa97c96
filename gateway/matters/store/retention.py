"""What of an ended matter (一件事) is personal."""

from typing import Final

from gateway.materials.public import PURGE_OF_CASES
from shared.region.retention import RecordKind
from shared.retention import Purgeable

MATTERS: Final = Purgeable(
    RecordKind.MATTER,
    ended="SELECT matter_id::text AS reference, ended_at FROM matter WHERE ended_at IS NOT NULL",
    purge=(
        "UPDATE matter SET form = '{}', findings = '[]', version = version + 1,"
        " changes = CASE WHEN changes IS NULL THEN NULL ELSE '[]'::jsonb END"
        " WHERE matter_id::text = ANY (:references)",
        "UPDATE matter_step SET request = '{}', refusal = '[]' WHERE matter_id::text = ANY (:references)",
        "UPDATE matter_task SET result = '{}', refusal = NULL, return_reason = NULL, visit = NULL,"
        " version = version + 1 WHERE matter_id::text = ANY (:references)",
        "UPDATE matter_history SET details = '{}' WHERE matter_id::text = ANY (:references)",
        *PURGE_OF_CASES,
    ),
)
