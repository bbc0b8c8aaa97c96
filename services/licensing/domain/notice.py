"""The one-time notice (一次告知单): everything that an industry asks for, told once, without repetition."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.licensing.domain.rules import Industry, MaterialRule, PermitRule, Wording


@dataclass(frozen=True)
class NoticeCondition:
    """A condition with the permits that set it."""

    text: Wording
    needed_for: tuple[str, ...]


@dataclass(frozen=True)
class NoticeMaterial:
    """A paper with the permits that need it; waived where `shared_from` names who has it."""

    key: str
    name: Wording
    is_main: bool
    needed_for: tuple[str, ...]
    shared_from: str | None


@dataclass(frozen=True)
class Notice:
    """One notice for one set of answers; `version` changes with the rules and with the answers."""

    industry: Industry
    answers: Mapping[str, bool | int]
    conditions: tuple[NoticeCondition, ...]
    materials: tuple[NoticeMaterial, ...]
    waived: tuple[NoticeMaterial, ...]
    pack_version: str
    version: str


def compose_notice(industry: Industry, answers: Mapping[str, bool | int], pack_version: str) -> Notice:
    """Merge the required permits into one notice.

    Source: 湖北一业一证 二（一） (LIC-05): one complete and accurate list of conditions and materials.
    """
    materials = _materials(industry.required)
    return Notice(
        industry=industry,
        answers=dict(answers),
        conditions=_conditions(industry.required),
        materials=tuple(m for m in materials if m.shared_from is None),
        waived=tuple(m for m in materials if m.shared_from is not None),
        pack_version=pack_version,
        version=notice_version(industry.code, answers, pack_version),
    )


def notice_version(industry: str, answers: Mapping[str, bool | int], pack_version: str) -> str:
    """Name a notice by what it depends on: 16 hexadecimal digits of a SHA-256."""
    content = json.dumps([industry, pack_version, answers], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _conditions(rules: Sequence[PermitRule]) -> tuple[NoticeCondition, ...]:
    needed: dict[Wording, list[str]] = {}
    for rule in rules:
        for text in rule.conditions:
            needed.setdefault(text, []).append(rule.item)
    return tuple(NoticeCondition(text, tuple(items)) for text, items in needed.items())


def _materials(rules: Sequence[PermitRule]) -> tuple[NoticeMaterial, ...]:
    """Merge by key, name and source: papers that only share a key stay apart, so that none is dropped."""
    found: dict[tuple[str, Wording, str | None], list[tuple[PermitRule, MaterialRule]]] = {}
    for rule in rules:
        for material in rule.materials:
            found.setdefault((material.key, material.name, material.shared_from), []).append((rule, material))
    return tuple(
        NoticeMaterial(
            key,
            name,
            any(material.is_main for _, material in uses),
            tuple(rule.item for rule, _ in uses),
            shared_from,
        )
        for (key, name, shared_from), uses in found.items()
    )
