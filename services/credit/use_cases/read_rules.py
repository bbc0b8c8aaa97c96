"""Read the credit rules out of the region pack, once at start."""

from services.credit.domain.catalogue import (
    Catalogue,
    CatalogueItem,
    Elements,
    Nature,
    Openness,
    Severity,
    Sharing,
)
from services.credit.domain.evaluation import Factor, FactorSubject, GradeStep, Scorecard, WarningRule
from services.credit.domain.rules import CreditRules
from services.credit.domain.wording import Wording
from shared import region as pack
from shared.region import RegionPack


def read_rules(region: RegionPack) -> CreditRules:
    """Turn the pack's score card and catalogue into the domain's own."""
    items = {item.key: _item(item, region) for item in region.credit_catalogue}
    return CreditRules(scorecard=_scorecard(region.scorecard), catalogue=Catalogue(items))


def _scorecard(card: pack.Scorecard) -> Scorecard:
    return Scorecard(
        version=card.version,
        base=card.base,
        floor=card.floor,
        ceiling=card.ceiling,
        factors=tuple(
            Factor(f.key, _wording(f.title), FactorSubject(f.subject), f.matches, f.points, f.cap)
            for f in card.factors
        ),
        grades=tuple(GradeStep(g.grade, g.at_least, _wording(g.risk)) for g in card.grades),
        commitment_grades=frozenset(card.commitment_grades),
        warning=WarningRule(frozenset(card.warning.grades), card.warning.drop),
    )


def _item(item: pack.CatalogueItem, region: RegionPack) -> CatalogueItem:
    return CatalogueItem(
        key=item.key,
        elements=Elements(
            title=_wording(item.title),
            conduct=_wording(item.conduct),
            data_source=item.data_source,
            nature=Nature(item.nature),
            severity=None if item.severity is None else Severity(item.severity),
            sharing=Sharing(item.sharing),
            openness=Openness(item.openness),
            least_months=item.publicity.least,
            most_months=item.publicity.most,
            update_cycle=item.update_cycle,
        ),
        providers=frozenset(region.agency(key).uscc for key in item.providers),
        is_penalty=item.is_penalty,
        from_event=item.from_event,
    )


def _wording(text: pack.Text) -> Wording:
    return Wording(text.zh, text.en)
