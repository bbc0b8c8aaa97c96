"""Refusals of this part and the problems that they are told as."""

from http import HTTPStatus

from gateway.materials.domain.material import FileNotTaken, MaterialInUse, MaterialNotFound
from shared.security.deciding import NotEmpowered
from shared.web.problems import NOT_EMPOWERED, ProblemTable, ProblemType

PROBLEMS: ProblemTable = {
    NotEmpowered: NOT_EMPOWERED,
    MaterialNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "material-not-found", "未找到此材料", "No such material"
    ),
    MaterialInUse: ProblemType(
        HTTPStatus.CONFLICT,
        "material-in-use",
        "材料已用于办件，不能删除",
        "The material belongs to a case and stays",
    ),
    FileNotTaken: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "file-not-taken",
        "文件为空、不完整，或与所声明的类型不符",
        "The file is empty, cut off, or not of the type that it is said to be",
        "原因：{reason_code}。",
        "Reason: {reason_code}.",
    ),
}
