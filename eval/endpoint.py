"""The configured model as LlamaIndex asks for one: for its evaluators and its query engine, beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.llms.custom import CustomLLM
from pydantic import PrivateAttr

from assistant.model import Deadline, Message, Model
from assistant.settings import Settings
from assistant.usage import Meter

_CONTEXT = 8192  # tokens that LlamaIndex fills at most; what an endpoint really takes, no protocol says
_SYSTEM = (MessageRole.SYSTEM, MessageRole.DEVELOPER)


class EndpointLLM(CustomLLM):
    """Every call has the settings' seconds for an answer, and raises `ModelFault` where there is none."""

    _model: Model = PrivateAttr()
    _settings: Settings = PrivateAttr()
    _meter: Meter = PrivateAttr(default_factory=Meter)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._model, self._settings = Model(settings), settings

    @classmethod
    def class_name(cls) -> str:
        return "isnad_endpoint"

    @property
    def name(self) -> str:
        """The model and its host, for the manifest."""
        return f"{self._model.name or 'a model'} at {self._model.where}"

    def metered(self) -> Meter:
        """Begin to count anew: the calls from now on."""
        self._meter = Meter()
        return self._meter

    @property
    def metadata(self) -> LLMMetadata:
        tokens = self._settings.max_answer_tokens
        name = self._model.name or "unknown"
        return LLMMetadata(context_window=_CONTEXT, num_output=tokens, is_chat_model=True, model_name=name)

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        asked = [
            Message("system" if one.role in _SYSTEM else "assistant" if one.role == MessageRole.ASSISTANT else "user",
                    one.content or "")
            for one in messages
        ]  # fmt: skip
        text = self._model.complete(asked, Deadline(self._settings.answer_seconds), meter=self._meter)
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text))

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(
            text=self.chat([ChatMessage(role=MessageRole.USER, content=prompt)]).message.content or ""
        )

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        yield self.complete(prompt)
