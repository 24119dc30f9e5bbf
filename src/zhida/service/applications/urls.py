"""Addresses of preparing a package, and of following it."""

from django.urls import path

from zhida.service.applications.views import following, preparing

app_name = "applications"
urlpatterns = [
    path("apply/", preparing.begin, name="begin"),
    path("apply/<str:token>/", preparing.choose, name="choose"),
    path("apply/<str:token>/form/", preparing.form, name="form"),
    path("apply/<str:token>/fill/", preparing.fill, name="fill"),
    path("apply/<str:token>/materials/", preparing.materials, name="materials"),
    path("apply/<str:token>/files/<uuid:public>/", preparing.file, name="file"),
    path("apply/<str:token>/review/", preparing.review, name="review"),
    path("apply/<str:token>/discard/", preparing.discard, name="discard"),
    path("packages/", following.packages, name="packages"),
    path("packages/<str:number>/", following.package, name="package"),
    path("packages/<str:number>/receipt/", following.receipt, name="receipt"),
    path("packages/<str:number>/withdraw/", following.withdraw, name="withdraw"),
    path("packages/<str:number>/files/<uuid:public>/", following.attachment, name="attachment"),
    path("progress/", following.progress, name="progress"),
]
