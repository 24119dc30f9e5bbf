"""Users and their appointments, for 系统管理."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhida.service.accounts import administration
from zhida.service.accounts.forms import (
    MANAGE,
    AppointmentForm,
    NameForm,
    NewOfficialForm,
    PeopleFilter,
    is_held_already,
)
from zhida.service.accounts.models import Appointment, User
from zhida.service.accounts.permissions import require
from zhida.service.accounts.roles import Role
from zhida.service.accounts.scope import ScopedQuerySet
from zhida.service.accounts.services import region_of, subject_of
from zhida.service.audit import chain
from zhida.service.surface.paging import page_of


def people(request: HttpRequest) -> HttpResponse:
    """Applicants are members of the public: that they were looked at is noted."""
    user = require(request, MANAGE)
    form = PeopleFilter(request.GET)
    found = User.objects.visible_to(user, MANAGE).order_by("username").prefetch_related("appointments")
    role = form.cleaned_data["role"] if form.is_valid() else ""
    found = _narrowed(found, form.cleaned_data.get("q", ""), role)
    if role == Role.APPLICANT:
        chain.note("applicants listed", actor=user.username, region=region_of(user))
    return render(request, "accounts/people.html", {"form": form, "page": page_of(request, found)})


def _narrowed(found: ScopedQuerySet, q: str, role: str) -> ScopedQuerySet:
    if q:
        found = found.filter(Q(username__icontains=q) | Q(name__icontains=q))
    held = Appointment.objects.filter(role=role) if role else Appointment.objects.exclude(role=Role.APPLICANT)
    return found.filter(pk__in=held.values("user"))


@never_cache
def new_person(request: HttpRequest) -> HttpResponse:
    """The password is shown in the answer itself, once, and kept nowhere."""
    by = require(request, MANAGE)
    form = NewOfficialForm(by, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            created, password = administration.create(by, **form.cleaned_data)
        except IntegrityError:
            form.add_error("username", gettext("这个用户名已经有人用了。"))
        else:
            return render(request, "accounts/new_password.html", {"person": created, "password": password})
    return render(request, "accounts/new_person.html", {"form": form})


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, and the form of a new appointment."""
    by = require(request, MANAGE)
    found = get_object_or_404(User.objects.visible_to(by, MANAGE), pk=pk)
    form = AppointmentForm(by, request.POST if request.method == "POST" else None)
    if form.is_valid():
        if is_held_already(found, **form.cleaned_data):
            form.add_error(None, gettext("这项任职已经有了。"))
        else:
            administration.grant(by, found, **form.cleaned_data)
            messages.success(request, gettext("任职已加上。"))
            return redirect("accounts:person", pk)
    if found.appointments.filter(role=Role.APPLICANT).exists():
        chain.note("applicant seen", actor=by.username, subject=subject_of(found), region=region_of(by))
    return render(request, "accounts/person.html", _about(by, found, form))


def _about(by: User, found: User, form: AppointmentForm) -> dict[str, Any]:
    """Appointments of other regions are shown to nobody who does not administer them."""
    held = found.appointments.select_related("office__agency").order_by("pk")
    return {
        "person": found,
        "appointments": [one for one in held if administration.manages(by, one.region)],
        "may_change": administration.may_change(by, found),
        "is_self": by == found,
        "form": form,
    }


@require_POST
def revoke(request: HttpRequest, pk: int, appointment: int) -> HttpResponse:
    by = require(request, MANAGE)
    found = get_object_or_404(Appointment.objects.visible_to(by, MANAGE), pk=appointment, user=pk)
    administration.revoke(by, found)
    messages.success(request, gettext("任职已撤销。"))
    still_seen = User.objects.visible_to(by, MANAGE).filter(pk=pk).exists()
    return redirect("accounts:person", pk) if still_seen else redirect("accounts:people")


@require_POST
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    by = require(request, MANAGE)
    found = get_object_or_404(User.objects.visible_to(by, MANAGE), pk=pk)
    active = request.POST.get("active") == "yes"
    administration.set_active(by, found, active)
    messages.success(request, gettext("账号已启用。") if active else gettext("账号已停用，所有登录已退出。"))
    return redirect("accounts:person", pk)


@require_POST
@never_cache
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    by = require(request, MANAGE)
    found = get_object_or_404(User.objects.visible_to(by, MANAGE), pk=pk)
    password = administration.reset_password(by, found)
    return render(request, "accounts/new_password.html", {"person": found, "password": password})


@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    by = require(request, MANAGE)
    found = get_object_or_404(User.objects.visible_to(by, MANAGE), pk=pk)
    administration.unlock(by, found)
    messages.success(request, gettext("账号已解锁，可以再次登录。"))
    return redirect("accounts:person", pk)


def rename(request: HttpRequest, pk: int) -> HttpResponse:
    by = require(request, MANAGE)
    found = get_object_or_404(User.objects.visible_to(by, MANAGE), pk=pk)
    form = NameForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        administration.rename(by, found, form.cleaned_data["name"])
        return redirect("accounts:person", pk)
    return render(request, "accounts/rename.html", {"form": form, "person": found})
