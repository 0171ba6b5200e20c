"""What Twilio's error codes mean for us, in the words of `Refused`."""

from __future__ import annotations

from flows.vocabulary import Refused

# code: (meaning, whether trying this address again is pointless)
MEANINGS: dict[str, tuple[str, bool]] = {
    "20003": ("configuration", False),  # wrong credentials
    "20404": ("configuration", False),  # wrong account
    "21211": ("bad_number", True),
    "21217": ("bad_number", True),
    "21265": ("bad_number", True),  # the number is a short code
    "21408": ("configuration", False),  # region not enabled
    "21602": ("configuration", False),  # empty text
    "21603": ("configuration", False),  # no sender
    "21606": ("configuration", False),  # the sender cannot send texts
    "21610": ("opted_out", True),
    "21612": ("configuration", False),  # impossible pair of sender and recipient
    "21614": ("bad_number", True),
    "21617": ("configuration", True),  # text over 1,600 letters
    "21635": ("landline", True),
    "21659": ("configuration", False),  # the sender is not ours
    "21703": ("configuration", False),  # messaging service without senders
    "30002": ("configuration", False),  # account suspended
    "30003": ("unreachable", False),
    "30004": ("blocked", True),
    "30005": ("bad_number", True),
    "30006": ("landline", True),
    "30007": ("filtered", True),
    "30008": ("unknown", False),
    # Calls, by how they ended.
    "no-answer": ("unanswered", False),
    "busy": ("unanswered", False),
    "rang": ("unanswered", False),
    # WhatsApp. https://www.twilio.com/docs/whatsapp/tutorial/error-codes
    "63001": ("configuration", False),  # wrong credentials of the channel
    "63003": ("not_there", True),  # no such WhatsApp account
    "63005": ("filtered", True),  # the channel did not take this content
    "63007": ("configuration", False),  # the sender is no WhatsApp sender
    "63013": ("filtered", True),  # against the channel's policy
    "63016": ("window", True),  # outside its 24 hours: a template is needed
    "63024": ("not_there", True),
    "63027": ("configuration", True),  # the template is not there in that language
    "63028": ("configuration", True),  # the template has another number of places
    "63032": ("blocked", True),
    "63040": ("configuration", True),  # the template was rejected
    "63041": ("configuration", True),  # the template is paused
    "63042": ("configuration", True),  # the template is disabled
}

TOO_MANY = frozenset({"14107", "20429", "21611", "30001", "30022", "63018"})


def refusal(code: str) -> Refused:
    """The refusal behind a code, of a request or of a delivery report; unknown ones may pass."""
    meaning, permanent = MEANINGS.get(code, ("unknown", False))
    return Refused(code, meaning, permanent)
