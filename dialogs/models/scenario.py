"""Authoring: the draft an editor changes, and the versions dialogues run on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scenario(models.Model):
    """A dialogue script: its draft is rows, its published form is a version."""

    key = models.SlugField(_("key"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=190)
    start = models.SlugField(_("first step"), max_length=64, blank=True)
    # What holds for the whole script: the texts of global intents, timeouts … (see dialogs/engine/script.py)
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    current = models.ForeignKey(
        "ScenarioVersion", models.SET_NULL, null=True, blank=True, verbose_name=_("published version"), related_name="+"
    )
    is_active = models.BooleanField(_("is active"), default=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One step of a draft. `config` holds what its kind needs; see `dialogs/engine/steps/<kind>.py`."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, verbose_name=_("scenario"), related_name="steps")
    key = models.SlugField(_("key"), max_length=64)
    kind = models.CharField(_("kind"), max_length=24)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.TextField(_("text"), blank=True)
    next = models.SlugField(_("next step"), max_length=64, blank=True)
    config = models.JSONField(_("settings"), default=dict, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["scenario", "key"], name="dialogs_step_key_once")]

    def __str__(self) -> str:
        return self.key


class Choice(models.Model):
    """One button of a menu step."""

    step = models.ForeignKey(Step, models.CASCADE, verbose_name=_("step"), related_name="choices")
    key = models.SlugField(_("key"), max_length=48)
    text = models.CharField(_("button"), max_length=120)
    next = models.SlugField(_("next step"), max_length=64)
    synonyms = models.CharField(
        _("also understood as"), max_length=300, blank=True, help_text=_("Separated by commas.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["step", "key"], name="dialogs_choice_key_once")]

    def __str__(self) -> str:
        return self.text


class ScenarioVersion(models.Model):
    """A published script, frozen: the compiled JSON never changes, so a running dialogue never changes its words."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, verbose_name=_("scenario"), related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    compiled = models.JSONField(_("script"))
    content_hash = models.CharField(_("hash"), max_length=64)
    prompts = models.JSONField(_("prompts"), default=dict, blank=True)  # name -> its version and what the file held
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("author"), related_name="+"
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    created_at = models.DateTimeField(_("published at"), auto_now_add=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["scenario", "number"], name="dialogs_version_number_once")]

    def __str__(self) -> str:
        return f"{self.scenario_id} v{self.number}"
