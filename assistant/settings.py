"""One frozen `Settings`, read once at the edge: flags first, then ``ISNAD_*`` variables, then ``.env``, then defaults.

`Settings.load` is the door for programs and the command line; it turns every complaint of the settings library into
one `BadSetting` line that names the setting and the reason. Importing this module is not free (the library costs a
fifth of a second), so the command line imports it only once it knows that there is work to do.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from assistant.errors import BadSetting

SCHEMA = 5
"""Version of what lies on disk: the catalogue's tables, the engine's vectors and the manifest."""

EMBEDDING_SCHEMA = 1
"""Version of how passages become vectors and how these are stored."""

ARTICLE_COLUMNS = ("text", "title", "date", "outlet", "author", "url")
"""What a column of a table of articles can mean."""

_DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")

DEFAULT_MODEL = "gpt-6-luna"
"""What OpenAI's own endpoint is asked for when ``model`` names none: cheap, and good enough to write from sentences."""

_FLAGS = {"openai_base_url": "--base-url"}
"""Flags that are not named after their settings."""


def _usual_folder() -> Path:
    articles, seeds = Path("articles"), Path("seeds")
    return seeds if seeds.is_dir() and not articles.is_dir() else articles


class Settings(BaseSettings):
    """Everything that can be set. Values are checked here and nowhere else."""

    model_config = SettingsConfigDict(
        env_prefix="ISNAD_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,  # a complaint about one value would show all of them, the key too
    )

    corpus: Path = Field(default_factory=_usual_folder)
    """The folder of articles: ``articles``, or a checkout's ``seeds`` where there is none."""
    index: Path = Path(".isnad")
    """Where the index lives; it can be removed at any time and is built again."""
    store: str | None = None
    """Address of a Qdrant server or cluster that holds the passages' vectors; unset, or ``none``: the engine of this process."""
    store_api_key: SecretStr | None = None
    """Its key. There is no flag for it: command lines can be read by others."""
    store_replicas: int = Field(default=1, ge=1, le=64)
    """On how many nodes of a cluster each vector lies."""
    store_shards: int | None = Field(default=None, ge=1, le=1024)
    """Into how many parts the vectors are divided; unset: what the server does by itself."""
    store_seconds: float = Field(default=10, gt=0, le=3600)
    """The whole time that a search has at the server, tries and pauses included."""
    database: SecretStr | None = None
    """Where conversations and feedback are kept, as a URL of SQLAlchemy; unset: a file in a folder beside the index."""
    users: Path | None = None
    """The file of users and their hashed passwords."""
    host: str = "127.0.0.1"
    allowed_hosts: str = ""
    """Names under which the page may be called besides this machine's own, between commas: ``news.example``."""
    port: int | None = Field(default=None, ge=0, le=65535)
    """Port of the chat. Unset: 7860, or the next free one; 0: any free one; another: that one only."""
    color: Literal["auto", "always", "never"] = "auto"
    quotes: int = Field(default=3, ge=1, le=10)
    """How many sentences an answer quotes at most."""
    gloss: bool = True
    """Whether quotes in the other language carry a word-by-word rendering."""
    uploads: bool = True
    """Whether readers of the page may add articles to the folder and take them out."""
    max_question_chars: int = Field(default=2000, ge=1, le=100_000)
    answer_threshold: float | None = Field(default=None, ge=0, le=1)
    """Confidence from which the quotes are given as the answer; unset: the calibrated value."""
    uncertain_threshold: float | None = Field(default=None, ge=0, le=1)
    """Confidence below which the assistant abstains; unset: the calibrated value."""
    passage_words: int = Field(default=120, ge=20, le=1000)
    """The length passages aim at. 110 to 150 words is what retrieval was measured with."""
    passage_max_words: int = Field(default=220, ge=20, le=2000)
    """The length no passage exceeds, unless one sentence alone is longer."""
    columns: str | None = None
    """How tables call what an article has, where it is no usual name: ``text=contenu, title=titre``."""
    reserve_mb: int = Field(default=256, ge=0)
    """Free disk space that building the index leaves alone: a full disk kills the engine without a word."""

    @field_validator("database")
    @classmethod
    def _kept_somewhere(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(_DATABASES):
            raise ValueError("it must begin with sqlite:/// and a file, or with postgresql://")
        return value

    prompts: Path | None = None
    """A folder of edited templates; those it does not hold are the project's own."""

    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("ISNAD_OPENAI_API_KEY", "OPENAI_API_KEY")
    )
    """Key of the model endpoint. There is no flag for it: command lines can be read by others."""
    openai_base_url: str | None = Field(
        default=None, validation_alias=AliasChoices("ISNAD_OPENAI_BASE_URL", "OPENAI_BASE_URL")
    )
    """Address of an OpenAI-compatible endpoint, without a final slash. Unset: OpenAI, if there is a key."""
    model: str | None = Field(default=None, max_length=200)
    """Unset: `DEFAULT_MODEL` at OpenAI, what the endpoint offers elsewhere. ``none``: no model, whatever else is set."""
    reasoning_effort: str | None = Field(default=None, pattern="^[a-z]{1,20}$")
    """Unset: ``none`` for `DEFAULT_MODEL`, and for any other what it does by itself."""
    answer_seconds: float = Field(default=60, gt=0, le=3600)
    """The whole time the model has for an answer, tries and pauses included."""
    first_token_seconds: float = Field(default=30, gt=0, le=3600)
    """The longest silence: before the model's first word, and between any two."""
    max_answer_tokens: int = Field(default=800, ge=16, le=100_000)
    history_turns: int = Field(default=3, ge=0, le=50)
    """How many earlier turns of a conversation a follow-up is understood from."""

    embedding_model: str | None = Field(default=None, max_length=200)
    """The model at the same endpoint that turns passages and questions into vectors. Unset, or ``none``: there are none."""
    embedding_dimensions: int | None = Field(default=None, ge=1, le=16_384)
    """How long the vectors shall be, for models that can shorten them; unset: as long as they come."""
    embedding_query_prefix: str = Field(default="", max_length=1000)
    """What the model wants before a question: ``query:`` and a space, for the E5 models."""
    embedding_passage_prefix: str = Field(default="", max_length=1000)
    embedding_batch: int = Field(default=64, ge=1, le=256)
    """How many passages a request carries at most."""
    embedding_seconds: float = Field(default=10, gt=0, le=3600)
    """The whole time that embedding a question has; past it the question is answered without."""
    embedding_free_tokens: int = Field(default=500_000, ge=0)
    """So many tokens, as estimated, are embedded without asking; more only when somebody has agreed."""
    embedding_price: float | None = Field(default=None, ge=0)
    """What a million tokens cost, to be shown before a large run."""

    @field_validator("openai_api_key", "store_api_key", mode="after")
    @classmethod
    def _sendable(cls, key: SecretStr | None) -> SecretStr | None:
        bare = key.get_secret_value().strip() if key else ""
        # Anything else cannot stand in a header, and the libraries' complaints quote it.
        if not (bare.isascii() and bare.isprintable()) or " " in bare:
            raise ValueError("a key is made of ASCII letters, digits and signs without spaces")
        return SecretStr(bare) if bare else None

    @field_validator("openai_base_url", mode="after")
    @classmethod
    def _endpoint(cls, url: str | None) -> str | None:
        return _address(url, "http://127.0.0.1:11434/v1", "OPENAI_API_KEY")

    @field_validator("store", mode="after")
    @classmethod
    def _server(cls, url: str | None) -> str | None:
        return None if url == "none" else _address(url, "http://127.0.0.1:6333", "ISNAD_STORE_API_KEY")

    @field_validator("columns")
    @classmethod
    def _columns_named(cls, value: str | None) -> str | None:
        _parse_columns(value)
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        if self.passage_max_words < self.passage_words:
            raise ValueError("passage_max_words it must not be smaller than ISNAD_PASSAGE_WORDS")
        low, high = self.uncertain_threshold, self.answer_threshold
        if low is not None and high is not None and low > high:
            raise ValueError("uncertain_threshold it must not be greater than ISNAD_ANSWER_THRESHOLD")
        if self.embeds and not (self.openai_api_key or self.openai_base_url):
            raise ValueError("embedding_model it needs an endpoint; set OPENAI_BASE_URL or OPENAI_API_KEY too")
        return self

    @classmethod
    def load(cls, **flags: Any) -> Settings:
        """Settings with ``flags`` over the environment; a flag that is ``None`` was not given.

        Raises:
            BadSetting: a value cannot be used, or ``flags`` names no setting.
        """
        given = {name: value for name, value in flags.items() if value is not None}
        for name in given:
            if name not in cls.model_fields:
                raise BadSetting(name=name, reason="there is no such setting")
        try:
            return cls(**given)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            reason = _reason(str(first["msg"]))
            # What is wrong with two settings together is said of the one it begins with.
            name, _, rest = (str(first["loc"][0]), "", reason) if first["loc"] else reason.partition(" ")
            raise BadSetting(name=_shown(name, given), reason=rest) from error
        except (SettingsError, UnicodeDecodeError) as error:
            raise BadSetting(name=".env or ISNAD_*", reason=_reason(str(error))) from error

    @property
    def data(self) -> Path:
        """The folder for what cannot be made again, beside the index, which can."""
        index = Path(os.path.abspath(self.index))
        return index.parent / f"{index.name}-data"

    @property
    def embeds(self) -> bool:
        """Whether passages and questions are embedded."""
        return self.embedding_model not in (None, "", "none")

    def table_columns(self) -> dict[str, str]:
        """``columns`` as a mapping from what a column means to its name."""
        return _parse_columns(self.columns)

    def signature(self, analysis: str) -> str:
        """Digest of all that decides what an index of the same files holds; ``analysis`` is the terms' version.

        With embeddings a second digest follows a hyphen, of what decides the vectors. An index that differs in this part only
        answers, too, without them (`generation.answers`). The prefix of questions is none of it: nothing stored depends on it.
        """
        parts = {
            "schema": SCHEMA,
            "analysis": analysis,
            "passage_words": self.passage_words,
            "passage_max_words": self.passage_max_words,
            "columns": self.table_columns(),
        }
        whole = _digest(parts)
        if self.embeds:
            made_by = [self.embedding_model, self.embedding_dimensions, self.embedding_passage_prefix]
            whole += "-" + _digest({"schema": EMBEDDING_SCHEMA, "made by": made_by})
        return whole


