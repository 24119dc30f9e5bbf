"""Addresses of the registry, of imports and of the published lists."""

from django.urls import path, register_converter

from zhida.service.registry.views import imports, parties, published, representations


class FormConverter:
    """The kinds of file there are."""

    regex = "xlsx|csv"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(FormConverter, "form")
app_name = "registry"
urlpatterns = [
    path("registry/", parties.employers, name="employers"),
    path("registry/employers.<form:form>", parties.export_employers, name="export-employers"),
    path("registry/employers/<str:number>/", parties.employer, name="employer"),
    path("registry/employers/<str:number>/open/", parties.open_employer, name="open-employer"),
    path("registry/persons/", parties.persons, name="persons"),
    path("registry/persons.<form:form>", parties.export_persons, name="export-persons"),
    path("registry/persons/<int:pk>/", parties.person, name="person"),
    path("registry/persons/<int:pk>/open/", parties.open_person, name="open-person"),
    path("registry/representations/", representations.representations, name="representations"),
    path("registry/representations/<int:pk>/", representations.representation, name="representation"),
    path("registry/representations/<int:pk>/verify/", representations.verify, name="verify"),
    path("registry/representations/<int:pk>/refuse/", representations.refuse, name="refuse"),
    path("account/represented/", representations.mine, name="mine"),
    path("account/represented/<int:pk>/end/", representations.end_mine, name="end-mine"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.new_import, name="new-import"),
    path("imports/template/<slug:kind>.xlsx", imports.import_template, name="import-template"),
    path("imports/<int:pk>/", imports.import_, name="import"),
    path("imports/<int:pk>/confirm/", imports.confirm_import, name="confirm-import"),
    path("imports/<int:pk>/resume/", imports.resume_import, name="resume-import"),
    path("imports/<int:pk>/drop/", imports.drop_import, name="drop-import"),
    path("imports/<int:pk>/errors.<form:form>", imports.import_errors, name="import-errors"),
    path("lists/measures/", published.measures, name="measures"),
    path("lists/served/", published.served, name="served"),
    path("lists/served/<str:key>/", published.names, name="names"),
    path("lists/agencies/", published.agencies, name="agencies"),
]
