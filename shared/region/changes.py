"""What the city says of changes of a registered enterprise: alteration, record, relocation between registrars."""

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field

from shared.region.agencies import CreditCode
from shared.region.facts import DivisionCode, Fact, Key, Line, Record, Text
from shared.region.names import LimitRef

RESTRICTING: Final = "restrict_migration"


class RefusalReason(Fact):
    """A reason for which a filing may be refused, or a file not be handed over."""

    key: Key
    text: Text


class PublicKey(Record):
    """A public key for ES256 (RFC 7517), as its owner publishes it."""

    kty: Annotated[str, Field(pattern=r"^EC$")]
    crv: Annotated[str, Field(pattern=r"^P-256$")]
    x: Line
    y: Line
    kid: Line


class OtherRegistrar(Fact):
    """Another registrar with which files are exchanged (迁出地、迁入地登记机关), and the keys that it signs with."""

    uscc: CreditCode
    name: Text
    division: DivisionCode
    keys: Annotated[tuple[PublicKey, ...], Field(max_length=10)] = ()


class ChangeRules(Fact):
    """Limits, reasons, and with whom files are exchanged."""

    alteration_limit: LimitRef
    permit_lost_limit: LimitRef
    creditor_notice: LimitRef
    record_limit: LimitRef
    cooperative_members_limit: LimitRef
    hand_over_limit: LimitRef
    paper_files_limit: LimitRef
    refusal_reasons: Annotated[tuple[RefusalReason, ...], Field(min_length=1, max_length=50)]
    other_registrars: Annotated[tuple[OtherRegistrar, ...], Field(max_length=500)] = ()

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Moving away is nobody's to restrict (REG-16), so no reason may say so."""
        keys = [reason.key for reason in self.refusal_reasons]
        for place, key in enumerate(keys):
            if key == RESTRICTING:
                yield ("refusal_reasons", place, "key"), "moving may not be restricted"
            elif keys.index(key) != place:
                yield ("refusal_reasons", place, "key"), f"'{key}' stands twice"
        codes = [other.uscc for other in self.other_registrars]
        for place, code in enumerate(codes):
            if codes.index(code) != place:
                yield ("other_registrars", place, "uscc"), f"'{code}' stands twice"
