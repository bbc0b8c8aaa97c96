"""In whose name a matter is opened or carried on: one's own, as a helper, or at a counter for who came there.

Sources: GW-23 (one case moves between counter and online), GW-16 (accepted at any office), GW-25 (helpers).
"""

from dataclasses import dataclass
from typing import Final

from gateway.matters.domain.model import Acceptance
from gateway.matters.domain.register_facts import FilingAgent
from gateway.matters.use_cases.assistance import is_helper
from shared.identifiers.channel import Channel
from shared.identifiers.uscc import InvalidUscc, parse_uscc
from shared.region import RegionPack
from shared.security.deciding import NotEmpowered, require_counter
from shared.security.principal import Principal, SubjectKind

FILES_FOR_FOUNDERS: Final = "file_for_founders"
"""The duty of an institution that files for founders, free of charge."""


@dataclass(frozen=True)
class Actor:
    """The caller, the subject in whose name it is, and the counter at which it is done, if at one.

    `agent` is an institution that files new enterprises for their founders (代办). Source: REG-40 (运城方案 （一）3).
    """

    caller: Principal
    subject: str
    counter: Acceptance | None = None
    agent: FilingAgent | None = None

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
        is_for_another = is_helper(self.caller) or self.agent is not None
        return Channel.AGENT if is_for_another else Channel.PORTAL

    def opening_channel(self, stated: Channel) -> Channel:
        """What the client states, but a counter is never the portal."""
        return self.channel if stated is Channel.PORTAL else stated


def actor_of(caller: Principal, on_behalf_of: str | None, pack: RegionPack) -> Actor:
    """Raises: NotEmpowered for who neither keeps a counter nor files for founders, and for a system for nobody."""
    if on_behalf_of is None:
        if caller.kind is SubjectKind.CLIENT:
            raise NotEmpowered("系统不能以自己的名义办理", "a system does not act in its own name here")
        return Actor(caller, caller.subject)
    agency = pack.agency_by_uscc(caller.agency or "")
    if caller.kind is SubjectKind.CLIENT and agency is not None and agency.has_duty(FILES_FOR_FOUNDERS):
        return Actor(caller, on_behalf_of, agent=FilingAgent(caller.client_id, agency.uscc))
    regions = require_counter(caller, pack.zones)
    region = caller.office.region if caller.office is not None else regions[0]
    return Actor(caller, on_behalf_of, Acceptance(region, caller.agency))
