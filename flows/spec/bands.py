"""The closed lists of flows: how replies come out, what the engine computes, what `do:` names."""

from __future__ import annotations

from collections.abc import Mapping

# How a reply to an `ask` may come out beside the bands of its kind.
UNIVERSAL_BANDS = ("unclear", "refused", "silent")

# The finite bands of each kind of question (`choice` and `several` bring their own options).
KIND_BANDS: Mapping[str, tuple[str, ...]] = {
    "yes_no": ("yes", "no"),
    "danger_signs": ("yes", "no"),
    "choice": (),
    "several": ("none", "some"),
    "fever": ("none", "felt", "figure"),
    "symptoms": ("none", "some"),
    "onset": ("given", "none"),
    "date": ("given",),
    "birth_year": ("match", "differs"),
    "year": ("given",),
    "full_name": ("match", "differs"),
    "own_name": ("given", "match", "differs"),
    "contacts": ("some", "none"),
    "numbers": ("some", "later"),
    "consent": ("all", "nobody", "named", "chosen"),
    "summary": ("right", "changed"),
    "which": ("some", "none"),
    "ages": ("some",),
    "count": ("none", "some"),
    "text": ("given", "none"),
    "members": ("some", "none"),
    "member_risks": ("some", "none"),
    "teen_number": ("given", "later"),
    "new_word": ("given",),
    "family_word": ("match", "nothing", "told"),
    "household": ("nothing", "told"),
    "household_right": ("right", "changed", "wrong"),
    "danger_who": ("yes", "no"),
    "slot": ("chosen", "other"),
}

# Questions about danger: a yes is one, and what is no answer wants a person.
DANGER_KINDS = ("danger_signs", "danger_who")

# Facts that the engine computes while a flow runs; any flow may branch on them.
COMPUTED_FACTS: Mapping[str, tuple[str, ...]] = {
    "named": ("some", "none"),
    "nameless": ("some", "none"),
    "danger_named": ("yes", "no"),
    "minors": ("doubtful", "clear"),
    "last_days": ("missing", "clear"),
    "pace": ("full", "short"),
    "lives_alone": ("yes", "no"),
    "members": ("missing", "all"),
    "member_ages": ("missing", "clear"),
    "teenagers": ("some", "none"),
    "other_adults": ("some", "none"),
    "children": ("some", "none"),
    "infants": ("some", "none"),
    "unnumbered": ("some", "none"),
    "assessment": ("danger", "urgent", "watch", "calm"),
    "signs": ("none", "first", "again"),
    "calls": ("free", "full"),
}

# Everything that `do:` may name, and whether it takes an argument.
DEEDS: Mapping[str, bool] = {
    "assess": False,
    "assess_all": False,
    "book_call": False,
    "close_list": True,
    "date_named": False,
    "enrol": False,
    "enrol_members": False,
    "help_reached": False,
    "helper_agreed": False,
    "identity_proven": False,
    "instructed": False,
    "keep_word": False,
    "learn": True,
    "lower_danger": False,
    "mark": True,
    "mark_others": True,
    "missed": False,
    "missed_all": False,
    "move_case": True,
    "move_contact": True,
    "note_symptoms": False,
    "number_wrong": False,
    "open_relay": False,
    "review": True,
    "shared_phone": False,
}
