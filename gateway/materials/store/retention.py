"""What of the files of a case goes when the case's time of retention is over."""

from typing import Final

PURGE_OF_CASES: Final = ("DELETE FROM material_attachment WHERE case_id = ANY (:references)",)
"""Part of the purge of cases, by their ids. A file to which nothing else refers is forgotten soon after."""
