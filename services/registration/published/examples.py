"""Made-up facts that the examples of events share."""

from datetime import UTC, datetime
from typing import Final

FILING: Final = "0198c0de-0000-7000-8000-000000000001"
MATTER: Final = "0198c0de-0000-7000-8000-000000000002"
APPEAL: Final = "0198c0de-0000-7000-8000-0000000000a1"
APPLICANT: Final = "person-7c1d"
CASE_NO: Final = "DJ-140881-20260302-000001-E"
USCC: Final = "91140881MAE000002E"
LICENCE: Final = "1.2.156.3005.2.11100000MB0143028R001.11140881MB9Y00016L.5N0F3YJ8T2QWZ6R1K4B7.001.H"
AT: Final = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
