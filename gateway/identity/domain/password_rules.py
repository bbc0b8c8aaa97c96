"""What a new password must be: long, not the name, not one that everybody tries first.

Source: NIST SP 800-63B section 3.1.1.2 (length and a list of common ones, no rules of composition).
"""

import itertools
from enum import StrEnum
from typing import Final

SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 256


class PasswordFault(StrEnum):
    """What is wrong with a new password."""

    TOO_SHORT = "password_too_short"
    TOO_LONG = "password_too_long"
    LIKE_NAME = "password_like_name"
    COMMON = "password_common"


# Those with ten characters or more that lead the published lists of stolen passwords, Chinese ones among them.
_COMMON_ONES: Final = """
0123456789 1234567890 12345678910 123456789a 1234567890a 123456789abc 1234567891 12345678901 0987654321
987654321a 9876543210 1122334455 1212121212 1231231231 1234554321 147258369a 1472583690 3141592653
5201314520 520131420a 5845201314 7758521521 1314520520 1357924680 a123456789 aa12345678 aa123456789
abc1234567 abc123456789 abcd123456 abcd1234567 abcd12345678 abcdefghij abcdefg123 abcdefghijk admin12345
admin123456 adminadmin administrator asdfghjkl123 asdfghjkl; asdfasdfasdf asdf123456 changeme123
computer123 football123 iloveyou123 iloveyou1314 iloveyou520 internet123 letmein123 letmein1234
mypassword passw0rd123 password10 password11 password12 password123 password1234 password12345
passwordpassword q123456789 q1w2e3r4t5 q1w2e3r4t5y6 qaz123456789 qazwsx123456 qazwsxedcr qazwsxedcrfv
qq123456789 qwe123456789 qwer123456 qwer12345678 qwert12345 qwerty12345 qwerty123456 qwertyuiop
qwertyuiop123 qwertyuiop[] root123456 sunshine123 superman123 test123456 w123456789 wang123456 welcome123
welcome1234 woaini1314 woaini13145 woaini1314520 woaini5201 woaini520520 woaini521521 woaini520
xiaoming123 z123456789 zaq12wsxcde3 zhang123456 zxcvbnm123 zxcvbnm1234 zxcvbnm12345 1q2w3e4r5t
1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc 12qwaszx34 zaq1zaq1zaq1 p@ssw0rd123 p@ssword123 admin@12345
admin@123456 abc@123456 aa@123456789 qwer@12345 huawei@123 zxcvbnm,./ tongban123 tongban1234 tongban12345
"""
_COMMON: Final = frozenset(_COMMON_ONES.split())

# What is put before or behind a name so that it looks like a password.
_ADDED: Final = "0123456789!@#$.-_ "


def password_fault(password: str, username: str) -> PasswordFault | None:
    """Return what is wrong with a new password, or None; lengths count characters (Unicode code points)."""
    folded, name = password.casefold(), username.casefold()
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.TOO_LONG
    if folded == name or (name and folded.strip(_ADDED) == name):
        return PasswordFault.LIKE_NAME
    if folded in _COMMON or _is_run(folded):
        return PasswordFault.COMMON
    return None


def _is_run(text: str) -> bool:
    """One character again and again, or each the next of the one before: 8888888888, abcdefghijkl."""
    apart = {ord(second) - ord(first) for first, second in itertools.pairwise(text)}
    return len(apart) == 1 and apart <= {-1, 0, 1}
