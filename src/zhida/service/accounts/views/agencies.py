"""Agencies (经办机构) and their offices (科室), for 系统管理."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from zhida.service.accounts import administration
from zhida.service.accounts.forms import MANAGE, AgencyForm, OfficeForm
from zhida.service.accounts.models import Agency, Office
from zhida.service.accounts.permissions import require
from zhida.service.surface.paging import page_of


def agencies(request: HttpRequest) -> HttpResponse:
    user = require(request, MANAGE)
    found = Agency.objects.visible_to(user, MANAGE).order_by("region", "name").prefetch_related("offices")
    return render(request, "accounts/agencies.html", {"page": page_of(request, found)})


def new_agency(request: HttpRequest) -> HttpResponse:
    by = require(request, MANAGE)
    form = AgencyForm(by, request.POST if request.method == "POST" else None)
    return _saved_agency(request, form) if form.is_valid() else _asked(request, form, gettext("新增经办机构"))


def agency(request: HttpRequest, pk: int) -> HttpResponse:
    by = require(request, MANAGE)
    found = get_object_or_404(Agency.objects.visible_to(by, MANAGE), pk=pk)
    form = AgencyForm(by, request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        return _saved_agency(request, form)
    offices = found.offices.order_by("name")
    return render(request, "accounts/agency.html", {"form": form, "agency": found, "offices": offices})


def new_office(request: HttpRequest, pk: int) -> HttpResponse:
    by = require(request, MANAGE)
    found = get_object_or_404(Agency.objects.visible_to(by, MANAGE), pk=pk)
    form = OfficeForm(found, request.POST if request.method == "POST" else None)
    return _saved_office(request, form) if form.is_valid() else _asked(request, form, gettext("新增科室"))


def office(request: HttpRequest, pk: int) -> HttpResponse:
    by = require(request, MANAGE)
    found = get_object_or_404(Office.objects.visible_to(by, MANAGE).select_related("agency"), pk=pk)
    form = OfficeForm(found.agency, request.POST if request.method == "POST" else None, instance=found)
    return _saved_office(request, form) if form.is_valid() else _asked(request, form, gettext("修改科室"))


def _asked(request: HttpRequest, form: AgencyForm | OfficeForm, title: str) -> HttpResponse:
    return render(request, "accounts/agency_form.html", {"form": form, "title": title})


def _saved_agency(request: HttpRequest, form: AgencyForm) -> HttpResponse:
    saved = administration.save_agency(require(request, MANAGE), form)
    messages.success(request, gettext("已保存。"))
    return redirect("accounts:agency", saved.pk)


def _saved_office(request: HttpRequest, form: OfficeForm) -> HttpResponse:
    saved = administration.save_office(require(request, MANAGE), form)
    messages.success(request, gettext("已保存。"))
    return redirect("accounts:agency", saved.agency_id)
