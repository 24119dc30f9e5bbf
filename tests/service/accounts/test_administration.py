"""Users, appointments, agencies and offices, by whoever administers them."""

import re

import pytest
from django.test import Client
from tests.service.conftest import ELSEWHERE, HOME, NATION, PASSWORD, PREFECTURE

from zhida.service.accounts.models import Agency, Appointment, Office, User
from zhida.service.audit.models import Entry
from zhida.service.audit.verification import verify

NEW = {"username": "zhao.liu", "name": "赵六", "role": "first-review", "region": HOME}


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


def page(user):
    return f"/accounts/{user.pk}/"


def actions():
    return list(Entry.objects.values_list("action", flat=True))


def test_a_new_official_logs_in_once_with_the_password_shown(admin):
    shown = admin.post("/accounts/new/", NEW)
    password = re.search(r"<code>([^<]+)</code>", shown.content.decode())[1]
    assert actions() == ["user created", "appointment granted"]
    assert password not in str(list(Entry.objects.values()))
    client = Client()
    client.post("/login/", {"username": "zhao.liu", "password": password})
    assert client.get("/account/").headers["Location"] == "/account/password/"


@pytest.mark.parametrize("region", [NATION, "620000", ELSEWHERE, "999999", "62102", "x"])
def test_nobody_appoints_outside_of_their_region(admin, region):
    assert "region" in admin.post("/accounts/new/", NEW | {"region": region}).context["form"].errors
    assert not User.objects.filter(username="zhao.liu").exists()


def test_an_office_of_another_region_is_no_choice(admin, office):
    far = Office.objects.create(
        agency=Agency.objects.create(name="东河区人社局", region=ELSEWHERE), name="股"
    )
    assert "office" in admin.post("/accounts/new/", NEW | {"office": far.pk}).context["form"].errors
    near = Office.objects.create(
        agency=Agency.objects.create(name="庆阳市人社局", region=PREFECTURE), name="科"
    )
    assert "office" in admin.post("/accounts/new/", NEW | {"office": near.pk}).context["form"].errors
    assert admin.post("/accounts/new/", NEW | {"office": office.pk}).status_code == 200
    assert Appointment.objects.get(user__username="zhao.liu").office == office


def test_appointments_are_granted_once_and_revoked(admin, intake):
    more = {"role": "finance", "region": HOME}
    assert admin.post(page(intake), more).status_code == 302
    assert admin.post(page(intake), more).context["form"].non_field_errors() == ["这项任职已经有了。"]
    granted = intake.appointments.get(role="finance")
    assert admin.post(f"{page(intake)}appointments/{granted.pk}/revoke/").headers["Location"] == page(intake)
    first = intake.appointments.get()
    assert admin.post(f"{page(intake)}appointments/{first.pk}/revoke/").headers["Location"] == "/accounts/"
    assert actions() == ["appointment granted", "appointment revoked", "appointment revoked"]
    assert Entry.objects.first().detail == {"role": "finance", "region": HOME, "office": None}
    assert not list(verify())


def test_an_appointment_of_somebody_else_is_not_revoked_under_another_name(admin, intake, finance_officer):
    other = finance_officer.appointments.get()
    assert admin.post(f"{page(intake)}appointments/{other.pk}/revoke/").status_code == 404


def test_nobody_changes_their_own_appointments_or_account(admin, administrator):
    own = administrator.appointments.get()
    assert admin.post(page(administrator), {"role": "finance", "region": HOME}).status_code == 403
    assert admin.post(f"{page(administrator)}appointments/{own.pk}/revoke/").status_code == 403
    for what in ("active", "password", "unlock"):
        assert admin.post(f"{page(administrator)}{what}/").status_code == 403
    assert administrator.appointments.count() == 1


def test_somebody_with_an_appointment_above_cannot_be_taken_over(client_of, appoint):
    above = appoint("policy", NATION)
    Appointment.objects.create(user=above, role="intake", region=HOME)
    county = client_of(appoint("administration", HOME))
    seen = county.get(page(above))
    assert [held.region for held in seen.context["appointments"]] == [HOME]
    for what, form in (
        ("active", {"active": "no"}),
        ("password", {}),
        ("unlock", {}),
        ("name", {"name": "x"}),
    ):
        assert county.post(f"{page(above)}{what}/", form).status_code == 403
    above.refresh_from_db()
    assert above.is_active and above.check_password(PASSWORD)


