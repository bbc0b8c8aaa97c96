"""By which words an item is found: those of its owner, its life events and whoever looks for it."""

from gateway.catalogue.items.domain.needs import Vocabulary
from gateway.catalogue.items.domain.standard import Standard
from gateway.catalogue.items.store.items import Words
from shared.region import RegionPack


def words_of(standard: Standard, owner_uscc: str, region: RegionPack) -> Words:
    """Words beside those of the title."""
    events = [event.title for event in region.service_items.life_events if event.key in standard.life_events]
    owner = region.agency_by_uscc(owner_uscc)
    names = [*events, *((owner.name,) if owner else ())]
    return Words((*standard.needs, *(text for name in names for text in (name.zh, name.en))))


def vocabulary_of(region: RegionPack) -> Vocabulary:
    """What the pack says of people's words."""
    return Vocabulary(region.service_items.synonyms, region.service_items.fillers)
