"""A fact as a form field."""

from datetime import date

from zhida.service.applications.fields import field_for

ON = date(2022, 10, 10)


def test_an_industry_is_chosen_by_its_name_under_its_section():
    choices = dict(field_for("employer.industry", ON).widget.choices)
    assert ("H62", "餐饮业") in choices["住宿和餐饮业"]


def test_an_industry_of_the_registry_that_the_list_does_not_have_stays():
    field = field_for("employer.industry", ON)
    assert field.prepare_value("H6210") == "H6210"
    assert ("H6210", "H6210") in field.widget.choices


def test_an_industry_that_nobody_has_chosen_is_not_known():
    field = field_for("employer.industry", ON)
    assert field.clean("") is None
    assert field.clean("H62") == "H62"
