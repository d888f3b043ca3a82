"""Users and roles in the house's look; the beat's own tables stay out of the back office: its schedule is code."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

for model in (ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule, User, Group):
    admin.site.unregister(model)

LOGIN = ("username", "password", "is_active")
PERSON = ("first_name", "last_name", "email")
RIGHTS = ("groups", "is_staff")
SEEN = ("last_login", "date_joined")


@admin.register(User)
class OfficeUserAdmin(UserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """A person's rights are their roles; single permissions and superuser status are not given here."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    list_filter_submit = True
    filter_horizontal = ()
    readonly_fields = SEEN
    fieldsets = (
        (None, {"fields": LOGIN}),
        (_("Person"), {"fields": PERSON}),
        (_("Rights"), {"fields": RIGHTS}),
        (_("Seen"), {"fields": SEEN}),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":  # five roles: boxes to tick
            kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def get_queryset(self, request: HttpRequest) -> Any:
        users = super().get_queryset(request).prefetch_related("groups")
        # An owner who is no superuser can neither see nor disarm one.
        return users if request.user.is_superuser else users.filter(is_superuser=False)


@admin.register(Group)
class OfficeGroupAdmin(GroupAdmin, ModelAdmin):
    """The table in `config/roles.py`, to look at: the code is the truth."""

    fields = ("name", "permissions")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
