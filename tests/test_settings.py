"""Settings: an empty environment works; whatever is wrong stops the start by its name."""

import base64
import re
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from bot import settings
from bot.development_keys import FILE
from bot.settings import SettingFault, Settings, TelegramSettings, TwilioSettings, read_settings
from bot.store.urls import read_url

KEY = base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "VIGIE_MODE": "production",
    "VIGIE_SECRET_KEY": "s" * 32,
    "VIGIE_DATA_KEYS": f"b:{KEY},a:{base64.b64encode(b'o' * 32).decode()}",
    "VIGIE_INDEX_KEY": "i" * 32,
    "PUBLIC_URL": "https://vigie.example.org/",
}
TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "hush",
    "TWILIO_FROM": "+33755550100",
}


def read(tmp_path: Path, **environ: str) -> Settings:
    return read_settings(environ, tmp_path / "var")


def test_an_empty_environment_is_a_working_demonstration(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.demonstration
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/var/vigie.db"
    assert settings.twilio is settings.telegram is None
    assert len(settings.warnings) == 1
    kept = tmp_path / "var" / FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert read(tmp_path) == settings
    assert [file.name for file in kept.parent.iterdir()] == [FILE]


def test_keys_that_are_given_are_used_and_not_warned_of(tmp_path: Path) -> None:
    given = {name: value for name, value in PRODUCTION.items() if name.endswith(("KEY", "KEYS"))}
    settings = read(tmp_path, **given)
    assert settings.warnings == ()
    assert settings.keyring().first == "b"
    assert not (tmp_path / "var").exists()


def test_production_takes_all_it_is_given(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        **PRODUCTION,
        **TWILIO,
        TELEGRAM_TOKEN="1:t",
        TELEGRAM_WEBHOOK_SECRET="w",
        HOST="10.0.0.7",
        PORT="80",
        DATABASE_URL="postgres://me:secret@db/vigie?sslmode=require",
    )
    assert settings.public_url == "https://vigie.example.org"
    assert settings.database_url == "postgresql+asyncpg://me:secret@db/vigie?ssl=require"
    assert settings.twilio == TwilioSettings("AC1", "hush", "+33755550100")
    assert settings.telegram == TelegramSettings("1:t", "w")
    shown = repr(settings)
    assert not [
        word for word in ("secret@", "hush", "1:t", "ssss", "iiii", "kkkk") if word in shown
    ]


@pytest.mark.parametrize(
    "name", ["VIGIE_SECRET_KEY", "VIGIE_DATA_KEYS", "VIGIE_INDEX_KEY", "PUBLIC_URL"]
)
def test_production_refuses_to_start_without(tmp_path: Path, name: str) -> None:
    for left in ({**PRODUCTION, name: " "}, {k: v for k, v in PRODUCTION.items() if k != name}):
        with pytest.raises(SettingFault, match=f"^{name} ") as caught:
            read(tmp_path, **left)
        assert caught.value.name == name
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIGIE_MODE", "prod"),
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("HOST", "10.0.0.7"),
        ("HOST", "vigie.example.org"),
        ("PUBLIC_URL", "https://vigie.example.org"),
        ("TWILIO_AUTH_TOKEN", "t"),
        ("TWILIO_FROM", "+33755550100"),
        ("TELEGRAM_TOKEN", "1:t"),
        ("DATABASE_URL", "mysql://db/vigie"),
        ("DATABASE_URL", "vigie.db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///a.db?mode=ro"),
        ("DATABASE_URL", "postgres://db/vigie?sslmode=perhaps"),
        ("VIGIE_SECRET_KEY", "short"),
        ("VIGIE_INDEX_KEY", "short"),
        ("VIGIE_DATA_KEYS", KEY),
        ("VIGIE_DATA_KEYS", f"a:{KEY},a:{KEY}"),
        ("VIGIE_DATA_KEYS", "a:c2hvcnQ="),
        ("VIGIE_DATA_KEYS", "a:***"),
        ("VIGIE_PACK", "armor-2099"),
        ("VIGIE_NOW_OFFSET", "soon"),
        ("VIGIE_NOW_OFFSET", "nan"),
        ("VIGIE_NOW_OFFSET", "1e30"),
    ],
)
def test_a_wrong_setting_stops_the_demonstration_by_name(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(SettingFault, match=f"^{name} ") as caught:
        read(tmp_path, **{name: value})
    line = str(caught.value)
    assert "\n" not in line
    assert KEY not in line


def test_an_unknown_parameter_of_the_database_is_named() -> None:
    with pytest.raises(ValueError, match="channel_binding"):
        read_url("postgresql://db/vigie?sslmode=require&channel_binding=require")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_FROM": "+33755550100"}, "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t"}, "TWILIO_FROM"),
        ({**TWILIO, "TWILIO_MESSAGING_SERVICE_SID": "MG1"}, "TWILIO_FROM"),
        ({**TWILIO, "TWILIO_API_URL": "api.twilio.com"}, "TWILIO_API_URL"),
        ({"TELEGRAM_WEBHOOK_SECRET": "w"}, "TELEGRAM_TOKEN"),
        ({"PUBLIC_URL": "vigie.example.org"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://vigie.example.org?a=b"}, "PUBLIC_URL"),
        ({**TWILIO, "VIGIE_NOW_OFFSET": "60"}, "VIGIE_NOW_OFFSET"),
        ({"TELEGRAM_TOKEN": "1:t", "VIGIE_NOW_OFFSET": "60"}, "VIGIE_NOW_OFFSET"),
    ],
)
def test_half_given_settings_stop_production_by_name(
    tmp_path: Path, given: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingFault, match=f"^{named} "):
        read(tmp_path, **(PRODUCTION | given))


def test_the_clock_may_be_set_off_with_a_provider_that_stands_in(tmp_path: Path) -> None:
    stand_in = {"TWILIO_API_URL": "http://127.0.0.1:9999", "VIGIE_NOW_OFFSET": "-90.5"}
    settings = read(tmp_path, **PRODUCTION, **TWILIO, **stand_in)
    assert settings.now_offset == timedelta(seconds=-90.5)
    assert settings.twilio is not None and settings.twilio.api_url == "http://127.0.0.1:9999"


def test_keys_that_cannot_be_kept_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("in the way")
    with pytest.raises(SettingFault, match=r"^VIGIE_DATA_KEYS "):
        read(tmp_path)


def test_production_by_fictional_rules_starts_with_a_loud_warning(tmp_path: Path) -> None:
    settings = read(tmp_path, **PRODUCTION)
    assert settings.pack == "demonstration"
    [warning] = settings.warnings
    assert warning.startswith("WARNING: VIGIE_PACK is demonstration")
    assert "\n" not in warning
    signed = read(tmp_path, **PRODUCTION, VIGIE_PACK="france")
    assert (signed.pack, signed.warnings) == ("france", ())


def test_the_demonstration_needs_no_warning_of_its_fictional_rules(tmp_path: Path) -> None:
    assert not [line for line in read(tmp_path).warnings if "VIGIE_PACK" in line]


def test_every_setting_is_documented() -> None:
    known = set(
        re.findall(r'"([A-Z]+(?:_[A-Z]+)+|HOST|PORT)"', Path(settings.__file__).read_text())
    )
    documented = set(re.findall(r"`([A-Z_]+)`", Path("docs/settings.md").read_text()))
    assert len(known) > 15
    assert known <= documented
