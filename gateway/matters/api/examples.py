"""A whole form of a theme, for the API's documentation; the persons are made up."""

from typing import Any, Final

RESTAURANT_FORM: Final[dict[str, Any]] = {
    "enterprise_name": "永济市禾苗餐饮有限公司",
    "enterprise_kind": "limited_liability_company",
    "division_code": "140881",
    "address": "永济市城西街道河东大道18号",
    "premises_area_m2": 180,
    "scope_codes": ["H6210-01"],
    "capital_fen": 50_000_000,
    "people": [
        {"role": "legal_representative", "name": "张三", "id_number": "140881199001010010"},
        {"role": "shareholder", "name": "张三", "id_number": "140881199001010010"},
    ],
    "contact_phone": "13900000001",
    "employee_count": 8,
    "seal_kinds": ["企业名称印章"],
    "taxpayer_type": "small_scale",
    "invoice_kinds": ["增值税普通发票"],
    "housing_fund_rate_percent": 5,
    "account_purpose": "日常经营结算",
    "answers": {
        "floor_area_m2": 180,
        "sells_tobacco": False,
        "discharges_to_sewer": False,
        "is_assembly_place": True,
    },
    "permits": {
        "food_operation": {
            "food_business_items": ["热食类食品制售"],
            "kitchen_area_m2": 40,
            "food_safety_manager": "李四",
        },
        "signboard": {"signboard_text": "禾苗小馆", "signboard_width_cm": 300, "signboard_height_cm": 80},
        "fire_check": {
            "assembly_floor": 1,
            "capacity_people": 80,
            "safety_exit_count": 2,
            "has_automatic_fire_facilities": False,
        },
    },
}
