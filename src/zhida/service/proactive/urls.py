"""Addresses of 免申即享."""

from django.urls import path, re_path

from zhida.service.proactive.views import candidates, own, runs

app_name = "proactive"
urlpatterns = [
    path("proactive/", runs.index, name="runs"),
    path("proactive/new/", runs.new, name="new"),
    path("proactive/mine/", own.index, name="mine"),
    path("proactive/mine/<int:pk>/", own.answer, name="answer"),
    path("proactive/<int:pk>/", runs.run, name="run"),
    re_path(r"^proactive/(?P<pk>\d{1,10})/(?P<what>open|resume|give-up)/$", runs.act, name="act"),
    re_path(r"^proactive/(?P<pk>\d{1,10})/(?P<what>candidates|blocks)\.xlsx$", runs.export, name="export"),
    path("proactive/<int:pk>/differences/", runs.differences, name="differences"),
    path("proactive/candidates/<int:pk>/", candidates.candidate, name="candidate"),
    re_path(
        r"^proactive/candidates/(?P<pk>\d{1,10})/(?P<what>confirm|opt-out|exclude|take-back)/$",
        candidates.act,
        name="settle",
    ),
    path("proactive/blocks/<int:pk>/chase/", candidates.chase, name="chase"),
]
