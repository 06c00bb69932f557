"""Faults to be found: edits of valid rule files, and what each has to be found as."""

from __future__ import annotations

import copy
import json
from importlib.resources import files

import yaml
from places import DATA, ROOT

from taskpick.problems import Source
from taskpick.rulefile import reader

NEW = files("taskpick.rulefile").joinpath("new_rules.yaml").read_text(encoding="utf-8")
RULES = ROOT / "rules"


def joined(folder):
    """The files of a rule file that is a folder as the text of one."""
    tree = yaml.load((folder / "rules.yaml").read_text("utf-8"), yaml.BaseLoader)
    tree["cases"] = yaml.load((folder / tree["cases"]).read_text("utf-8"), yaml.BaseLoader)
    tree["options"] = {
        name: yaml.load((folder / "options" / f"{name}.yaml").read_text("utf-8"), yaml.BaseLoader)
        for name in tree["options"]
    }
    return json.dumps(tree, indent=2, ensure_ascii=False)


THREE = (DATA / "rules" / "large" / "three-options.yaml").read_text("utf-8")
"""The three options of the guide, nested in one another, as no larger file of real options is."""
BASES = {"new": NEW, "three": THREE, "cli": (RULES / "python-cli.yaml").read_text("utf-8")}

GONE = object()
"""The value of a key that is taken out."""
FAILS, STRAINS = {"fails": "seeded", "source": "seeded"}, {"strains": "seeded", "source": "seeded"}
FITS = {"fits": "seeded", "source": "seeded"}


def edited(base, edits):
    """The rules of a base file after edits: a dotted path to its new value; `+` appends."""
    # Read as plain texts, and written as JSON, which is YAML, too.
    tree = yaml.load(BASES[base], yaml.BaseLoader)
    for path, value in edits.items():
        *way, last = path.split(".")
        node = tree
        for key in way:
            node = node[int(key)] if isinstance(node, list) else node.setdefault(key, {})
        if last == "+":
            node.append(copy.deepcopy(value))
        elif value is GONE:
            del node[last]
        elif isinstance(node, list):
            node[int(last)] = value
        else:
            node[last] = value
    return reader.read(Source("seeded.yaml", json.dumps(tree, indent=2, ensure_ascii=False)))


_LONG = "Whatever a text of so many words may say, no screen has room for all of it on one line"


def _known(as_of):
    """A system that is no option, last checked on that day."""
    return {"name": "Vault", "url": "https://example.com/", "say": "Seeded.", "as_of": as_of}


def _fit(option, criterion, **levels):
    return {f"options.{option}.fits.{criterion}.{lv}": to for lv, to in levels.items()}


def _case(pick, **answers):
    return {"cases.+": {"need": "seeded", "answers": answers, "pick": pick}}


def _note(say="seeded", **note):
    return {"notes.+": {"say": say, "source": "seeded", **note}}


def _sizes(few, many):
    return {"source": "seeded", "few": few, "many": many}


_OFTEN = {"duration": "seconds", "persistence": "none", "retry": "none", "scheduling": "none"}
_OFTEN |= {"distribution": "in-process"}

