"""The own account: details, password, log-ins on other devices."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhida.service.accounts import services, sessions
from zhida.service.accounts.forms import PasswordForm
from zhida.service.accounts.permissions import require_login


@never_cache
def account(request: HttpRequest) -> HttpResponse:
    user = require_login(request)
    context = {
        "appointments": user.appointments.select_related("office__agency").order_by("pk"),
        "identities": user.identities.order_by("pk"),
        "sessions": sessions.running(user),
        "this_session": request.session.session_key,
        "provider": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
    }
    return render(request, "accounts/account.html", context)


@sensitive_post_parameters("old", "password1", "password2")
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    user = require_login(request)
    form = PasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.change_password(request, user, form.cleaned_data["password1"])
        messages.success(request, gettext("密码已改好，其他设备上的登录已经退出。"))
        return redirect("accounts:account")
    return render(request, "accounts/password.html", {"form": form})


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    user = require_login(request)
    services.end_other_sessions(request, user)
    messages.success(request, gettext("其他设备上的登录已经退出。"))
    return redirect("accounts:account")
