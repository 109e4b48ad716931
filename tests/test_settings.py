"""Settings: where values come from, what is refused and how it is said, and what the signature depends on."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import BadSetting
from assistant.settings import Settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A working directory without ``.env`` and an environment without our variables."""
    import os

    for name in list(os.environ):
        if name.startswith(("ISNAD_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_flags_beat_the_environment_which_beats_the_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ISNAD_PORT=1111\nISNAD_QUOTES=5\nISNAD_HOST=localhost\nOTHER=x\n", encoding="utf-8")
    monkeypatch.setenv("ISNAD_PORT", "2222")
    monkeypatch.setenv("ISNAD_QUOTES", "6")
    settings = Settings.load(port=3333, host=None)
    assert (settings.port, settings.quotes, settings.host) == (3333, 6, "localhost")


def test_defaults_need_nothing() -> None:
    settings = Settings.load()
    assert (settings.host, settings.index, settings.quotes) == ("127.0.0.1", Path(".isnad"), 3)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISNAD_PORT", "")
    assert Settings.load().port is None


@pytest.mark.parametrize(
    ("flags", "name"),
    [
        ({"port": "many"}, "--port"),
        ({"port": 70_000}, "--port"),
        ({"quotes": 0}, "--quotes"),
        ({"color": "green"}, "--color"),
        ({"passage_words": 5}, "--passage-words"),
        ({"answer_threshold": 1.5}, "--answer-threshold"),
        ({"database": "mysql://x/y"}, "--database"),
        ({"database": "kept.sqlite"}, "--database"),
        ({"no_such": 1}, "no_such"),
        ({"openai_base_url": "localhost:11434"}, "--base-url"),
        ({"answer_seconds": 0}, "--answer-seconds"),
    ],
)
def test_a_bad_flag_is_named_in_one_line(flags: dict[str, object], name: str) -> None:
    with pytest.raises(BadSetting) as caught:
        Settings.load(**flags)
    assert caught.value.facts["name"] == name
    assert "\n" not in str(caught.value)
    assert ".:" not in str(caught.value)
    assert not str(caught.value).endswith("..")


def test_a_bad_variable_is_named_as_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISNAD_PORT", "many")
    with pytest.raises(BadSetting, match="ISNAD_PORT"):
        Settings.load()


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (
            {"passage_words": 200, "passage_max_words": 100},
            "--passage-max-words cannot be used: it must not be smaller",
        ),
        ({"uncertain_threshold": 0.8, "answer_threshold": 0.5}, "--uncertain-threshold cannot be used: it must not be"),
        ({"embedding_model": "bge-m3"}, "--embedding-model cannot be used: it needs an endpoint"),
    ],
)
def test_values_must_agree(flags: dict[str, object], words: str) -> None:
    with pytest.raises(BadSetting, match=words):
        Settings.load(**flags)


