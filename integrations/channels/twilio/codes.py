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
    "63003": ("bad_number", True),  # no such WhatsApp account
    "63016": ("configuration", True),  # WhatsApp outside its 24 hours: a template is needed
    "63024": ("bad_number", True),
}

TOO_MANY = frozenset({"14107", "20429", "21611", "30001", "30022", "63018"})


def refusal(code: str) -> Refused:
    """The refusal behind a code, of a request or of a delivery report; unknown ones may pass."""
    meaning, permanent = MEANINGS.get(code, ("unknown", False))
    return Refused(code, meaning, permanent)
