"""Electricity, water, gas, heat (EXT-06, EXT-07): one pattern."""

from .outsider import Json, Outsider

REGISTERED = "cn.tongban.registration.enterprise.registered.v1"


def connect(gateway: str, token: str, system: str, uscc: str) -> str:
    """Hear of a new enterprise, report each step of its connection, tell that it is connected; returns its number."""
    utility = Outsider(gateway, token, system)
    utility.follow(REGISTERED, lambda event: bool(event["subject"] == uscc))
    case_no = f"BZ-{system}-{uscc[-9:]}"
    known = {"case_no": case_no, "uscc": uscc, "title": "报装"}
    utility.send("progressed", "case_no", **known, state="submitted", step="受理", due_on="2026-11-26")
    utility.send("progressed", "case_no", **known, state="in_progress", step="现场勘查")
    utility.send("progressed", "case_no", **known, state="completed", step="装表接通")
    utility.send("connected", "uscc", uscc=uscc, case_no=case_no, connected_on="2026-11-24")
    return case_no


def carry_out(gateway: str, token: str, system: str, uscc: str) -> Json:
    """Carry out the utility's task of the theme 水气热报装."""
    utility = Outsider(gateway, token, system)
    return utility.carry_out(system, uscc, {"contract_number": f"HT-{uscc[-9:]}"})