SEEDS = [
    ("option-never-picked", "new", _fit("environment", "size", many="fits"), "file"),
    ("option-never-picked", "new", _fit("file", "size", few=FAILS, many=FAILS), "file"),
    ("option-never-picked", "new", _fit("service", "secrets", none=FAILS, some=FAILS), "service"),
    ("option-never-picked", "new", _fit("environment", "change", restart=FAILS), "environment"),
    ("option-never-picked", "new", _fit("file", "size", many=STRAINS), "file"),
    ("option-never-picked", "three", _fit("rq", "language", python=FAILS), "rq"),
    (
        "option-never-picked",
        "three",
        _fit("background-tasks", "code", **dict.fromkeys(("sync", "async", "cpu"), FAILS)),
        "background-tasks",
    ),
    *(
        (
            "options-equal",
            base,
            {f"options.{twin}": dict(yaml.load(BASES[base], yaml.BaseLoader)["options"][option])},
            twin,
        )
        for base, option, twin in [
            ("new", "environment", "variables"),
            ("new", "file", "toml"),
            ("new", "service", "consul"),
            ("three", "rq", "redis-queue"),
            ("three", "celery", "celery-again"),
        ]
    ),
    *(
        (
            "criterion-without-effect",
            base,
            {
                f"criteria.{name}": {"question": "?", "why": "!", "levels": {"a": "A", "b": "B"}},
                **{f"options.{option}.fits.{name}": row for option in options},
            },
            name,
        )
        for base, name, options in [
            ("new", "team", ["environment", "file", "service"]),
            ("three", "team", ["background-tasks", "rq", "celery"]),
        ]
        for row in [
            {"source": "seeded", "a": "fits", "b": "fits"},
            {"source": "seeded", "a": STRAINS, "b": STRAINS},
            {"source": "seeded", "a": "fits", "b": FITS},
        ]
    ),
    ("level-without-effect", "three", _fit("background-tasks", "code", cpu="fits"), "cpu"),
    ("level-without-effect", "three", _fit("rq", "retry", advanced="fits"), "advanced"),
    ("level-without-effect", "three", _fit("rq", "scheduling", cron="fits"), "cron"),
    (
        "level-without-effect",
        "three",
        _fit("rq", "monitoring", dashboard="fits")
        | _fit("background-tasks", "monitoring", dashboard=STRAINS),
        "dashboard",
    ),
    (
        "level-without-effect",
        "three",
        _fit("rq", "workflow", dag="fits") | _fit("background-tasks", "workflow", dag=STRAINS),
        "dag",
    ),
    (
        "level-without-effect",
        "three",
        _fit("celery", "infrastructure", postgres="fits"),
        "postgres",
    ),
    (
        "nothing-fits",
        "new",
        _fit("file", "change", live=FAILS) | _fit("service", "size", few=FAILS),
        "",
    ),
    (
        "nothing-fits",
        "new",
        _fit("file", "size", many=FAILS) | _fit("service", "change", live=FAILS),
        "",
    ),
    (
        "nothing-fits",
        "new",
        {f"options.{o}.fits.secrets.some": FAILS for o in ("environment", "file", "service")},
        "",
    ),
    (
        "nothing-fits",
        "new",
        _fit("file", "change", live=FAILS) | _fit("service", "secrets", some=FAILS),
        "",
    ),
    (
        "nothing-fits",
        "new",
        {
            f"options.{o}.fits.size": _sizes(FAILS, FAILS)
            for o in ("environment", "file", "service")
        },
        "",
    ),
    ("fits-out-of-order", "new", _fit("environment", "size", few=FAILS), "environment"),
    ("fits-out-of-order", "new", _fit("file", "secrets", none=FAILS), "file"),
    ("fits-out-of-order", "new", _fit("service", "change", restart=STRAINS), "service"),
    ("fits-out-of-order", "three", _fit("rq", "retry", none=FAILS), "rq"),
    ("fits-out-of-order", "three", _fit("celery", "duration", minutes=FAILS), "celery"),
    (
        "fits-out-of-order",
        "three",
        _fit("background-tasks", "workflow", none=FAILS),
        "background-tasks",
    ),
    (
        "note-never-shows",
        "new",
        _note(option="environment", when={"change": "live"}),
        "environment",
    ),
    (
        "note-never-shows",
        "new",
        _note(option="service", when={"size": "few", "change": "restart"}),
        "service",
    ),
    ("note-never-shows", "new", _note(option="file", when={"secrets": "some"}), "file"),
    ("note-never-shows", "three", _note(option="rq", when={"language": "mixed"}), "rq"),
    (
        "note-never-shows",
        "three",
        _note(option="celery", when={"infrastructure": "none"}),
        "celery",
    ),
    (
        "note-never-shows",
        "three",
        _note(option="background-tasks", when={"retry": "basic"}),
        "background-tasks",
    ),
    ("case-fails", "new", {"cases.0.pick": "file"}, "file"),
    ("case-fails", "new", {"cases.1.answers.size": "many"}, "environment"),
    ("case-fails", "new", {"cases.2.pick": "nothing-fits"}, "nothing-fits"),
    ("case-fails", "new", {"cases.3.answers.size": GONE}, "service"),
    ("case-fails", "new", _fit("service", "change", live=FAILS), "service"),
    ("case-fails", "three", _case("celery", **_OFTEN), "celery"),
    ("cases-contradict", "new", _case("file", size="few", secrets="none"), "file"),
    ("cases-contradict", "new", _case("service", size="few", secrets="some"), "service"),
    ("cases-contradict", "new", _case("nothing-fits", change="live"), "nothing-fits"),
    ("cases-contradict", "new", _case("environment", secrets="some"), "environment"),
    ("cases-contradict", "three", _case("rq", **_OFTEN), "rq"),
    ("case-twice", "new", _case("environment", size="few", secrets="none"), "environment"),
    ("case-twice", "new", _case("file", size="many", secrets="none"), "file"),
    ("case-twice", "new", _case("file", size="many", secrets="none", change="restart"), "file"),
    ("case-twice", "new", _case("service", size="many", secrets="some"), "service"),
    ("case-twice", "new", _case("service", size="few", secrets="none", change="live"), "service"),
    ("option-without-case", "new", {"cases": []}, "environment"),
    ("option-without-case", "new", {"cases": []}, "service"),
    (
        "option-without-case",
        "new",
        {
            "cases.2": {
                "need": "seeded",
                "answers": {"change": "live", "secrets": "some"},
                "pick": "service",
            }
        },
        "file",
    ),
    ("option-without-case", "three", {"cases": []}, "rq"),
    ("option-without-case", "three", {"cases": []}, "celery"),
    ("claim-without-source", "new", {"options.file.fits.size.source": GONE}, "file"),
    ("claim-without-source", "new", {"options.service.fits.change.source": GONE}, "service"),
    ("claim-without-source", "new", {"notes.0.source": GONE}, "environment"),
    ("claim-without-source", "three", {"options.rq.fits.language.source": GONE}, "language"),
    ("claim-without-source", "three", {"notes.3.source": GONE}, ""),
    ("claim-without-version", "new", {"options.file.versions": GONE}, "file"),
    ("claim-without-version", "new", {"options.service.versions": GONE}, "service"),
    (
        "claim-without-version",
        "new",
        {"options.file.fits.size.source": "measured on toml 0.5"},
        "file",
    ),
    ("claim-without-version", "three", {"options.rq.versions": GONE}, "rq"),
    ("claim-without-version", "three", {"options.celery.versions.celery": "6.0.0"}, "celery"),
    ("claims-too-old", "new", {"as_of": GONE}, ""),
    ("claims-too-old", "new", {"as_of": "2026-05-01"}, ""),
    ("claims-too-old", "new", {"as_of": "2001-01-01"}, ""),
    ("claims-too-old", "three", {"as_of": GONE}, ""),
    ("claims-too-old", "three", {"as_of": "2026-05-25"}, ""),
    ("claims-of-a-day-to-come", "new", {"as_of": "2027-01-01"}, ""),
    ("claims-of-a-day-to-come", "new", {"as_of": "2026-11-24"}, ""),
    ("claims-of-a-day-to-come", "three", {"as_of": "9999-12-31"}, ""),
    ("claims-of-a-day-to-come", "cli", {"as_of": "2026-12-01"}, ""),
    ("claims-of-a-day-to-come", "new", {"known.vault": _known("2027-01-01")}, ""),
    ("claims-too-old", "new", {"known.vault": _known("2026-05-01")}, ""),
    ("short-text-missing", "new", {"options.file.short": "File"}, "environment"),
    ("short-text-missing", "three", {"options.rq.short": GONE, "options.rq.name": _LONG}, "rq"),
    ("short-text-missing", "three", {"options.celery.needs": GONE}, "celery"),
    ("short-text-missing", "three", {"notes.0.short": GONE, "notes.0.say": _LONG}, ""),
    (
        "short-text-missing",
        "three",
        {"options.rq.fits.duration.hours": {"strains": _LONG, "source": "seeded"}},
        "hours",
    ),
    (
        "short-text-missing",
        "three",
        {"criteria.duration.levels.minutes": {"means": _LONG, "frequency": "10"}},
        "minutes",
    ),
    *(
        ("allow-unknown-check", base, {"allow": [{"check": check, "reason": "seeded"}]}, "")
        for base in ("new", "three")
        for check in ("nothing-fit", "case", "simpler-for-more")
    ),
    *(
        (
            "allow-without-effect",
            base,
            {"allow": [{"check": check, **about, "reason": "seeded"}]},
            "",
        )
        for base, check, about in [
            ("new", "nothing-fits", {}),
            ("new", "case-twice", {"option": "file"}),
            ("new", "level-without-effect", {"criterion": "size"}),
            ("three", "claims-too-old", {}),
            ("three", "level-without-effect", {"level": "dag"}),
        ]
    ),
]
"""Check, base file, edits, and what the finding is about (any part of its subject)."""
