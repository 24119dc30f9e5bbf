"""Addresses of the public site."""

from django.urls import path

from zhida.service.portal import checking, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("measures/", views.measures, name="measures"),
    path("measures/<slug:key>/", views.measure, name="measure"),
    path("check/", checking.start, name="check"),
    path("check/<str:token>/", checking.ask, name="ask"),
    path("check/<str:token>/answers/", checking.answers, name="answers"),
    path("check/<str:token>/answers/<str:key>/", checking.change, name="change"),
    path("check/<str:token>/result/", checking.result, name="result"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]
