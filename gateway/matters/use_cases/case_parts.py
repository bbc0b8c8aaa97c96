"""Which parts of a theme are in a case, by what its form says and how its enterprise stands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from gateway.matters.domain.filing_request import SCOPE
from gateway.matters.store.enterprises import KnownEnterprise
from shared import region
from shared.region import RegionPack
from shared.web.problems import FieldFault

_IN_NORMAL_STATE: Final = "active"


def facts_of(pack: RegionPack, form: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """What parts depend on, by the names of form fields: what was typed, and what the register knows."""
    told = {
        field.key: known[field.source]
        for field in pack.form_fields
        if field.source is not None and field.source in known
    }
    return told | dict(form)


def steps_in(theme: region.Matter, facts: Mapping[str, Any]) -> list[region.Step]:
    """The steps that the facts call for."""
    return [step for step in theme.steps if _is_called_for(step, facts)]


def tasks_in(
    theme: region.Matter, facts: Mapping[str, Any], *, is_clear: bool
) -> list[region.DepartmentTask]:
    """The same of tasks; of an enterprise that is clear, without those that only settle what is open."""
    called_for = (task for task in theme.tasks if _is_called_for(task, facts))
    return [task for task in called_for if not (is_clear and task.spared_when_clear)]


def is_clear(enterprise: KnownEnterprise | None, unsettled: Sequence[str]) -> bool:
    """In normal state, with nothing open (正常户且无未办结事项). Source: REG-18 (山西规划 #30)."""
    return enterprise is not None and enterprise.state == _IN_NORMAL_STATE and not unsettled


def merged_filings(pack: RegionPack, theme: region.Matter) -> tuple[region.MergedFiling, ...]:
    """What the licence of the new enterprise stands for (多证合一); the register tells the departments."""
    return pack.registration.merged_filings if theme.makes_enterprise else ()


def scope_of(pack: RegionPack, theme: region.Matter, form: Mapping[str, Any]) -> list[str]:
    """The codes of the business scope that was typed; none where the theme asks for none."""
    fields = (name for name in theme.shared_fields if pack.form_field(name).source == SCOPE)
    return next((list(form.get(name, ())) for name in fields), [])


def parts_changed(
    theme: region.Matter, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[FieldFault]:
    """A correction leaves the parts as they are: who wants others withdraws, and opens anew."""
    conditions = (each for part in theme.parts for each in part.only_if)
    for field in dict.fromkeys(each.field for each in conditions if each.holds(before) != each.holds(after)):
        yield FieldFault(
            f"/form/{field}",
            "parts-fixed",
            "办理环节已确定，如需更改请撤回后重新申报",
            "the parts of the matter stand: withdraw it and open another one to change them",
        )


def _is_called_for(part: region.Part, facts: Mapping[str, Any]) -> bool:
    return all(each.holds(facts) for each in part.only_if)
