"""The words that travel between the floors: frozen values, one word for one idea.

Instants are timezone-aware UTC datetimes, days are dates, ids are 63-bit integers made by the
service (`bot.ids`). Nothing here touches the world.
"""

from flows.vocabulary.deeds import (
    CheckedIn,
    ContactNamed,
    Deed,
    Enrol,
    ListClosed,
    NumberWrong,
    PageWanted,
    PersonLearned,
    SilenceAsked,
    StateMoved,
    TurnedPositive,
)
from flows.vocabulary.doors import (
    Accepted,
    Busy,
    DeliveryReport,
    Incoming,
    Outgoing,
    Refused,
    Sent,
    Uncertain,
)
from flows.vocabulary.people import (
    Address,
    Case,
    CheckIn,
    Contact,
    Exposure,
    FollowUp,
    Link,
    Person,
)
from flows.vocabulary.talking import (
    Conversation,
    Draft,
    Event,
    Frame,
    Message,
    Named,
    Review,
    ReviewWanted,
    Timer,
)
from flows.vocabulary.turns import PersonHere, Scene, Turn
from flows.vocabulary.words import LANGUAGES, ChannelName, Lang, Priority

__all__ = [
    "LANGUAGES",
    "Accepted",
    "Address",
    "Busy",
    "Case",
    "ChannelName",
    "CheckIn",
    "CheckedIn",
    "Contact",
    "ContactNamed",
    "Conversation",
    "Deed",
    "DeliveryReport",
    "Draft",
    "Enrol",
    "Event",
    "Exposure",
    "FollowUp",
    "Frame",
    "Incoming",
    "Lang",
    "Link",
    "ListClosed",
    "Message",
    "Named",
    "NumberWrong",
    "Outgoing",
    "PageWanted",
    "Person",
    "PersonHere",
    "PersonLearned",
    "Priority",
    "Refused",
    "Review",
    "ReviewWanted",
    "Scene",
    "Sent",
    "SilenceAsked",
    "StateMoved",
    "Timer",
    "Turn",
    "TurnedPositive",
    "Uncertain",
]
