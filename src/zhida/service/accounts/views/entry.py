"""Coming in: log-in, log-out, registration."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhida.service.accounts import services, sessions
from zhida.service.accounts.forms import LogInForm, RegistrationForm, taken

BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password")
@never_cache
def login(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(destination(request))
    form = LogInForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.log_in(request, form.get_user())
        return redirect(destination(request))
    # A log-in that closes the account is noted by the page of lock-out.
    typed = form.cleaned_data if form.is_bound else {}
    if {"username", "password"} <= typed.keys() and not getattr(request, "axes_locked_out", False):
        services.note_failed_log_in(typed["username"])
    context = {
        "form": form,
        "next": next_of(request),
        "expired": request.session.pop(sessions.ENDED, False),
        "provider": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "demo_accounts": settings.ZHIDA_DEMO_ACCOUNTS,
    }
    return render(request, "accounts/login.html", context)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    services.log_out(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters("password1", "password2")
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(destination(request))
    form = RegistrationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            user = services.register(said["username"], said["name"], said["password1"])
        except IntegrityError:
            form.add_error("username", taken())
        else:
            services.log_in(request, user, BACKEND)
            return redirect(next_of(request) or first_step())
    return render(request, "accounts/register.html", {"form": form, "next": next_of(request)})


def destination(request: HttpRequest) -> str:
    return next_of(request) or reverse(settings.LOGIN_REDIRECT_URL)


def next_of(request: HttpRequest) -> str:
    """Where the visitor was going; never to another site."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    own = {request.get_host()}
    return address if url_has_allowed_host_and_scheme(address, own, request.is_secure()) else ""


def first_step() -> str:
    """Where a new applicant says for whom they act, which an app above this one asks."""
    try:
        return reverse(settings.ZHIDA_AFTER_REGISTRATION)
    except NoReverseMatch:
        return reverse(settings.LOGIN_REDIRECT_URL)
