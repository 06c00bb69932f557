"""The shape of a rule file: the one definition behind the reader and its error messages."""

from __future__ import annotations

from taskpick.rulefile.last_run import ProbeOutcome
from taskpick.rulefile.model import Rating
from taskpick.rulefile.schema import Either, Key, ListOf, MapOf, Record, Text
from taskpick.rulefile.short import FIT, LEVEL, NAME, NOTE

FORMAT = "taskpick/1"
MOST_CRITERIA = 24
MOST_LEVELS = 16
MOST_OPTIONS = 32
MOST_FREQUENCY = 999999

_TEXT = Text()
_ADDRESS = Text(
    pattern=r"https?://[^\s<>\"'\\\x00-\x1f\x7f-\x9f]+",
    words="a web address without spaces, quotes, `<`, `>` or backslashes",
)
_SOURCE = Text(
    pattern=rf"(?!https?://)[\s\S]+|{_ADDRESS.pattern}",
    words=f"{_ADDRESS.words}, or what was measured",
)
_CRITERION = Text(
    pattern=r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
    words="lower-case letters, digits and dashes, beginning with a letter",
)
_CHECK = _CRITERION
"""Of any check: which there are is known above this folder, where `allow` is checked."""
_CLAIM = _CRITERION
_LEVEL = Text(
    pattern=r"\w[\w.:+/-]*",
    words="one word of letters, digits and . : + / - that begins with a letter or a digit",
)
OPTION_ID = Text(
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

CASE_FILE = Text(
    pattern=r"\w[\w.-]*\.ya?ml",
    words="a list, or the name of a YAML file beside this one",
)


def _short(at_most: int) -> Text:
    return Text(at_most=at_most)


_LEVEL_FORM = Either(
    short=_TEXT,
    long=Record(
        {
            "means": Key(_TEXT, "what the level means, in a few words"),
            "short": Key(_short(LEVEL), "the same in two or three words, for a screen", False),
            "example": Key(_TEXT, "an everyday example", required=False),
            "frequency": Key(
                COUNT, "how often people need it, relative to the others", required=False
            ),
        }
    ),
)

_CRITERION_FORM = Record(
    {
        "question": Key(_TEXT, "what to ask"),
        "short": Key(_short(LEVEL), "its noun for a screen, such as schedule", required=False),
        "why": Key(_TEXT, "why it is asked"),
        "levels": Key(
            MapOf(_LEVEL, _LEVEL_FORM, at_least=2, at_most=MOST_LEVELS),
            "the answers, from least to most demanding",
        ),
        "ordered": Key(_YES_NO, "false if no level demands more than another", required=False),
        "default": Key(_LEVEL, "the level assumed when nobody answers", required=False),
        "ask": Key(_YES_NO, "true to ask at a terminal although there is a default", False),
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
            "short": Key(_short(FIT), "why in a few words, for a screen", required=False),
            "source": Key(_SOURCE, "a web address, or what was measured", required=False),
            "probe": Key(_CLAIM, "the claim of a probe that measures it", required=False),
        },
        just_one=tuple(word.value for word in Rating),
    ),
)

_FIT_ROW = Record(
    {
        "source": Key(_SOURCE, "the source of every fit here without its own", required=False),
        "probe": Key(_CLAIM, "the claim of a probe that measures that source", required=False),
    },
    rest=MapOf(_LEVEL, _FIT_FORM),
)

_NOTE_KEYS = {
    "when": Key(
        MapOf(_CRITERION, Either(_LEVEL, ListOf(_LEVEL, at_least=1))),
        "the answers it holds for: criterion to level, or to a list of levels",
        required=False,
    ),
    "say": Key(_TEXT, "the advice"),
    "short": Key(_short(NOTE), "the advice in a few words, for a screen", required=False),
    "source": Key(_SOURCE, "a web address, or what was measured", required=False),
    "probe": Key(_CLAIM, "the claim of a probe that measures it", required=False),
    "see": Key(MapOf(_TEXT, _ADDRESS), "alternatives outside this file", required=False),
}

_NOTE_FORM = Record(
    {"option": Key(OPTION_ID, "the pick it belongs to", required=False), **_NOTE_KEYS}
)

OPTION = Record(
    {
        "name": Key(_TEXT, "what people call it"),
        "short": Key(_short(NAME), "the name for a screen, if it is longer than that", False),
        "url": Key(_ADDRESS, "its home page", required=False),
        "needs": Key(_short(FIT), "what has to run for it, in one phrase", required=False),
        "versions": Key(MapOf(_TEXT, _TEXT), "the versions its fits were checked on", False),
        "starter": Key(_PATH, "the folder of its starter's templates", required=False),
        "facts": Key(MapOf(_TEXT, _TEXT), "shown in the matrix, never part of the pick", False),
        "fits": Key(MapOf(_CRITERION, _FIT_ROW), "what it does at each level of each criterion"),
        "notes": Key(ListOf(Record(_NOTE_KEYS)), "advice for those who get this pick", False),
    }
)
"""An option; in a folder, the file `options/NAME.yaml`."""

_CASE_FORM = Record(
    {
        "need": Key(_TEXT, "the situation, in words"),
        "answers": Key(MapOf(_CRITERION, _LEVEL), "its answers: criterion to level"),
        "pick": Key(OPTION_ID, "the option expected, or nothing-fits"),
        "source": Key(_SOURCE, "where the situation was described", required=False),
    }
)

CASES = ListOf(_CASE_FORM)
"""The cases; in a folder, the file that `cases` names."""

LAST_RUNS = MapOf(
    OPTION_ID,
    MapOf(
        _CLAIM,
        Record(
            {
                "outcome": Key(
                    Text(one_of=tuple(outcome.value for outcome in ProbeOutcome)),
                    "what the probe showed",
                ),
                "seen": Key(_TEXT, "what was seen, or why it could not run", required=False),
                "versions": Key(_TEXT, "the packages it was measured on", required=False),
                "as_of": Key(_DAY, "the day the probe ran"),
            }
        ),
    ),
)
"""What `rules probe --save` writes: option and claim to what the last run showed."""

_KNOWN_FORM = Record(
    {
        "name": Key(_TEXT, "what people call it"),
        "url": Key(_ADDRESS, "its home page"),
        "say": Key(_TEXT, "one sentence: what it is, or why it is not an option"),
        "instead": Key(OPTION_ID, "the option that comes closest to it", required=False),
        "as_of": Key(_DAY, "the day this was last checked"),
    }
)

_ALLOW_FORM = Record(
    {
        "check": Key(_CHECK, "the id of the check"),
        "option": Key(OPTION_ID, "only what it finds about this option", required=False),
        "criterion": Key(_CRITERION, "only what it finds about this criterion", required=False),
        "level": Key(_LEVEL, "only what it finds about this level", required=False),
        "reason": Key(_TEXT, "why it is intended"),
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
            Either(
                short=ListOf(OPTION_ID, at_least=1, at_most=MOST_OPTIONS),
                long=MapOf(OPTION_ID, OPTION, at_least=1, at_most=MOST_OPTIONS),
            ),
            "what can be recommended, in order, or the names of files in options/",
        ),
        "known": Key(
            MapOf(OPTION_ID, _KNOWN_FORM),
            "systems that are not options, but that people ask about",
            False,
        ),
        "notes": Key(ListOf(_NOTE_FORM), "advice that never changes the pick", required=False),
        "cases": Key(
            Either(short=CASE_FILE, long=CASES),
            "the rule file's own tests, or the name of the file that lists them",
            required=False,
        ),
        "allow": Key(ListOf(_ALLOW_FORM), "intended findings of `rules check`", False),
    }
)
