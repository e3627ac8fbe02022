"""Parts of a plan in a few words: a goal's measure, how often something is due; pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from care_plans.documents import duration_text
from care_plans.work import calendar_words, recurrence
from care_plans.work.recurrence import BankHolidays, Recurrence
from devices import kinds

DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
WORKING_DAYS = (0, 1, 2, 3, 4)
BANK_HOLIDAYS: Mapping[BankHolidays, str] = {
    BankHolidays.KEEP: "",
    BankHolidays.SKIP: ", not on bank holidays",
    BankHolidays.NEXT_WORKING_DAY: ", else the next working day",
}


def plain(value: StrEnum) -> str:
    """A choice in plain words: "not progressing"."""
    return value.value.replace("_", " ")


def measure(document: Mapping[str, Any]) -> str:
    """How readings show a goal: "Oxygen at least 88 % on 25 of 30 days"."""
    kind = kinds.get(document["kind"])
    days = f"{document['enough']} of {document['days']} days"
    if document["counts"] == "days_without_event":
        return f"{kind.name}: none on {days}"
    way = "at least" if document["sense"] == "at_least" else "at most"
    return f"{kind.name} {way} {document['target']:g} {kind.unit_words}".rstrip() + f" on {days}"


def how_often(document: Mapping[str, Any]) -> str:
    """How often something is measured: "every day at 10:00", "every 2 h"."""
    if document.get("by") is None:
        return f"every {duration_text(document['every'])}"
    return recurs(document["by"])


def recurs(document: Mapping[str, Any]) -> str:
    """When something falls due: "Mondays and Thursdays at 09:00", "every 28 days at 10:30"."""
    read = recurrence.from_document(document)
    return f"{_days_and_times(read)}{BANK_HOLIDAYS[read.bank_holidays]}{window(read)}"


def window(read: Recurrence) -> str:
    """From when and by when around its time: ", from 2 days before, due 4 h after"."""
    opens = f", from {duration_text(read.opens_before)} before" if read.opens_before else ""
    return f"{opens}, due {duration_text(read.due_within)} after" if read.due_within else opens


def _days_and_times(read: Recurrence) -> str:
    times = " and ".join(f"{time:%H:%M}" for time in read.times)
    if read.rule is not None:
        return f"{calendar_words.said(read.rule, read.starts)} at {times}"
    if read.every_days > 1:
        return f"every {read.every_days} days at {times}"
    days = tuple(sorted(read.weekdays))
    if len(days) == len(DAYS):
        return f"every day at {times}"
    if days == WORKING_DAYS:
        return f"working days at {times}"
    return f"{' and '.join(DAYS[each] for each in days)} at {times}"
