"""Addresses of accounts and of the audit."""

from django.urls import path

from zhida.service.accounts.views import agencies, entry, own, people, provider, trail

app_name = "accounts"
urlpatterns = [
    path("login/", entry.login, name="login"),
    path("logout/", entry.logout, name="logout"),
    path("register/", entry.register, name="register"),
    path("login/provider/", provider.leave, name="provider"),
    path("login/provider/back/", provider.come_back, name="provider-back"),
    path("account/", own.account, name="account"),
    path("account/password/", own.password, name="password"),
    path("account/sessions/end/", own.end_sessions, name="end-sessions"),
    path("accounts/", people.people, name="people"),
    path("accounts/new/", people.new_person, name="new-person"),
    path("accounts/<int:pk>/", people.person, name="person"),
    path("accounts/<int:pk>/name/", people.rename, name="rename"),
    path("accounts/<int:pk>/active/", people.set_active, name="set-active"),
    path("accounts/<int:pk>/password/", people.reset_password, name="reset-password"),
    path("accounts/<int:pk>/unlock/", people.unlock, name="unlock"),
    path("accounts/<int:pk>/appointments/<int:appointment>/revoke/", people.revoke, name="revoke"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/new/", agencies.new_agency, name="new-agency"),
    path("agencies/<int:pk>/", agencies.agency, name="agency"),
    path("agencies/<int:pk>/offices/new/", agencies.new_office, name="new-office"),
    path("offices/<int:pk>/", agencies.office, name="office"),
    path("audit/", trail.trail, name="trail"),
    path("audit/file/", trail.trail_file, name="trail-file"),
]
