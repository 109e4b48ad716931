"""English questions that an English sentence answers.

A question is the sentence turned round: the auxiliary in front of the subject, the rest as it stands, and the date, place,
number or agent left out. Only sentences of a few plain shapes are turned; the subject must be able to stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language import english, glossary
from assistant.language.asking_ar import Drafted
from assistant.language.kinds import Kind, kinds_of
from assistant.language.lexicon import lexicon

LONGEST, MOST_WORDS = 95, 14

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = rf"(?:(?:early |late |mid-)?(?:{_MONTH} )?(?:\d{{1,2}}, )?1[0-9]{{3}}\b|(?:{_MONTH} )?(?:\d{{1,2}}, )?20[0-2][0-9]\b|\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{1,2}}(?:, \d{{4}})?)"
_NAME = r"[A-Z][\w’'.-]*[\w’']"
_NAMES = rf"{_NAME}(?: (?:of |the |and |de |von |bin |al-)?{_NAME}){{0,4}}"
# A subject that says by itself what it is: a name, or "the ..." with something that tells it from others.
_SUBJECT = rf"(?P<subject>{_NAMES}|[Tt]he (?:[\w’'-]+ ){{0,3}}?[\w’'-]+(?: (?:of|in|between|for) (?:the )?{_NAMES})?)"
_PARTICIPLE = (
    r"(?P<done>(?!based|used|located|considered|supposed|expected|known|said|believed|called|interested|involved|needed|allowed|followed"
    r"|related|limited|compared|required|united|advanced|estimated|reported|named\b)[a-z]+ed|built|born|held|written|won|sold|bought|overthrown|made"
    r"|found|chosen|shot|lost|cut|struck|fought|sunk|taken|broadcast)"
)
_WHEN_PASSIVE = re.compile(
    rf"^{_SUBJECT} (?P<be>was|were) (?P<adverb>first |formally |officially |originally )?{_PARTICIPLE}(?P<rest>(?: (?!in |on |by )[\w’'-]+){{0,4}}?)"
    rf"(?: by (?:the )?{_NAMES})?,? (?:in|on) (?:the year )?{_DATE}(?![\w’'-])"
)
_WHERE_PASSIVE = re.compile(
    rf"^{_SUBJECT} (?P<be>was|were) (?P<done>born|held|founded|signed|buried|educated|filmed|established|killed|built|discovered) (?:in|at) (?:the )?(?!{_MONTH}\b){_NAMES}"
)
_BY = re.compile(
    rf"^{_SUBJECT} (?P<be>was|were) (?P<adverb>first |originally )?{_PARTICIPLE} by (?:the )?{_NAMES}(?=[ ,.;]|$)"
)
_BASES = {
    "began": "begin", "ended": "end", "started": "start", "opened": "open", "closed": "close", "died": "die", "broke out": "break out",
    "became independent": "become independent", "resigned": "resign", "took place": "take place", "arrived": "arrive", "fell": "fall",
    "surrendered": "surrender", "returned": "return", "came to power": "come to power", "collapsed": "collapse",
}  # fmt: skip
_WHEN_ACTIVE = re.compile(
    rf"^{_SUBJECT} (?P<verb>{'|'.join(_BASES)})(?P<rest>(?: (?:in|at|from|to|with|between) (?:the )?(?!{_MONTH}\b){_NAMES})?) (?:in|on) {_DATE}(?![\w’'-])"
)
_FRONT_DATE = re.compile(rf"^(?:In|On) {_DATE},? (?=[A-Z]|the )")
_FRONT_PASSIVE = re.compile(
    rf"^{_SUBJECT} (?P<be>was|were) (?P<adverb>first |formally |officially |originally )?{_PARTICIPLE}(?P<rest>(?: [\w’'-]+){{0,3}}?)(?: by [^,;]*|)(?=[,;.]|$)"
)
_FRONT_ACTIVE = re.compile(
    rf"^{_SUBJECT} (?P<verb>{'|'.join(_BASES)})(?P<rest>(?: (?:in|at|from|to|with|between) (?:the )?{_NAMES})?)(?=[,;.]|$)"
)
_DID = dict(
    pair.split(":")
    for pair in """discovered:discover invented:invent founded:found designed:design directed:direct developed:develop introduced:introduce
    conquered:conquer defeated:defeat established:establish created:create composed:compose translated:translate proposed:propose
    formulated:formulate coined:coin wrote:write built:build painted:paint led:lead won:win published:publish assassinated:assassinate
    opened:open signed:sign commanded:command captured:capture sponsored:sponsor hosted:host performed:perform launched:launch
    approved:approve acquired:acquire bought:buy sold:sell invaded:invade annexed:annex joined:join left:leave visited:visit
    married:marry succeeded:succeed replaced:replace released:release adopted:adopt banned:ban abolished:abolish declared:declare
    entered:enter occupied:occupy attacked:attack recaptured:recapture ratified:ratify elected:elect appointed:appoint""".split()
)
_ACTIVE = re.compile(
    rf"^(?P<the>The )?(?P<agent>{_NAMES}) (?P<did>{'|'.join(sorted(_DID))}) (?P<object>(?:the |an? )?[\w’'-]+(?: [\w’'-]+){{0,8}}?)(?:(?P<date> (?:in|on) {_DATE}(?![\w’'-]))|(?=[,;]|\.?$))"
)
_MADE = frozenset(
    "discovered invented founded designed directed developed introduced established created composed translated formulated coined wrote"
    " built painted published assassinated".split()
)
_OBJECT = re.compile(
    rf"(?:the |an? )?(?:[a-z-]+ ){{0,2}}{_NAMES}(?: [a-z]+){{0,2}}(?: (?:of|in|at|for) (?:the )?{_NAMES})?"
)
_SUPERLATIVE = re.compile(
    rf"^(?P<subject>(?:The )?{_NAMES}) (?P<be>is|was) (?P<what>the (?:(?:second|third) )?(?:largest|smallest|oldest|longest|highest|tallest|biggest|deepest|busiest"
    r"|principal|first|only|capital|main|most [a-z]+|current) (?:[\w’'.-]+ ){1,9}?[\w’'-]+)(?=[,;]|\.?$| with a population)"
)
_PERSONS = (
    "person|man|woman|president|king|queen|emperor|prince|princess|pope|minister|leader|commander|general|ruler|actor|actress|singer"
    "|artist|painter|player|coach|author|writer|poet|journalist|scientist|physicist|chemist|mathematician|philosopher|engineer|inventor"
    "|politician|senator|governor|mayor|ambassador|judge|lawyer|explorer|composer|theologian|monk|priest|bishop|reformer|economist"
    "|historian|biologist|architect|director|producer|musician|footballer|quarterback|dancer|member|student|vocalist|native|professor|teacher|doctor|physician|founder|critic|activist|lawyer|winner|son|daughter|brother|sister|wife|soldier|officer|khan|noble|statesman"
)
_DEFINED = re.compile(
    rf"^(?P<subject>(?:The )?{_NAMES})(?: \([^)]{{1,80}}\))? (?P<be>is|was) (?:an?|one of the) (?P<what>[\w’',\- ]{{3,80}})"
)
_THINGS = (
    "city|town|village|country|state|province|region|district|river|lake|sea|mountain|island|company|firm|corporation|organi[sz]ation|party"
    "|group|band|television|series|film|book|novel|album|song|game|university|college|school|museum|church|temple|mosque|ship|treaty|war"
    "|battle|programme|program|system|theory|element|disease|gas|metal|plant|animal|language|network|agency|conference|protocol|project"
    "|spacecraft|empire|dynasty|kingdom|newspaper|magazine|channel|station|airport|hospital|bridge|building|park|festival|law|act"
    "|convention|committee|council|institution|body|process|method|science|field|area|form|type|set|number|measure|concept|movement"
)
_THING = re.compile(_THINGS)
_KIND = re.compile(
    r"^(?P<subject>(?P<article>An? )?[A-Za-z][a-z]{2,}(?: [a-z]{3,}){0,2}) is an? (?P<what>[\w’'\- ]{3,80})"
)
_OFFICES = (
    r"(?:prime|foreign|defen[cs]e|interior|finance|health|justice|trade) minister|president|secretary[- ]general|chancellor|governor"
    r"|mayor|vice president|director general|chief executive|head coach"
)
_HOLDER = re.compile(rf"\b(?P<nation>{_NAME}) (?P<office>(?i:{_OFFICES})) (?P<name>{_NAME} {_NAME})\b(?![’'])")
_SPOKESMAN = re.compile(
    rf"\b(?P<name>{_NAME} {_NAME}), (?:the |a )?(?P<office>(?:(?:{_NAME} )?(?:{_OFFICES}|spokes(?:man|woman|person)|leader|head|director|founder) (?:of|for) (?:the )?{_NAMES})),"
)
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|twenty|thirty|forty|fifty"
_COUNT = re.compile(
    rf"\b(?:[Aa]t least |[Aa]bout |[Ss]ome |[Mm]ore than |[Nn]early |[Oo]ver )?(?P<number>\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    rf" (?P<who>(?:{_NAME} )?(?:people|soldiers|civilians|children|women|men|students|workers|police officers|journalists|protesters|passengers|migrants|refugees))"
    rf" (?P<fate>were killed|were injured|were wounded|died|were arrested|were displaced|lost their lives)(?P<rest> (?:in|during) (?:the )?{_NAMES})?"
)
_POPULATION = re.compile(
    rf"^(?P<subject>(?:The )?{_NAMES}) (?P<has>has|had) (?:an? )?(?:estimated )?(?P<what>population|area|length|budget|membership) of (?:about |around |over |some |approximately )?[\d$€£]"
)
_HAS = re.compile(
    rf"^(?P<subject>(?:The )?{_NAMES}) (?P<has>has|have|had) (?:about |around |over |some |approximately |more than |at least )?"
    rf"(?:\d[\d,]*|{_NUMBERS}) (?P<things>(?:[a-z-]+ ){{0,2}}[a-z-]+s)(?=[ ,;.]|$)"
)
_SAID = re.compile(
    rf"^(?P<subject>{_NAMES}|[Tt]he {_NAMES}(?: [a-z]+){{0,2}}) (?P<verb>said|announced|warned|claimed|argued|stated|declared) (?:on {_NAME} )?that (?P<topic>the [\w’'-]+(?: of (?:the )?{_NAMES})?|{_NAMES}) (?:was|were|is|are|has|have|had|would|will|could|should|must|can)\b"
)
_LEANING = re.compile(
    r"\b(?:he|she|it|they|his|her|its|their|him|them|this|these|those|that|such|former|latter|same|other|another|who|which|also|however|"
    r"there|here|first|second|third|following|above|most|many|some|each|both|one|two|three|all|only|I|we|you|our|my|your|new|result|more|fewer|"
    r"next|last|main|total|whole|rest|latest|current|present|original|younger|older|elder|was|were|is|are|has|had|have|been|be|"
    r"will|would|could|then|later|not)\b",
    re.IGNORECASE,
)
# Words that begin a sentence with a capital and are no names.
_OPENERS = re.compile(
    r"^(?:In|On|At|By|From|With|After|Before|During|While|When|Although|Though|If|As|Since|For|But|And|However|According|Despite|Under|"
    r"Because|Another|Many|Most|Some|Several|All|Both|Each|Other|There|Here|Then|Thus|Today|Now|Later|Early|Following|Among|Unlike|"
    r"Like|Through|Over|Until|Within|Without|Between|Part|Also|Only|One|Two|Three|Four|Five|Its|His|Her|Their|He|She|It|They|We|You|I|"
    r"This|That|These|Those|What|Who|How|Why|Where|Which|Not|No|Yet|So|Such|Instead|Further|Furthermore|Moreover|Additionally|Finally|"
    r"Originally|Recently|Historically|Once|To|A|An|Legislation|Research|Work|Construction)\b"
)


def draft(sentence: str) -> list[Drafted]:
    """Questions that ``sentence``, read alone, answers; none where that is in doubt."""
    plain = re.sub(r"\[\d{1,3}\]", "", sentence).strip()
    found: dict[Drafted, None] = {}
    for made in (
        _turned(plain),
        _front(plain),
        _agents(plain),
        _holders(plain),
        _counts(plain),
        _definitions(plain),
        _statements(plain),
    ):
        for item in made:
            if len(item.question) <= LONGEST and len(item.question.split()) <= MOST_WORDS:
                found[item] = None
    return list(found)


def _stands_alone(subject: str) -> bool:
    """Whether a reader knows what the subject is without the rest of the article."""
    if _LEANING.search(subject) or _OPENERS.search(subject):
        return False
    words = subject.split()
    names = [word for word in words[1:] if word[0].isupper()]
    if words[0] in ("The", "the"):
        return len(words) <= 8 and (len(names) > 1 or any(_is_name(name) for name in names))
    return len(words) > 1 or _is_name(subject)


def _is_name(word: str) -> bool:
    """Whether a word that opens a sentence is a name, whatever its capital says."""
    if word in glossary.places():
        return True
    return len(word) > 3 and not lexicon().knows_word(word.lower()) and not lexicon().knows_stem(english.stem(word))


def _inside(subject: str) -> str:
    """A subject as it stands inside a question: without the capital that opened the sentence."""
    return "the " + subject[4:] if subject.startswith("The ") else subject


def _turned(text: str) -> Iterator[Drafted]:
    """Dates, places and agents of what was done."""
    for pattern, word, kind in ((_WHEN_PASSIVE, "When", "when"), (_WHERE_PASSIVE, "Where", "where")):
        match = pattern.match(text)
        if match and _stands_alone(match["subject"]):
            parts = match.groupdict()
            middle = (parts.get("adverb") or "") + match["done"]
            rest = parts.get("rest") or ""
            if " " not in match["subject"] and (match["be"] == "were" or match["done"] in ("born", "killed", "buried")):
                continue
            if not _LEANING.search(rest) and not rest.endswith((" the", " a", " and", " to", " of", " as")):
                yield Drafted(f"{word} {match['be']} {_inside(match['subject'])} {middle}{rest}?", kind)
    match = _WHEN_ACTIVE.match(text)
    if match and _stands_alone(match["subject"]) and (" " in match["subject"] or match["verb"] != "died"):
        yield Drafted(f"When did {_inside(match['subject'])} {_BASES[match['verb']]}{match['rest']}?", "when")
    match = _BY.match(text)
    if match and _stands_alone(match["subject"]) and match["done"] not in ("held", "born", "replaced"):
        if match["be"] == "were" and " " not in match["subject"]:
            return
        middle = (match["adverb"] or "") + match["done"]
        if match["done"] not in ("written", "chosen", "shot", "taken", "overthrown", "struck"):
            yield Drafted(f"Who {middle} {_inside(match['subject'])}?", "agent")


def _front(text: str) -> Iterator[Drafted]:
    """ "In 1901, the bridge was opened": the date stands first."""
    date = _FRONT_DATE.match(text)
    rest = text[date.end() :] if date else ""
    match = _FRONT_PASSIVE.match(rest)
    if match and _stands_alone(match["subject"]) and not _LEANING.search(match["rest"]):
        middle = ((match["adverb"] or "") + match["done"] + match["rest"]).strip()
        yield Drafted(f"When {match['be']} {_inside(match['subject'])} {middle}?", "when")
    match = _FRONT_ACTIVE.match(rest)
    if match and _stands_alone(match["subject"]):
        yield Drafted(f"When did {_inside(match['subject'])} {_BASES[match['verb']]}{match['rest']}?", "when")


def _agents(text: str) -> Iterator[Drafted]:
    """Who did it, who is it: the name that opens the sentence is left out."""
    match = _ACTIVE.match(text)
    if match and not _OPENERS.match(match["agent"]) and not _LEANING.search(match["object"]):
        wanted = match["object"].strip()
        if _OBJECT.fullmatch(wanted):
            if match["did"] in _MADE:
                yield Drafted(f"Who {match['did']} {wanted}?", "agent")
            if match["date"] and (match["the"] or _stands_alone(match["agent"])):
                agent = ("the " if match["the"] else "") + match["agent"]
                yield Drafted(f"When did {agent} {_DID[match['did']]} {wanted}?", "when")
    match = _SUPERLATIVE.match(text)
    if (
        match
        and not _OPENERS.match(match["subject"])
        and re.search(r"[A-Z]", match["what"])
        and not re.search(r"\b(?:which|that|who|whom|where|it|its|their|his|her|this|these|those|and)\b", match["what"])
    ):
        person = re.search(rf"\b(?:{_PERSONS}|[A-Za-z]+(?:man|woman))\b", match["what"])
        yield Drafted(f"{'Who' if person else 'What'} {match['be']} {match['what']}?", "agent")


def _holders(text: str) -> Iterator[Drafted]:
    for match in _HOLDER.finditer(text):
        before = text[: match.start()].split()
        # "South Korean president" must not become "Korean president".
        if kinds_of(match["nation"]) & Kind.PEOPLE and not (before and before[-1][0].isupper()):
            yield Drafted(f"Who is the {match['nation']} {match['office'].lower()}?", "who")
    for match in _SPOKESMAN.finditer(text):
        if match["office"].split()[0].lower() not in ("former", "then", "current", "new", "deputy", "acting"):
            yield Drafted(f"Who is the {_small(match['office'])}?", "who")


def _small(office: str) -> str:
    """An office without the capitals of a title, its nation and its institution with theirs."""
    return re.sub(rf"(?i)\b(?:{_OFFICES})\b", lambda found: found.group().lower(), office, count=1)


def _counts(text: str) -> Iterator[Drafted]:
    held = _HAS.match(text)
    if (
        held
        and _stands_alone(held["subject"])
        and (held["has"] != "have" or " " in held["subject"])
        and not _LEANING.search(held["things"])
    ):
        does = {"has": "does", "have": "do", "had": "did"}[held["has"]]
        yield Drafted(f"How many {held['things']} {does} {_inside(held['subject'])} have?", "count")
    for match in _COUNT.finditer(text):
        if match["rest"] or match["who"][0].isupper():
            yield Drafted(f"How many {match['who']} {match['fate']}{match['rest'] or ''}?", "count")
    match2 = _POPULATION.match(text)
    if match2 and _stands_alone(match2["subject"]):
        be = "is" if match2["has"] == "has" else "was"
        yield Drafted(f"What {be} the {match2['what']} of {_inside(match2['subject'])}?", "amount")


def _definitions(text: str) -> Iterator[Drafted]:
    match = _DEFINED.match(text)
    if match and _stands_alone(match["subject"]):
        subject, several = match["subject"], " " in match["subject"]
        head = _head(match["what"])
        if _is_person(head) and several and not subject.startswith("The "):
            yield Drafted(f"Who {match['be']} {subject}?", "defined")
        elif _THING.fullmatch(head) and "(born" not in text[:120]:
            yield Drafted(f"What {match['be']} {_inside(subject) if several else _lower(subject)}?", "defined")
    kind = _KIND.match(text)
    if (
        kind
        and (kind["article"] or " " in kind["subject"])
        and (_THING.fullmatch(_head(kind["what"])) or kind["article"])
    ):
        article, subject = kind["article"] or "", kind["subject"].removeprefix(kind["article"] or "")
        if not _LEANING.search(subject) and (
            article or not (subject.startswith(("The ", "All ", "No ")) or _OPENERS.match(subject))
        ):
            first, _, rest = subject.partition(" ")
            if article and subject.endswith("s") and not subject.endswith(("ss", "us", "is")):
                return
            yield Drafted(f"What is {article.lower()}{' '.join(filter(None, [_lower(first), rest]))}?", "defined")


def _head(what: str) -> str:
    """The noun that "an American television series based in ..." is about."""
    phrase = re.split(
        r",|\b(?:in|of|by|from|on|at|for|to|with|who|which|that|and|or|based|directed|located|published|held|written)\b",
        what,
    )[0]
    return (phrase.split() or [""])[-1]


def _is_person(head: str) -> bool:
    return bool(
        re.fullmatch(rf"(?:{_PERSONS})|[a-z]{{3,}}(?:ologist|ist|ician|man|woman)|drummer|researcher|personality", head)
    )


def _lower(word: str) -> str:
    """A word that opened a sentence: with its capital only where it is a name."""
    known = lexicon().knows_word(word.lower()) and not kinds_of(word) & (Kind.PEOPLE | Kind.LOCATION)
    return word.lower() if known else word


def _statements(text: str) -> Iterator[Drafted]:
    match = _SAID.match(text)
    if match and _stands_alone(match["subject"]) and match["topic"].split()[-1].lower() not in _NO_TOPIC:
        yield Drafted(f"What did {_inside(match['subject'])} say about {match['topic']}?", "said")


_NO_TOPIC = frozenset(
    "same other others latter former result issue problem fact way thing only time question reason case".split()
)
