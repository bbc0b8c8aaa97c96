"""Systems that tell what became of something (EXT-01, 02, 08, 10, 11, 13 to 18, 25, 35): one event each, or two."""

from .outsider import Outsider

DAY = "2026-11-20"


def construction(gateway: str, token: str, uscc: str) -> list[str]:
    """A stage of a project is approved, then its acceptance is passed."""
    approval, project = Outsider(gateway, token, "construction"), "2026-140881-48-01-000123"
    stage = {"project_code": project, "uscc": uscc, "stage": "construction_permit", "completed_on": DAY}
    passed = {"project_code": project, "uscc": uscc, "passed_on": DAY}
    return [
        approval.send("stage_completed", "project_code", **stage),
        approval.send("acceptance_passed", "project_code", **passed),
    ]


def bidding(gateway: str, token: str, uscc: str) -> list[str]:
    """Misconduct in bidding."""
    said = {"document_number": "永招决〔2026〕5号", "decided_on": DAY, "what": "串通投标"}
    return [Outsider(gateway, token, "bidding").send("misconduct_found", "uscc", uscc=uscc, **said)]


def court(gateway: str, token: str, uscc: str) -> list[str]:
    """A ruling in bankruptcy, and a dishonest executee."""
    bankruptcy, enforcement = (Outsider(gateway, token, key) for key in ("court_bankruptcy", "court"))
    ruling = {"case_number": "（2026）晋0881破1号", "ruling": "accepted", "ruled_on": DAY}
    listed = {"case_number": "（2026）晋0881执123号", "listed_on": DAY}
    return [
        bankruptcy.send("bankruptcy_ruled", "uscc", uscc=uscc, **ruling),
        enforcement.send("dishonest_executee_listed", "uscc", uscc=uscc, **listed),
    ]


def finance(gateway: str, token: str, uscc: str) -> list[str]:
    """A product was matched; nothing of the loan is told."""
    matched = {"product": "信易贷", "matched_on": DAY}
    return [Outsider(gateway, token, "finance").send("product_matched", "uscc", uscc=uscc, **matched)]


def customs(gateway: str, token: str, uscc: str) -> list[str]:
    """A declarant is filed and becomes an approved exporter."""
    office = Outsider(gateway, token, "customs")
    return [
        office.send("declarant_filed", "uscc", uscc=uscc, customs_code="1409960ABC", filed_on=DAY),
        office.send("exporter_status_changed", "uscc", uscc=uscc, status="granted", valid_until="2029-11-19"),
    ]


def supervision(gateway: str, token: str, _uscc: str) -> list[str]:
    """The result of a supervised ticket comes back."""
    result = {"ticket_number": "HL-140881-20261120-000001-7", "result": "已办结", "returned_on": DAY}
    return [Outsider(gateway, token, "supervision_13710").send("result_returned", "ticket_number", **result)]


def realestate(gateway: str, token: str, uscc: str) -> list[str]:
    """A unit is transferred: the utilities hear of it."""
    unit = {"unit_number": "140881001002GB00012F00010001", "to_uscc": uscc, "transferred_on": DAY}
    return [Outsider(gateway, token, "realestate").send("transferred", "unit_number", **unit)]


def park(gateway: str, token: str, uscc: str) -> list[str]:
    """The park's own platform tells where its case stands."""
    case = {
        "case_no": f"YQ-{uscc[-9:]}",
        "uscc": uscc,
        "title": "入园",
        "state": "in_progress",
        "step": "受理",
    }
    return [Outsider(gateway, token, "smart_park").send("progressed", "case_no", **case)]
