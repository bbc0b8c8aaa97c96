"""Sign-in with an electronic business licence (以电子营业执照登录): what is shown to a wallet, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SHOWN_WITHIN: Final = timedelta(minutes=10)


class LicenceFault(StrEnum):
    """Why a sign-in with a licence came to nothing; shown to the person as a code."""

    NOT_OFFERED = "licence_not_offered"
    WALLET_AWAY = "licence_wallet_away"
    REGISTER_AWAY = "licence_register_away"
    DECLINED = "licence_declined"
    NOT_GOOD = "licence_not_good"
    BAD_WORD = "licence_bad_word"


@dataclass(eq=False)
class LicenceSignInRefused(Exception):
    """The sign-in came to nothing; `why` is for logs, `uscc` names the enterprise where it is known."""

    fault: LicenceFault
    why: str = ""
    uscc: str | None = None


@dataclass(frozen=True)
class WalletSession:
    """What a wallet waits for: the person scans the content as a QR code and shows a licence."""

    session_id: str = field(repr=False)
    qr_content: str = field(repr=False)


@dataclass(frozen=True)
class BegunWithLicence:
    """A sign-in under way, as the browser that began it carries it, sealed."""

    shown_to: WalletSession
    begun_at: datetime
    way: Mapping[str, str]
    """Where to go afterwards."""


class WalletState(StrEnum):
    """What a wallet says of a session."""

    WAITING = "waiting"
    SHOWN = "shown"
    REFUSED = "refused"


@dataclass(frozen=True)
class WalletAnswer:
    """What came of a session; a licence that was shown comes with the wallet's signed word for it."""

    state: WalletState
    assertion: str = field(default="", repr=False)
