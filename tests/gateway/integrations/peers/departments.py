"""Tax, social insurance, housing fund, police (EXT-09, 20, 21, 22): tasks of matters, and what they then tell."""

from .outsider import Json, Outsider


def tax(gateway: str, token: str, uscc: str) -> Json:
    """Clear the taxes of an enterprise that leaves."""
    office = Outsider(gateway, token, "tax")
    done = office.carry_out("tax_clearance", uscc, {"status": "cleared", "number": "140881-2026-000456"})
    office.send("cleared", "uscc", uscc=uscc, cleared_on="2026-11-20")
    return done


def insurance(gateway: str, token: str, uscc: str) -> Json:
    """Close the employer's account; tell how it kept labour law."""
    office = Outsider(gateway, token, "social_insurance")
    done = office.carry_out("social_insurance_closing", uscc, {"closed_on": "2026-11-20"})
    office.send("labour_record_made", "uscc", uscc=uscc, grade="A", year=2026)
    return done


def housing_fund(gateway: str, token: str, uscc: str) -> Json:
    """Close the account of the fund."""
    office = Outsider(gateway, token, "housing_fund")
    return office.carry_out("housing_fund_closing", uscc, {"closed_on": "2026-11-20"})


def police(gateway: str, token: str, uscc: str) -> str:
    """Seals of a new enterprise are filed."""
    return Outsider(gateway, token, "police").send(
        "seals_filed", "uscc", uscc=uscc, filed_on="2026-11-20", count=5
    )
