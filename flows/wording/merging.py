"""Brings a catalogue up to date with the English texts, without losing a translation in use."""

import io
from collections.abc import Iterable
from itertools import chain

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from flows.wording.extract import Text

_COMMENT = (
    "# Each text is found by its key (msgctxt). A text marked fuzzy is in use although its\n"
    "# English has changed: mend it and take the mark away.\n"
    "# Translators: before a deployment uses this file, a native speaker and the deployment's\n"
    "# doctor read every text of it.\n"
)


def updated(po: str, lang: str, texts: Iterable[Text]) -> str:
    """The catalogue `po` (or "" for a new one) with exactly these texts, in their order.

    A text whose English changed keeps its translation, marked fuzzy; keys that are gone are put
    aside as obsolete, and taken up again if they return.
    """
    catalogue = read_po(io.StringIO(po), locale=lang, abort_invalid=True)
    known = chain(catalogue.obsolete.values(), catalogue)
    before = {str(m.context): str(m.string) for m in known if m.context and m.string}
    # Fuzzy matching would put the translation of one question on another.
    catalogue.update(_template(texts), no_fuzzy_matching=True, update_creation_date=False)
    _keep_in_use(catalogue, before)
    return _written(catalogue)


def _template(texts: Iterable[Text]) -> Catalog:
    template = Catalog()
    for text in texts:
        template.add(text.english, context=text.key, locations=[(text.file, text.line)])
    return template


def _keep_in_use(catalogue: Catalog, before: dict[str, str]) -> None:
    for message in catalogue:
        key = str(message.context)
        if key in before and not message.string:
            message.string = before[key]
            message.flags.add("fuzzy")
    kept = {str(message.context) for message in catalogue if message.context}
    for identity, message in list(catalogue.obsolete.items()):
        if message.context in kept:
            del catalogue.obsolete[identity]


def _written(catalogue: Catalog) -> str:
    catalogue.header_comment = _COMMENT.strip()
    catalogue.fuzzy = False
    file = io.BytesIO()
    # Line numbers would change a hundred entries for one new line of a flow.
    write_po(file, catalogue, width=100, include_lineno=False, omit_header=True)
    return f"{_COMMENT}{_header(catalogue)}{file.getvalue().decode()}"


def _header(catalogue: Catalog) -> str:
    fields = (
        f"Language: {catalogue.locale_identifier}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalogue.plural_forms}",
    )
    lines = "".join(f'"{field}\\n"\n' for field in fields)
    return f'msgid ""\nmsgstr ""\n{lines}\n'
