"""Opening an enterprise where the region has another limit and one department more: all of it is the region's word."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.identifiers import compose_uscc, organisation_body
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.test_opening import THEME, enterprise_form
from tests.shared.region.conftest import YONGJI
from tests.support.clock import SettableClock

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in China
MEDICAL = compose_uscc(
    authority="1", body_type="1", division_code="140881", organisation_body=organisation_body("MB9Y", 9001)
)
AGENCY = f"""
  - key: medical_security
    name: {{zh: 示例市医疗保障局, en: "Medical Security Bureau"}}
    uscc: {MEDICAL}
    level: county
    division: "140881"
    duties:
      - {{key: register_medical_insurance, text: {{zh: 医保登记, en: "Registration for medical insurance"}}}}
    contact_unit: {{zh: 参保科, en: "Registration section"}}
    src: own
    confirm: true
"""
TASK = """
      - key: medical_insurance
        title: {zh: 医保登记, en: Registration for medical insurance}
        agency: medical_security
        limit: startup.parallel_steps_limit
        after: [enterprise.registered]
        form_fields: [enterprise_name, uscc, employee_count]
        receives: [enterprise_name, uscc, employee_count]
        src: own
        confirm: true
"""


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock(MONDAY)


@pytest.fixture(scope="module")
def pack_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pack = Path(shutil.copytree(YONGJI, tmp_path_factory.mktemp("region") / "elsewhere"))
    _append(pack / "agencies.yaml", AGENCY)
    matters = (pack / "matters.yaml").read_text(encoding="utf-8")
    head, start, rest = matters.partition("  - key: open_enterprise\n")
    rest = rest.replace("    tasks:\n", f"    tasks:{TASK}", 1)
    (pack / "matters.yaml").write_text(head + start + rest, encoding="utf-8")
    limits = (pack / "limits.yaml").read_text(encoding="utf-8")
    (pack / "limits.yaml").write_text(limits.replace("value: 0.5", "value: 1", 1), encoding="utf-8")
    return pack


def _append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").rstrip("\n") + text, encoding="utf-8")


async def test_the_region_names_the_limit_and_the_departments(front: Front, clock: SettableClock) -> None:
    clock.set(MONDAY)

    matter = await front.opened(theme=THEME, form=enterprise_form())
    begun = await front.until(matter["id"], medical_insurance="assigned", seal="assigned")

    # one working day: until the offices close on the next
    assert datetime.fromisoformat(matter["due_at"]) == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    starts = {task["clock"]["due_at"] for task in begun["tasks"]}
    assert len(starts) == 1
    medical = next(task for task in begun["tasks"] if task["kind"] == "medical_insurance")
    assert medical["agency_uscc"] == MEDICAL
