"""Keeps fees off what is free of charge: a pack that has such a fee does not start the worker."""

from collections.abc import Iterator
from typing import Final

from gateway.payments.domain.errors import FeeForFreeService
from gateway.payments.domain.free_of_charge import Fee, wrongly_charged
from shared.region import RegionPack

FREE_OF_CHARGE: Final = "fees.free_of_charge"


def check_fees(region: RegionPack) -> None:
    """Raises: FeeForFreeService with every part. Source: NFR-15."""
    free = region.parameter(FREE_OF_CHARGE).value
    wrong = wrongly_charged(_fees(region), free if isinstance(free, tuple) else ())
    if wrong:
        raise FeeForFreeService(wrong)


def _fees(region: RegionPack) -> Iterator[Fee]:
    for theme in region.matters:
        yield from (Fee(theme.key, step.key, step.fee_fen) for step in theme.steps)
        yield from (Fee(theme.key, task.key, task.fee_fen) for task in theme.tasks)
