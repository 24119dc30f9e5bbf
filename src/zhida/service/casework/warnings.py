"""What a reviewer should see before deciding: granted twice, arrears, what the registry says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from zhida.guide.wording import key_name
from zhida.service.applications.facts import value_at
from zhida.service.cases.models import Case, Concerned
from zhida.service.casework.selectors import NEGATIVE, hashes_of, history
from zhida.service.casework.trace import fact_text
from zhida.service.law import library

BAD_IF_TRUE = ("employer.contribution_arrears", "employer.wage_arrears", "employer.seriously_dishonest")


def warnings_of(case: Case) -> list[str]:
    """Sentences; those about other places name no number that the reader may not open."""
    return [*_twice(case), *_granted(case), *_bad(case), *_registry(case), *_law(case)]


def _twice(case: Case) -> Iterator[str]:
    packages = Concerned.objects.filter(hash__in=hashes_of(case)).exclude(package=case.package_id)
    others = Case.objects.filter(measure=case.measure, package__in=packages.values("package"))
    count = others.exclude(state__in=NEGATIVE).order_by()[:100].count()
    if count:
        yield _("同一政策还有 %(count)s 件涉及同样的单位或人员，请核对是否重复享受。") % {"count": count}


def _granted(case: Case) -> Iterator[str]:
    employer = case.package.employer
    for record in history(hashes_of(case), [employer.number] if employer else []):
        if record.facts.get("measure") == case.measure:
            day = record.facts.get("on", "")
            yield _("登记信息显示 %(day)s 已经享受过这项政策。") % {"day": day}


def _bad(case: Case) -> Iterator[str]:
    for key in BAD_IF_TRUE:
        registered = case.package.employer.facts if case.package.employer else {}
        if value_at(case.facts, key) is True or registered.get(key.partition(".")[2]) is True:
            yield _("注意：%(fact)s。") % {"fact": key_name(library(), None, key)}


def _registry(case: Case) -> Iterator[str]:
    """Where the registry knows another value than the case was decided on."""
    if case.package.employer is None:
        return
    used = {key for c in case.decision["conditions"] for key in c["facts"] if key.startswith("employer.")}
    for key in sorted(used):
        known = case.package.employer.facts.get(key.partition(".")[2])
        told = value_at(case.facts, key)
        if known is not None and told is not None and str(known) != str(told):
            said = {
                "fact": key_name(library(), None, key),
                "told": fact_text(key, told),
                "known": fact_text(key, known),
            }
            yield _("%(fact)s：申请填的是%(told)s，登记信息是%(known)s。") % said


def _law(case: Case) -> Iterator[str]:
    if case.library != library().hash:
        yield _("政策库在办理之后有更新。案件仍按当时的政策办，可以重算看差别。")
