"""Why a row of an existing register was refused, held to differ, or taken over with a warning."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Reason:
    """A stable code with its wording; `refuses` tells a refusal from a warning."""

    code: str
    text_zh: str
    text_en: str
    refuses: bool


_REFUSALS: Final = {
    "row.blank": ("空行", "the row is blank"),
    "row.columns": ("应有 {expected} 列，实有 {count} 列", "{expected} columns are expected, {count} found"),
    "cell.too_long": ("“{column}”超过 {limit} 个字符", "{column} has more than {limit} characters"),
    "cell.unreadable": ("“{column}”含有无法识别的字符", "{column} contains characters that cannot be read"),
    "name.missing": ("缺少企业名称", "the name is missing"),
    "uscc.missing": ("缺少统一社会信用代码", "the unified social credit code is missing"),
    "uscc.registration_number_13": (
        "这是 13 位旧工商注册号，不是统一社会信用代码",
        "this is an old 13-digit business registration number, not a unified social credit code",
    ),
    "uscc.registration_number_15": (
        "这是 15 位旧工商注册号，不是统一社会信用代码",
        "this is an old 15-digit business registration number, not a unified social credit code",
    ),
    "uscc.organisation_code": (
        "这是组织机构代码，不是统一社会信用代码",
        "this is an organisation code, not a unified social credit code",
    ),
    "uscc.citizen_id": (
        "这是公民身份号码，不是统一社会信用代码",
        "this is a citizen identity number, not a unified social credit code",
    ),
    "uscc.length": ("统一社会信用代码应为 18 位", "a unified social credit code has 18 characters"),
    "uscc.alphabet": (
        "统一社会信用代码第 {position} 位不是允许的字符",
        "character {position} of the unified social credit code is not allowed",
    ),
    "uscc.authority": (
        "登记管理部门代码（第 1 位）不正确",
        "the registering authority (character 1) is wrong",
    ),
    "uscc.body_type": ("机构类别代码（第 2 位）不正确", "the type of body (character 2) is wrong"),
    "uscc.division_code": ("行政区划码（第 3 至 8 位）不正确", "the division (characters 3 to 8) is wrong"),
    "uscc.check_character": (
        "统一社会信用代码校验码（第 18 位）不正确，应为 {expected}",
        "the last check character is wrong, {expected} is expected",
    ),
    "date.unreadable": ("注册日期无法识别", "the date of registration cannot be read"),
    "date.future": ("注册日期在今天之后", "the date of registration lies in the future"),
    "row.repeated": ("前面已有同一代码的行", "a row before has the same code"),
    "state.unreadable": (
        "登记状态“{state}”无法识别",
        "the state cannot be read: {state}",
    ),
    "row.differs_in_file": (
        "与本文件第 {line} 行代码相同而内容不同：{columns}",
        "line {line} of this file has the same code and other content: {columns}",
    ),
    "row.differs_from_register": (
        "与登记簿中同一代码的内容不同，未覆盖：{columns}",
        "the register holds other content under this code and was not overwritten: {columns}",
    ),
}
_WARNINGS: Final = {
    "uscc.organisation_check_character": (
        "组织机构代码校验位（第 17 位）应为 {expected}，按原代码导入",
        "the inner organisation-code digit (character 17) should be {expected}; taken over as it is",
    ),
    "uscc.rewritten": ("代码已改为半角大写", "the code was rewritten in half-width capitals"),
    "division.unknown": (
        "行政区划码 {division} 不属于任何省份",
        "division {division} belongs to no province",
    ),
    "date.missing": ("没有注册日期", "there is no date of registration"),
    "date.implausible": ("注册日期不合常理，未导入日期", "the date is implausible and was left out"),
    "representative.unidentified": (
        "没有法定代表人的公民身份号码，未导入法定代表人",
        "the legal representative has no identity number and was left out",
    ),
    "representative.number": (
        "法定代表人的公民身份号码不正确（GB 11643），未导入法定代表人",
        "the legal representative's identity number is not sound (GB 11643); left out",
    ),
    "kind.inferred": (
        "企业类型未写明，按统一社会信用代码和名称认定为 {kind}",
        "the kind is not stated; by its code and name it is {kind}",
    ),
    "kind.unknown": (
        "企业类型无法识别，记为 other；更正前不发营业执照",
        "the kind cannot be told and is kept as other; no licence is issued until it is corrected",
    ),
    "capital.unreadable": ("注册资金无法换算，按原文保留", "the capital cannot be converted; kept as stated"),
}


def reason(code: str, **values: object) -> Reason:
    """Build a reason from its code; wording comes from the tables."""
    refuses = code in _REFUSALS
    zh, en = _REFUSALS[code] if refuses else _WARNINGS[code]
    return Reason(code, zh.format(**values), en.format(**values), refuses)
