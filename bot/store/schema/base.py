"""What every table shares: named constraints and the kinds of columns, for both engines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    false,
    literal_column,
    text,
)
from sqlalchemy.sql.elements import TextClause

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# In SQLite only INTEGER PRIMARY KEY is the row's own key; BIGINT would get a second tree beside it.
Identity = BigInteger().with_variant(Integer(), "sqlite")


def ident() -> Column[int]:
    """The primary key, made by `bot.ids`, never by the database."""
    return Column("id", Identity, primary_key=True, autoincrement=False)


def link(name: str, target: str, *, required: bool = True, **more: Any) -> Column[int]:
    """A reference to another table's id, `target` as "table"."""
    return Column(name, Identity, ForeignKey(f"{target}.id"), nullable=not required, **more)


def number(name: str, *, required: bool = False, default: int | None = None) -> Column[int]:
    """A 64-bit figure, or an id that may outlive its row."""
    standard = None if default is None else text(str(default))
    return Column(
        name, BigInteger, nullable=not required and default is None, server_default=standard
    )


def instant(name: str, *, required: bool = False) -> Column[int]:
    """UTC microseconds since 1970 (see `bot.store.times`)."""
    return Column(name, BigInteger, nullable=not required)


def day(name: str, *, required: bool = False) -> Column[Any]:
    """A calendar day without a zone."""
    return Column(name, Date, nullable=not required)


def word(name: str, *, default: str | None = "", key: bool = False) -> Column[str]:
    """Short text in clear: never a person's words. `default=None` makes it compulsory."""
    standard = None if default is None or key else text(f"'{default}'")
    return Column(name, Text, primary_key=key, nullable=False, server_default=standard)


def flag(name: str) -> Column[bool]:
    """A claim that is false until somebody says so."""
    return Column(name, Boolean, nullable=False, server_default=false())


def secret(name: str, *, required: bool = False) -> Column[bytes]:
    """Ciphertext (see `bot.store.secrets`)."""
    return Column(name, LargeBinary, nullable=not required)


def keyed_hash(name: str = "hash", *, key: bool = False, required: bool = True) -> Column[bytes]:
    """A keyed hash (`Keyring.index`): 16 bytes."""
    return Column(name, LargeBinary, primary_key=key, nullable=not required)


def where(condition: TextClause) -> dict[str, Any]:
    """Makes an index partial on both engines.

    A query uses it only when it repeats the condition as literal SQL: see `fixed`.
    """
    return {"sqlite_where": condition, "postgresql_where": condition}


def fixed(column: Column[str], value: str) -> ColumnElement[bool]:
    """`column = 'value'` written out in the SQL, so that a partial index can serve the query."""
    return column == literal_column(f"'{value}'")


def unlike(column: Column[str], value: str) -> ColumnElement[bool]:
    """`column != 'value'`, written out likewise."""
    return column != literal_column(f"'{value}'")
