"""Region packs (地区配置包): a city's rules as data, validated on load with file and line."""

from shared.region.agencies import Agency, AgencyLevel, CreditCode, Duty
from shared.region.catalogue import (
    CatalogueItem,
    Nature,
    Openness,
    PublicityPeriod,
    RecordSharing,
    Severity,
)
from shared.region.conditions import Answer, AnswerMissing, AnswerOfWrongType, Condition, evaluate
from shared.region.divisions import (
    Division,
    DivisionLevel,
    DivisionStanding,
    DivisionTable,
    OfficeHours,
    Region,
    Town,
)
from shared.region.facts import Fact, Text
from shared.region.faults import BrokenRegionPack, PackFault
from shared.region.forms import FieldType, FormField, JsonObject, typed_fields
from shared.region.hotline import Category, Hotline, TicketLevel
from shared.region.limits import Parameter, Term, TimeLimit
from shared.region.loader import load_region_pack
from shared.region.matters import DepartmentTask, FreeOffer, Matter, Step, StepKind
from shared.region.pack import NotInRegionPack, RegionPack, UnconfirmedFact
from shared.region.permits import (
    Certificate,
    Commitment,
    Material,
    OnsiteCheck,
    OnsiteTiming,
    PermitItem,
    ReformMode,
)
from shared.region.registration import EnterpriseKind, NameRules, RegistrationRules, Role, ScopeEntry
from shared.region.schemes import ComponentPermit, IndustryScheme, Question, QuestionType
from shared.region.scorecard import Factor, FactorSubject, Grade, Scorecard, WarningRule
from shared.region.sharing import DataResource, FieldClass, Grant, ResourceField, SharingClass

__all__ = [
    "Agency",
    "AgencyLevel",
    "Answer",
    "AnswerMissing",
    "AnswerOfWrongType",
    "BrokenRegionPack",
    "CatalogueItem",
    "Category",
    "Certificate",
    "Commitment",
    "ComponentPermit",
    "Condition",
    "CreditCode",
    "DataResource",
    "DepartmentTask",
    "Division",
    "DivisionLevel",
    "DivisionStanding",
    "DivisionTable",
    "Duty",
    "EnterpriseKind",
    "Fact",
    "Factor",
    "FactorSubject",
    "FieldClass",
    "FieldType",
    "FormField",
    "FreeOffer",
    "Grade",
    "Grant",
    "Hotline",
    "IndustryScheme",
    "JsonObject",
    "Material",
    "Matter",
    "NameRules",
    "Nature",
    "NotInRegionPack",
    "OfficeHours",
    "OnsiteCheck",
    "OnsiteTiming",
    "Openness",
    "PackFault",
    "Parameter",
    "PermitItem",
    "PublicityPeriod",
    "Question",
    "QuestionType",
    "RecordSharing",
    "ReformMode",
    "Region",
    "RegionPack",
    "RegistrationRules",
    "ResourceField",
    "Role",
    "ScopeEntry",
    "Scorecard",
    "Severity",
    "SharingClass",
    "Step",
    "StepKind",
    "Term",
    "Text",
    "TicketLevel",
    "TimeLimit",
    "Town",
    "UnconfirmedFact",
    "WarningRule",
    "evaluate",
    "load_region_pack",
    "typed_fields",
]
