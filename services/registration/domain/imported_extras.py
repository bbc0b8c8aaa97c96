"""What some registers state besides: the state of the enterprise, and who stands for it."""

from collections.abc import Sequence
from typing import Final

from services.registration.domain.establishment import Person
from services.registration.domain.import_reasons import Reason, reason
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState, Role
from shared.identifiers import examine_citizen_id

EXTRA_COLUMNS: Final = ("登记状态", "法定代表人", "法定代表人证件号码")
EXTRA_LIMITS: Final = (50, 60, 40)
# Words of registers, the telling ones first: 吊销未注销 is not 注销, 拟注销 not gone yet.
_STATES: Final = (
    ("吊销，已注销", EnterpriseState.DEREGISTERED),
    ("吊销已注销", EnterpriseState.DEREGISTERED),
    ("吊销", EnterpriseState.REVOKED),
    ("责令关闭", EnterpriseState.CLOSED),
    ("撤销", EnterpriseState.ANNULLED),
    ("清算", EnterpriseState.IN_LIQUIDATION),
    ("迁出", EnterpriseState.MOVED_OUT),
    ("拟注销", EnterpriseState.ACTIVE),
    ("注销", EnterpriseState.DEREGISTERED),
    ("歇业", EnterpriseState.SUSPENDED),
    ("停业", EnterpriseState.SUSPENDED),
    ("存续", EnterpriseState.ACTIVE),
    ("在营", EnterpriseState.ACTIVE),
    ("开业", EnterpriseState.ACTIVE),
    ("在册", EnterpriseState.ACTIVE),
    ("正常", EnterpriseState.ACTIVE),
    ("迁入", EnterpriseState.ACTIVE),
)
_PRINCIPALS: Final = {
    EnterpriseKind.INDIVIDUAL_BUSINESS: Role.OPERATOR,
    EnterpriseKind.SOLE_PROPRIETOR_ENTERPRISE: Role.INVESTOR,
}


def read_state(cells: Sequence[str | None]) -> tuple[EnterpriseState | None, Reason | None]:
    """The state as stated, None where nothing is; a word that nobody knows is a reason to refuse the row."""
    stated = cells[0]
    if stated is None:
        return None, None
    found = next((state for word, state in _STATES if word in stated), None)
    return found, None if found else reason("state.unreadable", state=stated)


def read_representative(
    cells: Sequence[str | None], kind: EnterpriseKind
) -> tuple[Person | None, Reason | None]:
    """Who stands for the enterprise; without a sound identity number nobody can be told from another."""
    _, name, number = cells
    if name is None:
        return None, None
    if number is None:
        return None, reason("representative.unidentified")
    if examine_citizen_id(number.upper()):
        return None, reason("representative.number")
    return Person((principal_role(kind),), name, number.upper()), None


def principal_role(kind: EnterpriseKind) -> Role:
    """What an old register's 法定代表人 is to an enterprise of the kind."""
    return _PRINCIPALS.get(kind, Role.LEGAL_REPRESENTATIVE)
