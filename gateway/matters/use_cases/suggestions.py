"""What may come next for an enterprise (主动推送): themes of the next stage of its life, permits that fit its scope.

Source: GW-21. Nothing is kept: what the register told and the region's rules of today give the answer.
"""

from dataclasses import dataclass

from gateway.matters.store.cases import CaseStore
from gateway.matters.store.enterprises import KnownEnterprise
from shared import region
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack, ThemeSubject


@dataclass(frozen=True)
class Suggestions:
    """Themes not opened for it yet, and industry schemes whose scope it has."""

    enterprise: KnownEnterprise
    themes: tuple[region.Matter, ...]
    schemes: tuple[region.IndustryScheme, ...]


async def suggest(enterprise: KnownEnterprise, pack: RegionPack, uow: UnitOfWork) -> Suggestions:
    """For an enterprise in the register."""
    opened = await CaseStore(uow.session).themes_of(enterprise.uscc)
    stages = _next_stages(pack)
    themes = (
        theme
        for theme in pack.matters
        if theme.stage in stages and theme.is_for_registered and theme.key not in opened
    )
    done = {theme.scheme for theme in pack.matters if theme.key in opened}
    scope = set(enterprise.scope_codes)
    schemes = (
        scheme for scheme in pack.schemes if scope & set(scheme.scope_codes) and scheme.key not in done
    )
    return Suggestions(enterprise, tuple(themes), tuple(schemes))


def _next_stages(pack: RegionPack) -> frozenset[str]:
    """What follows the stage in which enterprises are made; without such themes, nothing is near."""
    made_in = {theme.stage for theme in pack.matters if theme.makes_enterprise}
    return frozenset(
        following
        for stage in pack.handling.stages
        if stage.key in made_in and stage.subject is ThemeSubject.ENTERPRISE
        for following in stage.following
    )
