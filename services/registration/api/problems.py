"""Domain errors and the problems that they are told as."""

from shared.web.problems import ProblemTable

PROBLEMS: ProblemTable = {}
