"""The shape of a rule file: the one definition behind the reader and its error messages."""

from __future__ import annotations

from taskpick.checks.catalogue import CHECKS
from taskpick.rulefile.model import Rating
from taskpick.rulefile.schema import Either, Key, ListOf, MapOf, Record, Text

FORMAT = "taskpick/1"
MOST_CRITERIA = 24
MOST_LEVELS = 16
MOST_OPTIONS = 32
MOST_FREQUENCY = 999999

_TEXT = Text()
_ADDRESS = Text(pattern=r"https?://\S+", words="a web address")
_CRITERION = Text(
    pattern=r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
    words="lower-case letters, digits and dashes, beginning with a letter",
)
_LEVEL = Text(
    pattern=r"\w[\w.:+/-]*",
    words="one word of letters, digits and . : + / - that begins with a letter or a digit",
)
_OPTION = Text(
    pattern=r"\w[\w.+-]*",
    words="one word of letters, digits and . + - that begins with a letter or a digit",
)
_YES_NO = Text(one_of=("true", "false"))
_DAY = Text(pattern=r"\d{4}-\d\d-\d\d", words="a day as YYYY-MM-DD")
COUNT = Text(pattern=r"[1-9]\d{0,5}", words=f"a whole number from 1 to {MOST_FREQUENCY}")
_PATH = Text(
    pattern=r"(?!.*(^|/)\.\.?(/|$))[^/\\:\s][^\\:\s]*",
    words="a folder below the one of the rule file",
)

_LEVEL_FORM = Either(
    short=_TEXT,
    long=Record(
        {
            "means": Key(_TEXT, "what the level means, in a few words"),
            "example": Key(_TEXT, "an everyday example", required=False),
            "frequency": Key(COUNT, "how often people need it, beside the others", required=False),
        }
    ),
)

_CRITERION_FORM = Record(
    {
        "question": Key(_TEXT, "what to ask"),
        "why": Key(_TEXT, "why it is asked"),
        "levels": Key(
            MapOf(_LEVEL, _LEVEL_FORM, at_least=2, at_most=MOST_LEVELS),
            "the answers, from least to most demanding",
        ),
        "ordered": Key(_YES_NO, "false if no level demands more than another", required=False),
        "default": Key(_LEVEL, "the level assumed when nobody answers", required=False),
    }
)

_FIT_FORM = Either(
    short=Text(
        one_of=("fits",),
        instead={word: f"needs a reason: {{{word}: why}}" for word in ("strains", "fails")},
    ),
    long=Record(
        {
            **{word.value: Key(_TEXT, "why", required=False) for word in Rating},
            "source": Key(_TEXT, "a web address, or what was measured", required=False),
        },
        just_one=tuple(word.value for word in Rating),
    ),
)

_FIT_ROW = Record(
    {"source": Key(_TEXT, "the source of every fit here without its own", required=False)},
    rest=MapOf(_LEVEL, _FIT_FORM),
)

_OPTION_FORM = Record(
    {
        "name": Key(_TEXT, "what people call it"),
        "url": Key(_ADDRESS, "its home page", required=False),
        "versions": Key(MapOf(_TEXT, _TEXT), "the versions its fits were checked on", False),
        "starter": Key(_PATH, "the folder of its starter's templates", required=False),
        "facts": Key(MapOf(_TEXT, _TEXT), "shown in the matrix, never part of the pick", False),
        "fits": Key(MapOf(_CRITERION, _FIT_ROW), "what it does at each level of each criterion"),
    }
)

_NOTE_FORM = Record(
    {
        "option": Key(_OPTION, "the pick it belongs to", required=False),
        "when": Key(
            MapOf(_CRITERION, Either(_LEVEL, ListOf(_LEVEL, at_least=1))),
            "the answers it holds for: criterion to level, or to a list of levels",
            required=False,
        ),
        "say": Key(_TEXT, "the advice"),
        "source": Key(_TEXT, "a web address, or what was measured", required=False),
        "see": Key(MapOf(_TEXT, _ADDRESS), "alternatives outside this file", required=False),
    }
)

_CASE_FORM = Record(
    {
        "need": Key(_TEXT, "the situation, in words"),
        "answers": Key(MapOf(_CRITERION, _LEVEL), "its answers: criterion to level"),
        "pick": Key(_OPTION, "the option expected, or nothing-fits"),
        "source": Key(_TEXT, "where the situation was described", required=False),
    }
)

_ALLOW_FORM = Record(
    {
        "check": Key(Text(one_of=tuple(CHECKS)), "the id of the check"),
        "option": Key(_OPTION, "only what it finds about this option", required=False),
        "criterion": Key(_CRITERION, "only what it finds about this criterion", required=False),
        "level": Key(_LEVEL, "only what it finds about this level", required=False),
        "reason": Key(_TEXT, "why it is meant to be so"),
    }
)

RULE_FILE = Record(
    {
        "format": Key(Text(one_of=(FORMAT,)), f"the format of the file: {FORMAT}"),
        "title": Key(_TEXT, "what is decided"),
        "about": Key(_TEXT, "the context, for a decision record", required=False),
        "as_of": Key(_DAY, "the day its claims were last checked", required=False),
        "criteria": Key(
            MapOf(_CRITERION, _CRITERION_FORM, at_least=1, at_most=MOST_CRITERIA), "what to ask"
        ),
        "options": Key(
            MapOf(_OPTION, _OPTION_FORM, at_least=1, at_most=MOST_OPTIONS),
            "what can be recommended, simplest first",
        ),
        "notes": Key(ListOf(_NOTE_FORM), "advice that never changes the pick", required=False),
        "cases": Key(ListOf(_CASE_FORM), "the rule file's own tests", required=False),
        "allow": Key(ListOf(_ALLOW_FORM), "findings of `rules check` that are meant", False),
    }
)
