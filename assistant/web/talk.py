"""A conversation as the page holds it: its turns, and where they are kept.

The page works without a database, and while one is away: what cannot be kept is still answered, and one line says that
it will not be found again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant import citations
from assistant.citations import Answer, Language, Partial
from assistant.errors import ConversationChanged, IsnadError, UnknownConversation
from assistant.keeping.conversations import Conversations, KeptTurn
from assistant.keeping.feedback import Feedback
from assistant.keeping.records import Said
from assistant.web import render
from assistant.web.strings import STRINGS, say


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it; nothing yet while it is being answered.

    ``kept`` is its id in the database. While it is being answered again it is that of the turn whose place it takes.
    ``asking`` names this one time of being answered.
    """

    question: str
    answer: Answer | None = None
    partial: Partial | None = None
    """The answer while it is being written."""
    fault: Said | None = None
    kept: str | None = None
    liked: bool | None = None
    asking: str = field(default="", compare=False)

    def messages(self, ui: Language) -> list[dict[str, str]]:
        """What the chat shows of this turn."""
        shown = [{"role": "user", "content": render.question(self.question)}]
        if self.answer:
            judged = render.Judged(self.kept, self.liked) if self.kept else None
            shown.append({"role": "assistant", "content": render.answer(self.answer, ui, judged)})
        elif self.fault:
            shown.append({"role": "assistant", "content": render.error(self.fault.say(ui), ui, self.partial)})
        elif self.partial:
            shown.append({"role": "assistant", "content": render.partial(self.partial, ui)})
        return shown


FAILED = Said(STRINGS["failed"]["en"], STRINGS["failed"]["ar"])
"""Something broke that has no message of its own."""
STOPPED = Said(STRINGS["stopped"]["en"], STRINGS["stopped"]["ar"])


@dataclass(frozen=True, slots=True)
class Talk:
    """The turns so far. ``id`` names the conversation once something of it is kept."""

    id: str = ""
    turns: tuple[Turn, ...] = ()

    def drawn(self, ui: Language) -> list[dict[str, str]]:
        """All messages of the chat."""
        return [message for turn in self.turns for message in turn.messages(ui)]

    def history(self) -> list[citations.Turn]:
        """What was asked and answered so far, for a question that leans on it."""
        return [
            citations.Turn(turn.question, turn.answer.text, turn.answer.asked) for turn in self.turns if turn.answer
        ]

    def adding(self, turn: Turn) -> Talk:
        """With one more turn at the end."""
        return replace(self, turns=(*self.turns, turn))

    def before(self) -> Talk:
        """Without its last turn."""
        return replace(self, turns=self.turns[:-1])


class Keeper:
    """Keeps talks of owners; without a database, or an owner, it keeps nothing and says nothing."""

    def __init__(self, conversations: Conversations | None = None, feedback: Feedback | None = None) -> None:
        self.conversations = conversations
        self.feedback = feedback

    def keep(self, owner: str | None, talk: Talk, ui: Language) -> tuple[Talk, str]:
        """Keep the last turn of ``talk``, in the place of the one whose id it carries; and a line if that failed."""
        if self.conversations is None or owner is None:
            return talk, ""
        try:
            return self._kept(self.conversations, owner, talk), ""
        except IsnadError as fault:
            # What the database holds under its id is not what is shown, and must not be judged in its place.
            unkept = talk.before().adding(replace(talk.turns[-1], kept=None))
            return unkept, say("not_kept", ui, reason=fault.say(ui))

    def _kept(self, conversations: Conversations, owner: str, talk: Talk) -> Talk:
        turn = talk.turns[-1]
        given = (turn.question, turn.answer, turn.fault)
        if talk.id:
            try:
                if turn.kept:
                    new = conversations.replace_last(owner, talk.id, turn.kept, *given)
                else:
                    new = conversations.append(owner, talk.id, *given)
                return talk.before().adding(replace(turn, kept=new.id))
            except (UnknownConversation, ConversationChanged):
                pass  # deleted or gone on in another window: this one goes on as a conversation of its own
        begun = conversations.create(owner)
        turns = []
        for each in talk.turns:
            new = conversations.append(owner, begun.id, each.question, each.answer, each.fault)
            turns.append(replace(each, kept=new.id))
        return Talk(begun.id, tuple(turns))

    def take_back(self, owner: str | None, talk: Talk) -> Talk:
        """Without its last turn, which is taken out of the database too, if it still is the last one there."""
        last = talk.turns[-1] if talk.turns else None
        if self.conversations and owner and talk.id and last and last.kept:
            try:
                self.conversations.remove_last(owner, talk.id, last.kept)
            except ConversationChanged:
                return replace(talk.before(), id="")
            except IsnadError:
                return talk.before()
            if len(talk.turns) == 1:
                self._drop(owner, talk.id)
                return Talk()
        return talk.before()

    def _drop(self, owner: str, conversation: str) -> None:
        assert self.conversations
        with contextlib.suppress(IsnadError):  # or an empty conversation is left in the list
            self.conversations.delete(owner, conversation)

    def open(self, owner: str | None, conversation: str) -> Talk:
        """The talk of that id.

        Raises:
            UnknownConversation, DatabaseFault: it cannot be opened.
        """
        if self.conversations is None or owner is None:
            raise UnknownConversation()
        found = self.conversations.open(owner, conversation)
        given = self.feedback.of(owner, conversation) if self.feedback else {}
        return Talk(found.id, _turns(found.turns, {turn: said.liked for turn, said in given.items()}))


def _turns(kept: Sequence[KeptTurn], liked: Mapping[str, bool]) -> tuple[Turn, ...]:
    return tuple(Turn(turn.question, turn.answer, None, turn.fault, turn.id, liked.get(turn.id)) for turn in kept)
