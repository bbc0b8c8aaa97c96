"""How refusals of reports, publicity and the list of abnormal operations are told."""

from http import HTTPStatus
from typing import Final

from services.registration.domain import publicity_errors as errors
from shared.web.problems import ProblemTable, ProblemType

PUBLICITY_PROBLEMS: Final[ProblemTable] = {
    errors.ReportNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "report-not-found", "没有此年度报告", "There is no such annual report"
    ),
    errors.ListingNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "listing-not-found", "没有此列入记录", "There is no such entry of the list"
    ),
    errors.DisclosureNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "disclosure-not-found",
        "没有此公示信息或者责令",
        "There is no such disclosure or order",
    ),
    errors.NotTheSupervisor: ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-the-supervisor",
        "仅限负责信息公示监管的部门",
        "Only the agency that supervises publicity may do this",
    ),
    errors.ReportFaulty: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "report-faulty",
        "年度报告内容不符合要求",
        "The annual report is not as expected",
    ),
    errors.KnownFieldChanged: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "known-field-changed",
        "登记信息不能通过年度报告更改",
        "What the register knows is not changed by an annual report",
        "请先办理变更登记或者备案，再报送年度报告。",
        "File the alteration or the record first, then the report.",
    ),
    errors.ReportNotTaken: ProblemType(
        HTTPStatus.CONFLICT,
        "report-not-taken",
        "该年度的年度报告现在不受理",
        "No annual report for this year is taken from this enterprise now",
        "{year} 年度报告自次年1月1日起受理，设立登记的次年首次报送。",
        "The report for {year} is taken from 1 January of the next year, the first in the year after establishment.",
    ),
    errors.ReportFiled: ProblemType(
        HTTPStatus.CONFLICT,
        "report-filed",
        "该年度的年度报告已报送",
        "The annual report for this year was filed",
        "见 {where}；6月30日前可以更正。",
        "It is at {where}; it may be corrected until 30 June.",
    ),
    errors.ReportMoveNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "report-move-not-allowed",
        "年度报告当前状态不允许此操作",
        "The annual report stands where this cannot be done",
        "更正应当在6月30日之前完成。",
        "Corrections end on 30 June.",
    ),
    errors.AskedAlready: ProblemType(
        HTTPStatus.CONFLICT,
        "asked-already",
        "该数据已经报送或者已经要求报送，不得重复要求",
        "These data were reported, or asked for, already",
        "数据见 {where}。",
        "They are at {where}.",
    ),
    errors.ListingMoveNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "listing-move-not-allowed",
        "列入记录当前状态不允许此操作",
        "The entry stands where this cannot be done",
        "当前状态为 {listing_state}，不能执行 {move}。",
        "The entry is {listing_state}; {move} is not possible.",
    ),
    errors.ListedAlready: ProblemType(
        HTTPStatus.CONFLICT,
        "listed-already",
        "已因同一事由列入或者待确认",
        "The enterprise is listed, or proposed, for the same cause",
    ),
    errors.GroundsMissing: ProblemType(
        HTTPStatus.CONFLICT,
        "grounds-missing",
        "列入事由的依据不足",
        "The cause is not made out",
        "{because_zh}。",
        "{because_en}.",
    ),
    errors.ObjectionTooLate: ProblemType(
        HTTPStatus.CONFLICT,
        "objection-too-late",
        "异议期已过或者已提出过异议",
        "The time for objections is over, or one was raised before",
    ),
}