def test_somebody_of_another_region_is_not_even_seen(client_of, administrator_elsewhere, intake):
    there = client_of(administrator_elsewhere)
    assert intake.username not in there.get("/accounts/").content.decode()
    assert there.get(page(intake)).status_code == 404
    assert there.post(f"{page(intake)}password/").status_code == 404


def test_somebody_deactivated_is_out_at_once(admin, client_of, intake):
    clerk = client_of(intake)
    assert clerk.get("/account/").status_code == 200
    admin.post(f"{page(intake)}active/", {"active": "no"})
    assert clerk.get("/account/").status_code == 302 and not intake.sessions.exists()
    admin.post(f"{page(intake)}active/", {"active": "yes"})
    assert actions() == ["user deactivated", "user activated"]


def test_a_reset_password_works_once_ends_log_ins_and_opens_a_lock(admin, client_of, intake):
    clerk = client_of(intake)
    clerk.get("/account/")
    for _ in range(5):
        Client().post("/login/", {"username": intake.username, "password": "wrong"})
    shown = admin.post(f"{page(intake)}password/").content.decode()
    assert clerk.get("/account/").status_code == 302
    form = {"username": intake.username, "password": re.search(r"<code>([^<]+)</code>", shown)[1]}
    assert Client().post("/login/", form).status_code == 302


def test_a_locked_account_is_opened(admin, intake):
    for _ in range(5):
        Client().post("/login/", {"username": intake.username, "password": "wrong"})
    admin.post(f"{page(intake)}unlock/")
    assert Client().post("/login/", {"username": intake.username, "password": PASSWORD}).status_code == 302


def test_a_name_is_corrected(admin, intake):
    assert admin.post(f"{page(intake)}name/", {"name": "钱七"}).status_code == 302
    intake.refresh_from_db()
    assert intake.name == "钱七" and actions() == ["user renamed"]


def test_users_are_found_by_name_and_role_within_bounds(admin, appoint, django_assert_max_num_queries):
    for _ in range(60):
        appoint("intake")
    with django_assert_max_num_queries(8):
        seen = admin.get("/accounts/", {"role": "intake"}).context["page"]
    assert len(seen) == 50 and seen.has_next
    assert len(admin.get("/accounts/", {"role": "intake", "page": "2"}).context["page"]) == 10
    assert len(admin.get("/accounts/", {"q": "ADMINISTRATION"}).context["page"]) == 1
    for nonsense in ("0", "-1", "x", "9" * 30, "²"):
        assert admin.get("/accounts/", {"page": nonsense}).status_code == 200


def test_agencies_and_offices_are_kept(admin):
    form = {"name": "正宁县人社局", "region": HOME, "address": "", "phone": "0934", "hours": ""}
    where = admin.post("/agencies/new/", form).headers["Location"]
    assert admin.post(f"{where}offices/new/", {"name": "就业股", "phone": ""}).headers["Location"] == where
    assert admin.post(f"{where}offices/new/", {"name": "就业股", "phone": ""}).context["form"].errors
    office = Office.objects.get()
    assert admin.post(f"/offices/{office.pk}/", {"name": "就业科", "phone": "1"}).headers["Location"] == where
    assert admin.post(where, form | {"region": ELSEWHERE}).context["form"].errors
    assert admin.post(where, form | {"hours": "9–17"}).status_code == 302
    assert actions() == ["agency created", "office created", "office changed", "agency changed"]
    assert Entry.objects.last().detail == {"changed": ["hours"]}


def test_a_list_is_of_those_who_work_here_and_looking_at_applicants_is_noted(admin, applicant, intake):
    def names(**query):
        return {person.username for person in admin.get("/accounts/", query).context["page"]}

    assert applicant.username not in names() and intake.username in names() and actions() == []
    assert names(role="applicant") == {applicant.username}
    admin.get(page(applicant))
    admin.get(page(intake))
    assert actions() == ["applicants listed", "applicant seen"]
    assert names(role="nonsense") == names()
