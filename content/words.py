"""The words that sort customers, the same in the library, the survey and the reports."""

from django.utils.translation import gettext_lazy as _

# How near to a decision somebody is.
SEGMENTS = (("cold", _("cold")), ("warm", _("warm")), ("hot", _("hot")))
# Whom one talks to: each has a dialogue of its own.
PERSONAS = (
    ("newcomer", _("newcomer")),
    ("trader", _("advanced trader")),
    ("investor", _("investor with capital")),
    ("sceptic", _("sceptic")),
)
