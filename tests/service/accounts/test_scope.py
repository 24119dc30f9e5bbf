"""The scoped queryset."""

from unittest.mock import patch

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from zhida.service.accounts.models import Agency, Appointment, Office, User
from zhida.service.accounts.permissions import ACTIONS
from zhida.service.accounts.roles import Role
from zhida.service.accounts.scope import ScopedQuerySet, covers, subtree_prefix, within


@pytest.mark.parametrize(
    ("region", "prefix"), [("621025", "621025"), ("621000", "6210"), ("620000", "62"), ("000000", "")]
)
def test_a_region_and_all_below_it_share_a_prefix(region, prefix):
    assert subtree_prefix(region) == prefix


def test_a_region_covers_itself_and_what_is_below_it_only():
    assert covers("621000", "621025") and covers("621025", "621025") and covers("000000", "150202")
    assert not covers("621025", "621000") and not covers("620000", "150202")


def test_an_index_serves_the_regions_below_one():
    assert within("region", "620000") == {"region__range": ("620000", "629999")}
    assert within("region", "621025") == {"region": "621025"}


def test_officials_see_their_region_and_below(administrator, administrator_elsewhere, office):
    here = Agency.objects.visible_to(administrator, "manage accounts")
    assert [agency.region for agency in here] == ["621025"]
    assert Office.objects.visible_to(administrator, "manage accounts").get() == office
    assert not Agency.objects.visible_to(administrator_elsewhere, "manage accounts").exists()


def test_without_a_fitting_role_nothing_is_seen(intake, office):
    assert not Agency.objects.visible_to(intake, "manage accounts").exists()
    assert not Agency.objects.visible_to(AnonymousUser(), "manage accounts").exists()


def test_whoever_may_not_log_in_sees_nothing(administrator, office):
    administrator.is_active = False
    assert not Agency.objects.visible_to(administrator, "manage accounts").exists()


def test_applicants_see_what_is_theirs(applicant, other_applicant):
    seen = Appointment.objects.visible_to(applicant, "follow own cases")
    assert [appointment.user for appointment in seen] == [applicant]


def test_a_row_reached_twice_comes_once(administrator, intake):
    Appointment.objects.create(user=intake, role="finance", region="621025")
    found = User.objects.visible_to(administrator, "manage accounts")
    assert sorted(user.pk for user in found) == [administrator.pk, intake.pk]


def test_an_unknown_action_is_a_mistake_of_the_program(intake):
    with pytest.raises(KeyError):
        Agency.objects.visible_to(intake, "fly")


SCOPED = [model for model in apps.get_models() if hasattr(model, "reach")]


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_the_paths_of_every_model_lead_somewhere(model, appoint, office):
    action = "everything"
    people = [appoint(role, office=office) for role in ("intake", "applicant")]
    with patch.dict(ACTIONS, {action: frozenset(Role)}):
        for person in people:
            rows = ScopedQuerySet(model).visible_to(person, action)
            assert rows.count() == len(rows)


def test_there_are_models_to_look_at():
    assert {Agency, Office, User, Appointment} <= set(SCOPED)
