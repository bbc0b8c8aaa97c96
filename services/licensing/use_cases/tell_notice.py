"""Tell the one-time notice (一次告知) of an industry for a set of answers."""

from collections.abc import Mapping
from typing import Any

from services.licensing.domain.notice import Notice, compose_notice
from services.licensing.use_cases.check_input import demand, schema_faults
from services.licensing.use_cases.office import Office
from services.licensing.use_cases.rulebook import industry_for, scheme_of


def tell_notice(industry_code: str, answers: Mapping[str, Any], office: Office) -> Notice:
    """Raises IndustryUnknown, InputRefused with a fault for each wrong or missing answer."""
    scheme = scheme_of(office.region, industry_code)
    demand(schema_faults(scheme.answers_schema(), answers, "/answers"))
    industry = industry_for(office.region, industry_code, answers)
    return compose_notice(industry, answers, office.region.version)
