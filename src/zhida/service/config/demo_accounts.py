"""Who logs in to the demo county: shown on its log-in page, and nowhere else does any of them exist."""

from __future__ import annotations

PASSWORD = "Zhida-Demo-91"
"""Known to everybody: it opens nothing but the demonstration."""
RESTAURANT, AGENT = "canguan@demo.example", "daili@demo.example"
GRADUATE, NEWCOMER = "biyesheng@demo.example", "xinren@demo.example"

ACCOUNTS: tuple[tuple[str, str, str], ...] = (
    (RESTAURANT, PASSWORD, "申请人：十个人的餐馆，招了一名毕业生"),
    (AGENT, PASSWORD, "申请人：替二十多家单位办理"),
    (GRADUATE, PASSWORD, "申请人：高校毕业生本人"),
    (NEWCOMER, PASSWORD, "申请人：代表关系还没有核实"),
    ("shouli", PASSWORD, "受理"),
    ("chushen", PASSWORD, "初审"),
    ("fushen", PASSWORD, "复审"),
    ("zhongshen", PASSWORD, "终审"),
    ("caiwu", PASSWORD, "财务"),
    ("zhengce", PASSWORD, "政策管理"),
    ("ducha", PASSWORD, "督查"),
    ("shenji", PASSWORD, "审计"),
    ("guanli", PASSWORD, "系统管理"),
)
"""User name, password, what they are."""
