"""The life of a filing: every status with every action."""

from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import pytest

from services.registration.domain.errors import ActionNotAllowed
from services.registration.domain.establishment import Domicile, Establishment
from services.registration.domain.filing import (
    TRANSITIONS,
    Filing,
    FilingAction,
    FilingStatus,
    advance,
)
from services.registration.domain.filing_kinds import Concerns
from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.names import NameParts

CONTENT = Establishment(
    EnterpriseKind.LIMITED_COMPANY,
    NameParts("永济市", "渡口", "餐饮", "有限公司"),
    Domicile("140881001", "河东大道12号", True),
    True,
    ("H6210-01",),
    1,
    (),
)
ENDED = {FilingStatus.APPROVED, FilingStatus.WITHDRAWN}


def a_filing(status: FilingStatus) -> Filing:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    concerns = Concerns("永济市渡口餐饮有限公司", EnterpriseKind.LIMITED_COMPANY, "140881001")
    return Filing(UUID(int=1), status, 4, None, "ann", concerns, CONTENT, (), at)


@pytest.mark.parametrize(("status", "action"), list(product(FilingStatus, FilingAction)))
def test_an_action_leads_where_the_table_says_and_nowhere_else(
    status: FilingStatus, action: FilingAction
) -> None:
    filing = a_filing(status)

    if (status, action) in TRANSITIONS:
        moved = advance(filing, action)
        assert (moved.status, moved.version) == (TRANSITIONS[status, action], 5)
    else:
        with pytest.raises(ActionNotAllowed):
            advance(filing, action)


def test_a_decided_filing_is_never_left_but_a_refusal_that_is_set_aside() -> None:
    assert not ENDED & {status for status, _ in TRANSITIONS}
    assert {action for status, action in TRANSITIONS if status is FilingStatus.REFUSED} == {
        FilingAction.REOPEN
    }
    assert set(FilingStatus) - {FilingStatus.DRAFT} <= set(TRANSITIONS.values())
