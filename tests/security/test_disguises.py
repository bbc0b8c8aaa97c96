"""Values that a lenient reader takes for what they are not; methods that are not offered."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.web.fields import CivilDate, Instant
from tests.security.conftest import Target
from tests.support.service import ServiceUnderTest


@pytest.mark.parametrize(
    "text", ["0", "1700000000", "-1", "0.5", "1e9", "2026-01-02T00:00:00Z", "2026-1-2", ""]
)
def test_a_number_in_quotes_is_no_date(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(CivilDate).validate_python(text)


@pytest.mark.parametrize(
    "text", ["0", "1700000000", "0.5", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02T03:04Z", ""]
)
def test_a_number_in_quotes_is_no_instant(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python(text)


@pytest.mark.parametrize(
    "text", ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123456+08:00", "2026-01-02t03:04:05z"]
)
def test_an_instant_of_rfc_3339_is_taken(text: str) -> None:
    assert TypeAdapter(Instant).validate_python(text).year == 2026


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("name", ["service", "gateway"])
async def test_a_refused_method_tells_every_method_that_is_offered(
    targets: dict[str, Target], service: ServiceUnderTest, name: str, method: str
) -> None:
    async with targets[name].client() as client:
        answer = await client.request(method, targets[name].path, headers={"X-HTTP-Method-Override": "GET"})

    assert answer.status_code == 405
    assert {each.strip() for each in answer.headers["allow"].split(",")} == {"GET", "POST"}
