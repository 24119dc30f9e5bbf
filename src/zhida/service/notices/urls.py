"""Addresses of the 公示: everybody's, and those of whoever publishes and rules."""

from django.urls import path

from zhida.service.notices.views import managing, public

app_name = "notices"
urlpatterns = [
    path("notices/", public.index, name="index"),
    path("notices/manage/", managing.manage, name="manage"),
    path("notices/manage/new/", managing.new, name="new"),
    path("notices/manage/objections/<int:pk>/", managing.objection, name="objection"),
    path("notices/manage/<slug:number>/", managing.managed, name="managed"),
    path("notices/manage/<slug:number>/withdraw/", managing.withdraw, name="withdraw"),
    path("notices/manage/<slug:number>/withdraw/<int:line>/", managing.withdraw_line, name="withdraw-line"),
    path("notices/<slug:number>/", public.notice, name="notice"),
    path("notices/<slug:number>/file/", public.file, name="file"),
    path("notices/<slug:number>/object/<int:line>/", public.object_to, name="object"),
]
