"""Settings come from the environment, once, and a wrong one says what is right."""

from __future__ import annotations

import pytest

from chalicelib.config import PROJECT_DIR, Settings
from chalicelib.errors import ConfigError


def test_a_developer_s_machine_needs_no_setting() -> None:
    settings = Settings.from_env({})

    assert (settings.store, settings.table) == ("embedded", "formpost-local")
    assert settings.data_dir == PROJECT_DIR / ".formpost"
    assert settings.allowed_origins == ("http://localhost:8080", "http://127.0.0.1:8080")


def test_the_local_site_s_origins_follow_its_port() -> None:
    assert Settings.from_env({"SITE_PORT": "9001"}).allowed_origins == (
        "http://localhost:9001",
        "http://127.0.0.1:9001",
    )


@pytest.mark.parametrize(
    "mark", ["AWS_LAMBDA_RUNTIME_API", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"]
)
def test_lambda_and_a_named_dynamodb_use_the_real_client(mark: str) -> None:
    settings = Settings.from_env({mark: "127.0.0.1:9001"})

    assert (settings.store, settings.allowed_origins) == ("aws", ())


def test_origins_are_a_list_with_commas() -> None:
    listed = {"FORMPOST_ALLOWED_ORIGINS": "https://A.example, http://b.example:8080,"}

    assert Settings.from_env(listed).allowed_origins == (
        "https://a.example",
        "http://b.example:8080",
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("FORMPOST_STORE", "postgres", "aws, embedded"),
        ("FORMPOST_ALLOWED_ORIGINS", "a.example", "https://example.com"),
        ("FORMPOST_ALLOWED_ORIGINS", "https://a.example/page", "https://example.com"),
        ("FORMPOST_STORE_TIMEOUT_SECONDS", "soon", "number of seconds"),
        ("FORMPOST_STORE_TIMEOUT_SECONDS", "0", "at most 10"),
        ("FORMPOST_STORE_TIMEOUT_SECONDS", "nan", "at most 10"),
    ],
)
def test_a_wrong_setting_says_what_is_right(name: str, value: str, words: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.from_env({name: value})

    assert name in str(refused.value)
    assert value in str(refused.value)
    assert words in str(refused.value)


def test_the_table_is_named_for_aws_and_is_one_on_a_developer_s_machine() -> None:
    named = {"FORMPOST_TABLE": "formpost-dev"}

    assert Settings.from_env({**named, "FORMPOST_STORE": "aws"}).table == "formpost-dev"
    assert Settings.from_env(named).table == "formpost-local"
