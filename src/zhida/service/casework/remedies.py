"""What can be done about a refusal: the usual words, which the clerk completes."""

from __future__ import annotations

from zhida.guide import wording
from zhida.service.cases.models import Case
from zhida.service.law import library


def remedy_of(case: Case) -> str:
    """复议 (行政复议法: 60 days) and 诉讼 (行政诉讼法: six months); Chinese, as part of a ruling."""
    place = wording.place_name(library(), case.region)
    return (
        f"对本决定不服的，可以自收到本决定之日起六十日内向{place}人民政府申请行政复议，"
        "也可以自收到本决定之日起六个月内依法向人民法院提起行政诉讼。"
    )
