"""Which kind an enterprise of an old register is: as stated, or as its credit code and its name tell."""

import re
import unicodedata
from typing import Final

from services.registration.domain.import_reasons import Reason, reason
from services.registration.domain.kinds import EnterpriseKind

# Words in the stated kind, the telling ones first. Source: 市场主体类型 as registers print it.
_STATED: Final = (
    ("分支机构", EnterpriseKind.BRANCH),
    ("分公司", EnterpriseKind.BRANCH),
    ("个体", EnterpriseKind.INDIVIDUAL_BUSINESS),
    ("合作社", EnterpriseKind.COOPERATIVE),
    ("合伙", EnterpriseKind.PARTNERSHIP),
    ("个人独资", EnterpriseKind.SOLE_PROPRIETOR_ENTERPRISE),
    ("股份有限", EnterpriseKind.JOINT_STOCK_COMPANY),
    ("有限责任", EnterpriseKind.LIMITED_COMPANY),
    ("有限公司", EnterpriseKind.LIMITED_COMPANY),
)
# Source: GB 32100-2015, characters 1 and 2 of the code; 91 is an enterprise of whichever kind.
_BY_CODE: Final = {"92": EnterpriseKind.INDIVIDUAL_BUSINESS, "93": EnterpriseKind.COOPERATIVE}
_ENTERPRISE: Final = "91"
# How names end, the longer ending first. Source: 公司法 art. 7 and 13; 合伙企业法 arts. 15, 56, 62.
_ENDINGS: Final = (
    ("分公司", EnterpriseKind.BRANCH),
    ("股份有限公司", EnterpriseKind.JOINT_STOCK_COMPANY),
    ("有限责任公司", EnterpriseKind.LIMITED_COMPANY),
    ("有限公司", EnterpriseKind.LIMITED_COMPANY),
    ("普通合伙", EnterpriseKind.PARTNERSHIP),
    ("有限合伙", EnterpriseKind.PARTNERSHIP),
)
_AT_THE_END: Final = re.compile(r"[\s()]+$")


def kind_of(stated: str | None, uscc: str, name: str) -> tuple[EnterpriseKind, Reason | None]:
    """The kind, with a warning where it was inferred; OTHER where nothing tells it.

    A kind stated in other words (集体所有制) is no company, however its name ends.
    """
    read = next((kind for word, kind in _STATED if word in stated), None) if stated else None
    if read is not None:
        return read, None
    inferred = _BY_CODE.get(uscc[:2])
    if inferred is None and stated is None and uscc.startswith(_ENTERPRISE):
        plain = _AT_THE_END.sub("", unicodedata.normalize("NFKC", name))
        inferred = next((kind for ending, kind in _ENDINGS if plain.endswith(ending)), None)
    if inferred is None:
        return EnterpriseKind.OTHER, reason("kind.unknown")
    return inferred, reason("kind.inferred", kind=inferred.value)