def _digest(parts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _address(url: str | None, example: str, key: str) -> str | None:
    """An address without a final slash. Raises ``ValueError``, which does not repeat it."""
    if url is None or not (url := url.strip().rstrip("/")):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isprintable() or " " in url:
        raise ValueError(f"it must look like {example}")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ValueError(f"an address holds no user name, password, '?' or '#'; the key belongs in {key}")
    return url


def _parse_columns(value: str | None) -> dict[str, str]:
    found = {}
    for part in filter(None, ((value or "").split(","))):
        meaning, equals, name = (piece.strip() for piece in part.partition("="))
        if meaning not in ARTICLE_COLUMNS or not equals or not name:
            raise ValueError(f"write {' or '.join(ARTICLE_COLUMNS)} = the name of a column, separated by commas")
        found[meaning] = name
    return found


def _shown(name: str, flags: dict[str, Any]) -> str:
    """The setting as the person wrote it: a flag, or a variable."""
    if name.lower() in flags:
        return _FLAGS.get(name.lower(), "--" + name.lower().replace("_", "-"))
    # A setting with two names of its own is complained of by its first.
    return name.removeprefix("ISNAD_") if name.isupper() else "ISNAD_" + name.upper()


def _reason(message: str) -> str:
    """A library's sentence made to stand inside ours: one line, no prefix, no full stop."""
    text = " ".join(message.split()).removeprefix("Value error, ").rstrip(".")
    return text[:1].lower() + text[1:]
