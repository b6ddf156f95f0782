"""Users and their logins in the administration: seen by staff, hardly changed by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from suite.identity import logins
from suite.identity.models import Login, User

if TYPE_CHECKING:
    LoginInline = admin.TabularInline[Login, User]
    UserTable = admin.ModelAdmin[User]
    LoginTable = admin.ModelAdmin[Login]
else:
    LoginInline, UserTable, LoginTable = admin.TabularInline, admin.ModelAdmin, admin.ModelAdmin

admin.site.unregister(Group)


@admin.action(description=_("End the selected logins"))
def end_logins(model_admin: LoginAdmin, request: HttpRequest, queryset: QuerySet[Login]) -> None:
    """End each selected login: its browser is signed out and what it opened is closed."""
    count = sum(logins.end(login) for login in queryset)
    for login in queryset:
        model_admin.log_change(request, login, "login ended")
    messages.success(request, ngettext("%(count)d login ended.", "%(count)d logins ended.", count) % {"count": count})


class ReadOnly:
    """Rows that the sign-in makes: nobody adds or deletes them by hand."""

    def has_add_permission(self, *_: Any, **__: Any) -> bool:
        """Say no."""
        return False

    def has_delete_permission(self, *_: Any, **__: Any) -> bool:
        """Say no."""
        return False


class LoginsOfUser(ReadOnly, LoginInline):
    """The logins on a user's page."""

    model = Login
    fields = readonly_fields = ("created_at", "acr", "amr", "auth_time", "expires_at", "ended_at")
    ordering = ("-created_at",)
    show_change_link = True
    extra = 0
    max_num = 0


@admin.register(User)
class UserAdmin(ReadOnly, UserTable):
    """People: the provider says who they are, the settings who is staff; here they can only be disabled."""

    list_display = ("__str__", "email", "organization_label", "is_staff", "is_active", "created_at")
    list_filter = ("is_active", "is_staff", "organization_label")
    search_fields = ("email", "usual_name", "given_name", "siret", "sub")
    ordering = ("-created_at",)
    fields = (
        *(
            "given_name",
            "usual_name",
            "email",
            "siret",
            "organization_label",
            "organizational_unit",
            "roles",
            "idp_id",
            "issuer",
            "sub",
        ),
        *("username", "is_staff", "is_superuser", "created_at", "last_login", "is_active"),
    )
    readonly_fields = fields[:-1]
    inlines = (LoginsOfUser,)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        """Keep the change; a disabled person is signed out everywhere at once."""
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            logins.end_all(obj)


@admin.register(Login)
class LoginAdmin(ReadOnly, LoginTable):
    """Logins, with the action that ends them."""

    list_display = ("user", "created_at", "acr", "expires_at", "ended_at")
    list_filter = ("acr", "ended_at")
    search_fields = ("user__email", "user__usual_name", "user__given_name")
    ordering = ("-created_at",)
    list_select_related = ("user",)
    fields = readonly_fields = ("user", "acr", "amr", "auth_time", "sid", "created_at", "expires_at", "ended_at")
    actions = (end_logins,)