def test_the_database_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its URL may hold a password, which no message and no print of the settings may show."""
    monkeypatch.setenv("ISNAD_DATABASE", "postgresql://isnad:hidden@db.example/isnad")
    settings = Settings.load()
    assert settings.database and settings.database.get_secret_value().endswith("hidden@db.example/isnad")
    assert "hidden" not in repr(settings) and "hidden" not in str(settings)
    monkeypatch.setenv("ISNAD_DATABASE", "oracle://isnad:hidden@db.example/isnad")
    with pytest.raises(BadSetting, match="ISNAD_DATABASE") as caught:
        Settings.load()
    assert "hidden" not in str(caught.value)


def test_an_env_file_that_is_not_text_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"ISNAD_HOST=\xff\xfe\x00")
    with pytest.raises(BadSetting, match=r"\.env"):
        Settings.load()


def test_settings_cannot_be_patched() -> None:
    settings = Settings.load()
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1


@pytest.mark.parametrize("change", [{"passage_words": 119}, {"passage_max_words": 221}])
def test_the_signature_follows_what_changes_the_index(change: dict[str, int]) -> None:
    assert Settings.load(**change).signature("1") != Settings.load().signature("1")


def test_the_signature_ignores_the_rest() -> None:
    assert Settings.load(port=1, quotes=9, gloss=False).signature("1") == Settings.load().signature("1")
    assert Settings.load().signature("2") != Settings.load().signature("1")


# ------------------------------------------------ the model's endpoint

KEY = "sk-proj-0123456789abcdef"


def key_of(settings: Settings) -> str | None:
    return settings.openai_api_key.get_secret_value() if settings.openai_api_key else None


@pytest.mark.parametrize(
    ("environment", "env_file", "key"),
    [
        ({}, "", None),
        ({"OPENAI_API_KEY": "sk-1"}, "", "sk-1"),
        ({"OPENAI_API_KEY": ""}, "", None),
        ({"OPENAI_API_KEY": "  "}, "", None),
        ({"OPENAI_API_KEY": " sk-1\n"}, "", "sk-1"),
        ({"OPENAI_API_KEY": "sk-1", "ISNAD_OPENAI_API_KEY": "sk-2"}, "", "sk-2"),
        ({}, "OPENAI_API_KEY=sk-3", "sk-3"),
        ({"OPENAI_API_KEY": "sk-1"}, "OPENAI_API_KEY=sk-3", "sk-1"),
    ],
)
def test_the_key_is_found_where_people_put_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: dict[str, str], env_file: str, key: str | None
) -> None:
    (tmp_path / ".env").write_text(env_file, encoding="utf-8")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert key_of(Settings.load()) == key


def test_the_address_of_a_flag_beats_that_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OPENAI_BASE_URL=http://file/v1\nISNAD_MODEL=of-file\n", encoding="utf-8")
    assert Settings.load().openai_base_url == "http://file/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://environment/v1/")
    settings = Settings.load()
    assert (settings.openai_base_url, settings.model) == ("http://environment/v1", "of-file")
    settings = Settings.load(openai_base_url="http://flag/v1", model="of-flag")
    assert (settings.openai_base_url, settings.model) == ("http://flag/v1", "of-flag")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("localhost:11434/v1", "must look like"),
        ("ftp://localhost/v1", "must look like"),
        ("http:///v1", "must look like"),
        ("http://host:port/v1", "must look like"),
        ("http://host/v1 x", "must look like"),
        (f"https://user:{KEY}@host/v1", "belongs in OPENAI_API_KEY"),
        (f"https://{KEY}@host/v1", "belongs in OPENAI_API_KEY"),
        (f"https://host/v1?key={KEY}", "belongs in OPENAI_API_KEY"),
        (f"https://host/v1#{KEY}", "belongs in OPENAI_API_KEY"),
    ],
)
def test_an_address_that_cannot_be_used_is_not_repeated(monkeypatch: pytest.MonkeyPatch, url: str, why: str) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    with pytest.raises(BadSetting, match=why) as caught:
        Settings.load()
    assert caught.value.facts["name"] == "OPENAI_BASE_URL"
    assert url not in str(caught.value)


@pytest.mark.parametrize(
    "environment",
    [
        {"OPENAI_API_KEY": KEY + " x"},
        {"OPENAI_API_KEY": KEY + "\nX-Header: 1"},
        {"OPENAI_API_KEY": KEY + "é"},
        {"OPENAI_API_KEY": KEY, "ISNAD_PORT": "many"},
        {"OPENAI_API_KEY": KEY, "ISNAD_PASSAGE_WORDS": "900"},
        {"OPENAI_BASE_URL": f"https://{KEY}@host/v1"},
    ],
)
def test_no_complaint_holds_the_key(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as caught:
        Settings.load()
    assert KEY not in "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caught.value.say("ar")


def test_settings_do_not_show_the_key() -> None:
    settings = Settings.load(openai_api_key=KEY)
    assert key_of(settings) == KEY
    assert KEY not in f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"


def test_a_model_does_not_change_the_index() -> None:
    written = Settings.load(openai_api_key=KEY, openai_base_url="http://127.0.0.1:1/v1", model="m", answer_seconds=1)
    assert written.signature("1") == Settings.load().signature("1")


# ------------------------------------------------ embeddings

EMBEDS = {"embedding_model": "bge-m3", "openai_base_url": "http://127.0.0.1:11434/v1"}


def test_embeddings_are_part_of_the_signature_only_when_there_are_some() -> None:
    plain = Settings.load().signature("1")
    without = {**EMBEDS, "embedding_model": "none", "embedding_dimensions": 8, "embedding_passage_prefix": "passage: "}
    assert Settings.load(**without).signature("1") == Settings.load(embedding_batch=3).signature("1") == plain
    assert not Settings.load(**without).embeds
    with_them = Settings.load(**EMBEDS)
    assert with_them.embeds
    assert with_them.signature("1").startswith(f"{plain}-")
    changes: list[dict[str, object]] = [
        {"embedding_model": "e5"}, {"embedding_dimensions": 256}, {"embedding_passage_prefix": "passage: "}
    ]  # fmt: skip
    assert (
        len({with_them.signature("1"), *(Settings.load(**EMBEDS | change).signature("1") for change in changes)}) == 4
    )
    # Nothing that is stored depends on these.
    same = {"embedding_query_prefix": "query: ", "embedding_batch": 8, "embedding_seconds": 3, "embedding_price": 0.1}
    assert Settings.load(**EMBEDS | same | {"openai_base_url": "http://127.0.0.1:1/v1"}).signature(
        "1"
    ) == with_them.signature("1")


def test_a_prefix_keeps_its_space(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ISNAD_EMBEDDING_PASSAGE_PREFIX", "passage: ")
    (tmp_path / ".env").write_text('ISNAD_EMBEDDING_QUERY_PREFIX="query: "\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    loaded = Settings.load()
    assert (loaded.embedding_passage_prefix, loaded.embedding_query_prefix) == ("passage: ", "query: ")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"embedding_model": "bge-m3"}, "OPENAI_BASE_URL or OPENAI_API_KEY"),
        ({**EMBEDS, "embedding_dimensions": 0}, "--embedding-dimensions"),
        ({**EMBEDS, "embedding_batch": 257}, "--embedding-batch"),
        ({**EMBEDS, "embedding_seconds": 0}, "--embedding-seconds"),
        ({**EMBEDS, "embedding_price": -1}, "--embedding-price"),
        ({**EMBEDS, "embedding_free_tokens": -1}, "--embedding-free-tokens"),
    ],
)
def test_embeddings_that_cannot_be_are_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(BadSetting, match=says):
        Settings.load(**given)


# ------------------------------------------------ the index server


@pytest.mark.parametrize(
    ("given", "store"),
    [
        ("http://127.0.0.1:6333/", "http://127.0.0.1:6333"),
        (" https://qdrant.example ", "https://qdrant.example"),
        ("none", None),
        ("", None),
    ],
)
def test_an_index_server_is_an_address(monkeypatch: pytest.MonkeyPatch, given: str, store: str | None) -> None:
    monkeypatch.setenv("ISNAD_STORE", given)
    assert Settings.load().store == store


def test_the_flag_turns_the_server_of_the_environment_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISNAD_STORE", "http://127.0.0.1:6333")
    assert Settings.load(store="none").store is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"store": "127.0.0.1:6333"}, "--store cannot be used: it must look like http://127.0.0.1:6333"),
        ({"store": f"http://:{KEY}@127.0.0.1:6333"}, "the key belongs in ISNAD_STORE_API_KEY"),
        ({"store": f"http://127.0.0.1:6333?api-key={KEY}"}, "the key belongs in ISNAD_STORE_API_KEY"),
        ({"store_api_key": f"{KEY}\nX: 1"}, "--store-api-key cannot be used: a key is made of"),
        ({"store_replicas": 0}, "--store-replicas"),
        ({"store_shards": 0}, "--store-shards"),
        ({"store_seconds": 0}, "--store-seconds"),
    ],
)
def test_a_server_that_cannot_be_is_refused_without_showing_a_key(given: dict[str, object], says: str) -> None:
    with pytest.raises(BadSetting, match=says) as caught:
        Settings.load(**given)
    assert KEY not in str(caught.value) + caught.value.say("ar") + repr(caught.value)


def test_where_the_vectors_live_is_no_part_of_the_signature() -> None:
    """The generation says it by itself, so that the same articles are the same points on every server."""
    there = Settings.load(store="http://127.0.0.1:6333", store_api_key=KEY, store_replicas=2, store_seconds=3)
    assert there.signature("1") == Settings.load().signature("1")
    assert KEY not in f"{there} {there!r} {there.model_dump_json()}"
