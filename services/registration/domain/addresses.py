"""Where an enterprise is, where else it does business, where papers of the law reach it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Domicile:
    """住所: the town's code, the rest of the address, and the promise that it is true (申报承诺制)."""

    division_code: str
    street: str
    commitment: bool


@dataclass(frozen=True)
class FurtherAddress:
    """Another place of business under the same licence (一照多址); `text` is the whole address."""

    division_code: str
    text: str


@dataclass(frozen=True)
class ServiceAddress:
    """法律文书送达地址: where papers of the law reach the enterprise, which answers for it (确认及责任承诺)."""

    text: str = field(repr=False)
    recipient: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class InterimAddress(ServiceAddress):
    """Where they reach it while its business is suspended, `instead_of` the usual place."""

    instead_of: ServiceAddress | None
