"""One person, however many chats they write in."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Collate, Reverse
from django.utils.translation import gettext_lazy as _

from bot.models import Chat
from bot.personal import ADDRESS, NAME, PHONE, TEXT, Look, Personal, PersonalModel, hidden, same
from crm.phones import readable


class Customer(PersonalModel):
    """A person. The phone is stored only once consent is recorded (promise 9)."""

    whose = "pk"
    personal = {
        "name": NAME,
        "phone": PHONE,
        "phone_extension": Personal(hidden),
        "email": ADDRESS,
        "tags": Personal(same, erased=[]),
        "utm": Personal(same, erased={}),
    }
    harmless = ("language", "segment", "persona", "funnel_stage", "source", "time_zone")

    name = models.CharField(_("name"), max_length=190, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True, help_text=_("E.164"))
    phone_extension = models.CharField(_("extension"), max_length=12, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    segment = models.CharField(_("segment"), max_length=32, blank=True)
    lead_score = models.IntegerField(_("score"), default=0)
    persona = models.CharField(_("persona"), max_length=24, blank=True)  # whom one talks to: newcomer, sceptic …
    funnel_stage = models.CharField(_("stage of the funnel"), max_length=32, blank=True)  # the farthest reached
    tags = models.JSONField(_("tags"), default=list, blank=True)
    # Where their clock is, when known ("Asia/Yekaterinburg"): times are told by it too, and nobody is written to at night.
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    utm = models.JSONField(_("UTM"), default=dict, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed at"), null=True, blank=True)
    erased_at = models.DateTimeField(_("personal data erased at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        permissions = [("see_personal_data", _("Can see names, phones, e-mails and words of customers"))]
        indexes = [
            models.Index(fields=["phone"], name="crm_customer_phone"),
            models.Index(fields=["email"], name="crm_customer_email"),
            models.Index(fields=["-created_at"], name="crm_customer_newest"),
            models.Index(fields=["segment"], name="crm_customer_segment", condition=~models.Q(segment="")),
            # People search by the last digits: reversed, they come first, and "C" orders them as bytes in every database.
            models.Index(Collate(Reverse("phone"), "C"), name="crm_customer_phone_end"),
            GinIndex(SearchVector("name", config="simple"), name="crm_customer_name_words"),
        ]

    def __str__(self) -> str:
        return self.name or self.readable_phone or f"№ {self.pk}"

    @property
    def readable_phone(self) -> str:
        """The number as people write it: "+7 916 123-45-67 доб. 12"."""
        if not self.phone:
            return ""
        extension = _(" ext. %(extension)s") % {"extension": self.phone_extension} if self.phone_extension else ""
        return f"{readable(self.phone)}{extension}"

    def tell_whose(self, look: Look) -> None:
        look.customers.add(self.pk)


class CustomerChat(models.Model):
    """Whose chat it is. A chat belongs to one person; a person may have several."""

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="links")
    chat = models.OneToOneField(Chat, models.CASCADE, verbose_name=_("chat"), related_name="customer_link")

    class Meta:
        verbose_name = _("customer's chat")
        verbose_name_plural = _("customers' chats")

    def __str__(self) -> str:
        return f"{self.customer_id} ↔ {self.chat_id}"


class Consent(PersonalModel):
    """Proof of one consent: which words, in which version, when, and how it was given. Kept even after a withdrawal."""

    whose = "customer"
    personal = {"given_by": TEXT}
    harmless = ("purpose", "text", "text_version")  # the words are ours

    class Purpose(models.TextChoices):
        PERSONAL_DATA = "personal_data", _("personal data (152-FZ)")
        ADVERTISING = "advertising", _("advertising (38-FZ)")

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=24, choices=Purpose.choices)
    text = models.TextField(_("text shown"))
    text_version = models.CharField(_("version of the text"), max_length=32)
    given_by = models.CharField(_("given by"), max_length=190)  # the customer's own words or the button pressed
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["customer", "purpose"], name="crm_consent_of")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.text_version}"
