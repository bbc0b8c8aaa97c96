"""The alert rules as Prometheus would judge them on one metrics page, but for how long a trouble must last."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

_RULES = Path(__file__).parents[2] / "deploy" / "prometheus" / "alerts.yaml"
_NOW = re.compile(r"(abs\()?(\w+)(?:\{(\w+)=\"(\w+)\"\})?\)? (==|>) ([0-9.]+)")
_RATE = re.compile(r"sum by \(\w+\) \(rate\((\w+)\{(\w+)=~\"[^\"]+\"\}\[1m\]\)\) > [0-9.]+")
SCRAPED = "up"
"""Prometheus' own word on whether a page could be read."""


@dataclass(frozen=True)
class Rule:
    """An alert, and what it looks at."""

    name: str
    expression: str

    @property
    def metric(self) -> str:
        """The one metric that it names."""
        found = _NOW.fullmatch(self.expression)
        rate = _RATE.fullmatch(self.expression)
        if self.expression.startswith(f"{SCRAPED}{{"):
            return SCRAPED
        assert found or rate, f"{self.name} is of no known shape: {self.expression}"
        return found[2] if found else rate[1] if rate else ""

    def holds_of(self, sample: Sample) -> bool:
        """Whether a sample is the trouble; what takes two pages to see is left out."""
        found = _NOW.fullmatch(self.expression)
        if found is None or sample.name != found[2]:
            return False
        if found[3] is not None and sample.labels.get(found[3]) != found[4]:
            return False
        value = abs(sample.value) if found[1] else sample.value
        return value == float(found[6]) if found[5] == "==" else value > float(found[6])


@cache
def rules() -> tuple[Rule, ...]:
    """All rules of the file."""
    groups = yaml.safe_load(_RULES.read_text())["groups"]
    return tuple(Rule(each["alert"], each["expr"]) for group in groups for each in group["rules"])


def samples_of(page: str, service: str) -> list[Sample]:
    """What a page says of a service: pages of one process show all services that ran in it."""
    families = text_string_to_metric_families(page)
    found = [sample for family in families for sample in family.samples]
    return [each for each in found if each.labels.get("service", service) == service]


def firing(page: str, service: str) -> set[str]:
    """Names of the alerts that a metrics page gives reason for."""
    samples = samples_of(page, service)
    return {rule.name for rule in rules() if any(rule.holds_of(each) for each in samples)}
