"""The demo county has everything on every page, is the same each time, and is nobody's."""

from django.test import Client

from zhida.service.accounts.models import Agency, User
from zhida.service.accounts.roles import Role
from zhida.service.applications.models import Draft
from zhida.service.cases.models import Case, Package
from zhida.service.config import demo
from zhida.service.registry.browsing import today_for
from zhida.service.registry.models import Employer, Person, Record, Representation
from zhida.service.registry.selectors import represented


def rows() -> list[int]:
    """How many there are of each."""
    return [model.objects.count() for model in (User, Employer, Person, Record, Draft, Package, Case)]


def test_each_role_has_an_account_that_logs_in(county, settings):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    assert set(Role) == set(User.objects.values_list("appointments__role", flat=True))
    for username, password, _what in county:
        assert Client().login(username=username, password=password)


def test_the_restaurant_of_ten_gets_the_measures_of_the_tour(county, settings):
    user = User.objects.get(username="canguan@demo.example")
    held = represented(user).get()
    _, outcome = today_for(held.employer, settings.ZHIDA_TODAY)
    eligible = {decision.rule.measure for decision in outcome.decisions if decision.verdict == "eligible"}
    assert {"job-retention-refund", "stay-at-work-training", "hiring-subsidy", "hiring-expansion"} <= eligible


def test_a_second_build_changes_nothing(county):
    before = rows()
    assert demo.build(employers=40, seed=1) == county
    assert before == rows()
    assert min(before) > 0


def test_cases_are_in_several_states_and_a_claim_waits(county):
    assert len(set(Case.objects.values_list("state", flat=True))) >= 4
    assert Representation.objects.filter(state="claimed").count() == 1
    assert Draft.objects.filter(package=None).count() >= 3


def test_every_registered_case_can_be_decided(county, settings):
    for party in (*Employer.objects.all(), *Person.objects.all()[:50]):
        assert today_for(party, settings.ZHIDA_TODAY) is not None


def test_telephones_are_none_that_anybody_has(county):
    phones = [*Agency.objects.values_list("phone", flat=True), *(e.phone for e in Employer.objects.all())]
    assert all(phone.startswith("0934-0") for phone in phones)
