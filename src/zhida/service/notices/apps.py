from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from zhida.service.audit.protection import Kept
from zhida.service.surface.navigation import Entry

PUBLICATION = (
    "number", "region", "title", "measure", "document", "clause", "office", "phone", "library", "key",
    "opens_on", "closes_on", "days", "published_by", "published_at",
)  # fmt: skip


class NoticesConfig(AppConfig):
    name = "zhida.service.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
    navigation = (
        Entry("notices:index", _("公示")),
        Entry("notices:manage", _("办理公示"), action="see notices"),
    )
    kept_tables = (
        Kept("notices_publication", PUBLICATION, ("number",)),
        Kept(
            "notices_line",
            ("publication_id", "number", "case_id", "shown", "link"),
            ("publication_id", "number"),
        ),
        Kept("notices_event", unique=("publication_id", "number")),
        Kept("notices_objection", ("line_id", "at", "identity_hash"), ("line_id", "number")),
        Kept("notices_ruling", unique=("objection_id",)),
    )
    sealed_chains = ("zhida.service.notices.verification.findings",)
    audit_actions = {  # noqa: RUF012
        "notice moved": _("公示变动"),
        "objection refused": _("拒收异议"),
        "objection viewed": _("查看异议"),
    }
