"""Addresses of the workbench, and of what an applicant answers."""

from django.urls import path

from zhida.service.casework.views import bench, case, papers, people, samples

app_name = "casework"
urlpatterns = [
    path("work/", bench.bench, name="bench"),
    path("work/find/", bench.find, name="find"),
    path("work/guide/", bench.guide, name="guide"),
    path("work/cases.xlsx", bench.export, name="export"),
    path("work/bulk/", bench.bulk, name="bulk"),
    path("work/filters/", bench.save_filter, name="save-filter"),
    path("work/filters/drop/", bench.drop_filter, name="drop-filter"),
    path("work/cases/<str:number>/", case.case, name="case"),
    path("work/cases/<str:number>/step/", case.step, name="step"),
    path("work/cases/<str:number>/assign/", case.assign, name="assign"),
    path("work/cases/<str:number>/rerun/", case.rerun, name="rerun"),
    path("work/cases/<str:number>/sheet/", case.sheet, name="sheet"),
    path("work/cases/<str:number>/files/<uuid:public>/", case.file, name="file"),
    path("work/cases/<str:number>/ask/", papers.ask, name="ask"),
    path("work/cases/<str:number>/refuse/", papers.refuse, name="refuse"),
    path("work/cases/<str:number>/answer/", papers.answer, name="answer"),
    path("work/cases/<str:number>/notices/<int:place>/", papers.notice, name="notice"),
    path("work/cases/<str:number>/refusal/", papers.refusal, name="refusal"),
    path("work/history/<str:hash>/", people.history, name="history"),
    path("samples/", samples.samples, name="samples"),
    path("samples/<int:pk>/", samples.sample, name="sample"),
    path("samples/checks/<int:pk>/", samples.check, name="check"),
    path("packages/<str:number>/cases/<str:case>/supplement/", papers.supplement, name="supplement"),
    path("packages/<str:number>/cases/<str:case>/notices/<int:place>/", papers.own_notice, name="own-notice"),
    path("packages/<str:number>/cases/<str:case>/refusal/", papers.own_refusal, name="own-refusal"),
]
