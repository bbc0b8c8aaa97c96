"""In whose name a matter is opened or carried on: one's own, as a helper, or at a counter for who came there.

Sources: GW-23 (one case moves between counter and online), GW-16 (accepted at any office), GW-25 (helpers).
"""

from dataclasses import dataclass

from gateway.matters.domain.model import Acceptance
from gateway.matters.use_cases.assistance import is_helper
from shared.identifiers.channel import Channel
from shared.identifiers.uscc import InvalidUscc, parse_uscc
from shared.region import RegionPack
from shared.security.deciding import NotEmpowered, require_counter
from shared.security.principal import Principal, SubjectKind


@dataclass(frozen=True)
class Actor:
    """The caller, the subject in whose name it is, and the counter at which it is done, if at one."""

    caller: Principal
    subject: str
    counter: Acceptance | None = None

    @property
    def enterprise(self) -> str | None:
        """The enterprise in whose name it is: by the token, or who came to the counter for it."""
        if self.counter is None:
            return self.caller.enterprise
        try:
            return parse_uscc(self.subject)
        except InvalidUscc:
            return None

    @property
    def channel(self) -> Channel:
        """By which way this act comes in (办理渠道)."""
        if self.counter is not None:
            return Channel.HALL
        return Channel.AGENT if is_helper(self.caller) else Channel.PORTAL

    def opening_channel(self, stated: Channel) -> Channel:
        """What the client states, but a counter is never the portal."""
        return self.channel if stated is Channel.PORTAL else stated


def actor_of(caller: Principal, on_behalf_of: str | None, pack: RegionPack) -> Actor:
    """Raises: NotEmpowered for who keeps no counter, and for a system that acts for nobody."""
    if on_behalf_of is None:
        if caller.kind is SubjectKind.CLIENT:
            raise NotEmpowered("系统不能以自己的名义办理", "a system does not act in its own name here")
        return Actor(caller, caller.subject)
    regions = require_counter(caller, pack.zones)
    region = caller.office.region if caller.office is not None else regions[0]
    return Actor(caller, on_behalf_of, Acceptance(region, caller.agency))
