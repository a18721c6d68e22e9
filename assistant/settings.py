"""Every setting, read once from the environment (prefix ``REPLYDESK_``); only entry points call it."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsInvalid


class Settings(BaseSettings):
    """What an operator may choose. The description of each field is its line in ``env.example``."""

    model_config = SettingsConfigDict(
        env_prefix="REPLYDESK_", extra="ignore", frozen=True, env_ignore_empty=True
    )

    home: Path = Field(default=Path(".replydesk"), description="Folder of all data: database, vectors, keys")
    llm: Literal["composer", "openai"] = Field(
        default="composer", description="Drafter: `composer` (no model) or `openai` (any compatible server)"
    )
    llm_model: str = Field(default="gpt-4.1-mini", description="Name of the chat model")
    llm_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        default=20.0, description="Deadline for one draft by the model; past it the composer answers"
    )
    llm_input_usd_per_million: Decimal = Field(
        default=Decimal(0), ge=0, description="Price of a million prompt tokens, for the cost of a draft"
    )
    llm_output_usd_per_million: Decimal = Field(
        default=Decimal(0), ge=0, description="Price of a million completion tokens"
    )
    context_tokens: Annotated[int, Field(ge=500, le=200_000)] = Field(
        default=3_000, description="Most tokens of prompt that a draft may use"
    )
    openai_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("OPENAI_API_KEY"),
        description="Key for model and embeddings",
    )
    openai_base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("OPENAI_BASE_URL"),
        description="Address of an OpenAI-compatible server",
    )
    embeddings: Literal["bundled", "openai"] = Field(
        default="bundled", description="Encoder of the knowledge base: `bundled` works offline"
    )
    embeddings_model: str = Field(default="text-embedding-3-small", description="Encoder name when `openai`")
    database_url: str | None = Field(
        default=None, description="SQLAlchemy address; default SQLite under the home; PostgreSQL for teams"
    )
    chroma_url: str | None = Field(
        default=None, description="`http://host:port` of a Chroma server; default embedded under the home"
    )
    host: str = Field(default="127.0.0.1", description="Address the service listens on")
    port: Annotated[int, Field(ge=0, le=65_535)] = Field(
        default=8000, description="Port the service listens on"
    )
    max_request_bytes: Annotated[int, Field(ge=1_024)] = Field(
        default=1_048_576, description="Largest HTTP request body"
    )
    answer_hours: Annotated[float, Field(gt=0, le=24)] = Field(
        default=24.0, description="Hours until a buyer message counts as late; Amazon's own limit is 24"
    )
    warn_hours: Annotated[float, Field(gt=0, le=24)] = Field(
        default=18.0, description="Hours after which an unanswered message is warned about"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe log line that is written"
    )

    @property
    def sqlalchemy_url(self) -> str:
        """Address of the relational store."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'replydesk.sqlite3'}"


def load() -> Settings:
    """Read the environment.

    Raises:
        SettingsInvalid: a value cannot be read; names the variable and what is wrong with it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        variable = name if name.isupper() else f"REPLYDESK_{name.upper()}"
        raise SettingsInvalid(f"{variable}: {first['msg']} (got {first['input']!r})") from None
