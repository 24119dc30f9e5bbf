"""National standards that are algorithms: check digits, region codes, working days."""

from zhida.standards.identifiers import (
    birth_date,
    id_number_check_character,
    id_number_problem,
    sex,
    uscc_check_character,
    uscc_problem,
)
from zhida.standards.regions import NATION, ancestors, is_region_code
from zhida.standards.workdays import Calendar, CalendarExhausted

__all__ = [
    "NATION",
    "Calendar",
    "CalendarExhausted",
    "ancestors",
    "birth_date",
    "id_number_check_character",
    "id_number_problem",
    "is_region_code",
    "sex",
    "uscc_check_character",
    "uscc_problem",
]
