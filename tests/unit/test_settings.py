"""Settings say when a default is allowed, and never invent one where it is not."""

import base64
from pathlib import Path

import pytest

from app.settings import Settings, SettingsError

MASTER_KEY = base64.urlsafe_b64encode(bytes(32)).decode()
PRODUCTION = {
    "JALON_ENV": "production",
    "DATABASE_URL": "postgresql://app@db/jalon",
    "DATABASE_OWNER_URL": "postgresql://owner@db/jalon",
    "REDIS_URL": "redis://queue/0",
    "JALON_SECRET_KEY": "secret",
    "JALON_MASTER_KEY": MASTER_KEY,
    "JALON_SEAL_KEY": MASTER_KEY,
    "JALON_BASE_URL": "https://jalon.example/",
    "SMTP_URL": "smtp://mail:25",
    "JALON_MAIL_FROM": "jalon@example.org",
}


def read(data_dir: Path, **variables: str) -> Settings:
    return Settings.from_env({"JALON_DATA_DIR": str(data_dir), **variables})


def test_without_any_variable_the_servers_are_embedded_and_mail_goes_to_a_folder(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert (settings.database_url, settings.redis_url, settings.smtp_url) == (None, None, None)
    assert settings.outbox_dir == tmp_path / "outbox"
    assert not settings.demo


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("REDIS_URL", "queue:6379"),
        ("REDIS_URL", "redis://queue:99999/0"),
        ("REDIS_URL", "http://queue/0"),
        ("SMTP_URL", "mail.example.org"),
        ("SMTP_URL", "smtp://mail:port"),
        ("JALON_BASE_URL", "jalon.example"),
        ("JALON_BASE_URL", "https://"),
    ],
)
def test_what_is_no_address_of_such_a_server_is_refused_by_the_variables_name(tmp_path: Path, name: str, url: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is no address: say "):
        read(tmp_path, **{name: url})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_database_address_names_our_driver_whatever_its_host_calls_it(tmp_path: Path, scheme: str) -> None:
    settings = read(tmp_path, DATABASE_URL=f"{scheme}://app@db/jalon")

    assert settings.database_url == settings.database_owner_url == "postgresql+psycopg://app@db/jalon"


def test_another_database_is_refused_without_repeating_its_password(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL") as refusal:
        read(tmp_path, DATABASE_URL="mysql://app:password@db/jalon")

    assert "password" not in str(refusal.value)


def test_keys_are_made_once_and_kept_to_ourselves(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)

    assert (first.secret_key, first.master_key) == (second.secret_key, second.master_key)
    assert first.seal_key == second.seal_key
    assert len({first.secret_key, *(base64.urlsafe_b64encode(key).decode() for key in (first.master_key, first.seal_key))}) == 3
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.key")} == {0o600}


def test_keys_stay_out_of_what_is_printed(tmp_path: Path) -> None:
    settings = read(tmp_path, JALON_SECRET_KEY="do-not-tell", DATABASE_URL="postgresql://app:do-not-tell@db/jalon")

    assert "do-not-tell" not in repr(settings)
    assert repr(settings.master_key) not in repr(settings)
    assert repr(settings.seal_key) not in repr(settings)


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"JALON_ENV", "DATABASE_OWNER_URL"}))
def test_production_invents_nothing(tmp_path: Path, name: str) -> None:
    variables = {key: value for key, value in PRODUCTION.items() if key != name}

    with pytest.raises(SettingsError, match=name):
        read(tmp_path, **variables)


def test_production_takes_what_it_is_given_and_writes_no_key(tmp_path: Path) -> None:
    settings = read(tmp_path, **PRODUCTION)

    assert settings.database_owner_url == "postgresql+psycopg://owner@db/jalon"
    assert settings.base_url == "https://jalon.example"
    assert list(tmp_path.iterdir()) == []


def test_one_click_sign_ins_are_refused_in_production(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="JALON_DEMO"):
        read(tmp_path, **PRODUCTION, JALON_DEMO="1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JALON_DEMO", "perhaps"),
        ("JALON_ENV", "prod"),
        ("JALON_WORKER_LEASE_SECONDS", "0"),
        ("JALON_WORKER_LEASE_SECONDS", "two minutes"),
        ("JALON_LOG_LEVEL", "loud"),
        ("JALON_TRUSTED_PROXIES", "-1"),
        ("JALON_TRUSTED_PROXIES", "yes"),
        ("JALON_MASTER_KEY", "too short"),
        ("JALON_SEAL_KEY", "too short"),
    ],
)
def test_a_value_that_cannot_be_understood_is_refused_by_the_variables_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read(tmp_path, **{name: value})


def test_a_child_process_reads_the_settings_of_its_parent(tmp_path: Path) -> None:
    settings = read(tmp_path, JALON_DEMO="1", JALON_LOG_LEVEL="debug", JALON_TRUSTED_PROXIES="2").with_servers(
        database_url="postgresql://app@/jalon?host=/run", database_owner_url="postgresql://owner@/jalon?host=/run", redis_url="unix:///v"
    )

    assert Settings.from_env(settings.to_env()) == settings


PROVIDER = """
[clairval]
name = "Clairval"
issuer = "https://login.clairval.example/realms/one"
client_id = "jalon"
client_secret = "between the two"
domains = ["Clairval.example"]
"""


def with_providers(folder: Path, text: str) -> Settings:
    file = folder / "providers.toml"
    file.write_text(text, encoding="utf-8")
    return read(folder, JALON_SIGN_IN_PROVIDERS=str(file))


def test_providers_are_read_from_a_file_that_child_processes_read_too(tmp_path: Path) -> None:
    settings = with_providers(tmp_path, PROVIDER)
    (provider,) = settings.providers.every

    assert (provider.key, provider.vouches_for("Bruno@CLAIRVAL.example"), provider.required) == ("clairval", True, False)
    assert not any(provider.vouches_for(email) for email in ("bruno@sub.clairval.example", "clairval.example@elsewhere.example", ""))
    assert "between the two" not in repr(settings)
    assert Settings.from_env(settings.to_env()).providers == settings.providers


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[clairval", "Expected"),
        ("clairval = 1", "clairval is no provider"),
        (PROVIDER.replace("[clairval]", '["Clair val"]'), "Clair val is no provider"),
        (PROVIDER.replace("client_id", "client"), r"\[clairval\] client: nothing is called so"),
        (PROVIDER.replace('"jalon"', '""'), r"\[clairval\] client_id is missing"),
        (PROVIDER.replace("https", "http"), r"\[clairval\] issuer is no https"),
        (PROVIDER.replace('["Clairval.example"]', "[]"), r"\[clairval\] domains are missing"),
        (PROVIDER.replace("Clairval.example", "@clairval.example"), r"\[clairval\] domains are missing"),
        (PROVIDER + 'required = "yes"', r"\[clairval\] required is true or false"),
        (PROVIDER + PROVIDER.replace("[clairval]", "[another]"), "clairval.example stands twice"),
    ],
)
def test_a_file_of_providers_says_what_is_wrong_and_where(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(SettingsError, match=f"^JALON_SIGN_IN_PROVIDERS, .*providers.toml: .*{fault}"):
        with_providers(tmp_path, text)


def test_a_file_of_providers_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^JALON_SIGN_IN_PROVIDERS, .*nowhere.toml"):
        read(tmp_path, JALON_SIGN_IN_PROVIDERS=str(tmp_path / "nowhere.toml"))
