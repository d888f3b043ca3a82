"""Who takes leads, and by which rule."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Manager(models.Model):
    """A person of ours who may be given leads."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("user"), related_name="manager"
    )
    name = models.CharField(_("name"), max_length=190)
    telegram_id = models.BigIntegerField(_("Telegram id"), null=True, blank=True, unique=True)
    # The fingerprint of an unused link by which the manager's Telegram is found out; the link itself is shown once.
    invitation = models.CharField(max_length=64, blank=True, default="", editable=False)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    bitrix_id = models.BigIntegerField(_("Bitrix24 id"), null=True, blank=True, unique=True)
    is_active = models.BooleanField(_("works here"), default=True)
    is_on_duty = models.BooleanField(_("on duty"), default=True)
    gets_alerts = models.BooleanField(_("is told when something fails"), default=False)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1, help_text=_("Twice the weight, twice the leads."))
    cap = models.PositiveSmallIntegerField(_("most open leads"), null=True, blank=True)
    # {"mon": [["09:00", "18:00"]], …} in the business's time zone; empty: always
    schedule = models.JSONField(_("working hours"), default=dict, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    products = models.JSONField(_("products"), default=list, blank=True)
    # Filled from Bitrix24's timeman.status when the rotation asks for it: OPENED, PAUSED, CLOSED, EXPIRED.
    shift_status = models.CharField(_("shift in Bitrix24"), max_length=16, blank=True)
    shift_checked_at = models.DateTimeField(_("shift checked at"), null=True, blank=True)
    last_assigned_at = models.DateTimeField(_("last lead at"), null=True, blank=True)

    class Meta:
        verbose_name = _("manager")
        verbose_name_plural = _("managers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Days a manager is away (inclusive)."""

    manager = models.ForeignKey(Manager, models.CASCADE, verbose_name=_("manager"), related_name="absences")
    first_date = models.DateField(_("from"))
    last_date = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(condition=models.Q(last_date__gte=models.F("first_date")), name="crm_absence_order")
        ]

    def __str__(self) -> str:
        return f"{self.first_date} … {self.last_date}"


class RotationRule(models.Model):
    """Which managers share which leads, and how. Rules are tried in order; the first that fits decides."""

    class Method(models.TextChoices):
        IN_TURN = "in_turn", _("in turn")  # the one who waits longest
        WEIGHTED = "weighted", _("by weight")  # in turn, in proportion to weight
        LEAST_LOADED = "least_loaded", _("least loaded")  # fewest open leads

    class Fallback(models.TextChoices):
        NEXT_RULE = "next_rule", _("try the next rule")
        WAIT = "wait", _("wait until somebody is available")  # the lead stays unassigned and is tried again
        DUTY_MANAGER = "duty_manager", _("give it to the named manager")

    title = models.CharField(_("title"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    method = models.CharField(_("method"), max_length=16, choices=Method.choices, default=Method.IN_TURN)
    managers = models.ManyToManyField(Manager, verbose_name=_("managers"), blank=True, help_text=_("Empty: all."))
    sources = models.JSONField(_("sources"), default=list, blank=True)
    products = models.JSONField(_("products"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    hours = models.JSONField(_("hours"), default=dict, blank=True)  # when the rule holds; same form as a schedule
    uses_bitrix_shift = models.BooleanField(_("ask Bitrix24 who is on shift"), default=False)
    fallback = models.CharField(
        _("when nobody is available"), max_length=16, choices=Fallback.choices, default=Fallback.NEXT_RULE
    )
    fallback_manager = models.ForeignKey(
        Manager, models.SET_NULL, null=True, blank=True, verbose_name=_("named manager"), related_name="+"
    )
    is_active = models.BooleanField(_("is active"), default=True)

    class Meta:
        verbose_name = _("rotation rule")
        verbose_name_plural = _("rotation rules")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title
