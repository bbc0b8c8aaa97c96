"""What lists filter by and figures count: each property of an item as one short text, all in one index."""

from collections.abc import Iterator

from gateway.catalogue.items.domain.standard import Standard
from shared.security.office import OfficeLevel, level_of

COMPLETE = "complete"
CROSSING = "crossing"
ONLINE_FULL = "online_full"
INSTANT = "instant"
ZERO_MATERIAL = "zero_material"


def facet(name: str, value: str) -> str:
    """A property with its value, such as `level:town`."""
    return f"{name}:{value}"


def open_at(place: str) -> tuple[str, str]:
    """Any of these has an item that can be handled at a town or village: open at all of its level, or named."""
    return facet("open", level_of(place).value), facet("at", place)


def facets_of(standard: Standard, owner_uscc: str) -> frozenset[str]:
    """Return all properties of a standard."""
    return frozenset(_facets(standard, owner_uscc))


def is_complete(standard: Standard) -> bool:
    """Whether conditions, basis, criteria, steps and channels are all stated (标准化). Source: NFR-05."""
    stated = (standard.conditions, standard.legal_basis, standard.criteria, standard.steps, standard.channels)
    return all(stated)


def _facets(standard: Standard, owner_uscc: str) -> Iterator[str]:
    yield facet("owner", owner_uscc)
    yield facet("type", standard.item_type.value)
    yield facet("system", standard.handling_system)
    yield from (facet("level", level.value) for level in standard.levels)
    yield from (facet("channel", channel.value) for channel in standard.channels)
    yield from (facet("subject", subject.value) for subject in standard.subjects)
    yield from (facet("life_event", event) for event in standard.life_events)
    yield from (facet("at", place) for place in standard.places)
    yield from (facet("open", level.value) for level in standard.levels if _is_open_at_all(standard, level))
    demanded = (material.proof for material in standard.materials if material.is_demanded)
    yield from (facet("proof", proof) for proof in demanded if proof is not None)
    if standard.cross_region is not None:
        yield facet("cross_region", standard.cross_region.value)
    flags = {
        COMPLETE: is_complete(standard),
        CROSSING: standard.cross_region is not None,
        ONLINE_FULL: standard.online_full,
        INSTANT: standard.is_instant,
        ZERO_MATERIAL: standard.zero_material,
    }
    yield from (name for name, holds in flags.items() if holds)


def _is_open_at_all(standard: Standard, level: OfficeLevel) -> bool:
    return not any(level_of(place) is level for place in standard.places)
