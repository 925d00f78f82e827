"""The base of everything a YAML file holds: strict, frozen, and every value keeps its place."""

import datetime
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Self, get_args

from gmpy2 import mpq
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from kpibook.base.numbers import LARGEST, NumberFault, parse_plain, plain
from kpibook.base.problems import NOWHERE, Place

PLACES = "@places"
"""The key under which a mapping hands the places of its values to its entry; no YAML profile key can equal it."""


class Located(dict[str, Any]):
    """A mapping read from YAML: scalars are text or None, and each key and value knows where it stands."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.keys_at: dict[str, Place] = {}
        self.values_at: dict[str, Place] = {}
        self.texts_at: dict[str, Place] = {}
        """Where a quoted or block text itself begins, under its key and `.text`."""
        self.is_cut = False
        """Whether its file could not be read to the mapping's end, so that keys may be missing."""

    def put(self, key: str, value: object, *, key_at: Place, value_at: Place) -> None:
        """Add a key with the places of the key and of its value."""
        self[key] = value
        self.keys_at[key] = key_at
        self.values_at[key] = value_at


class LocatedList(list[Any]):
    """A list read from YAML; `values_at[i]` is the place of item `i`."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.values_at: list[Place] = []
        self.is_cut = False
        """Whether its file could not be read to the list's end, so that items may be missing."""

    def put(self, value: object, *, value_at: Place) -> None:
        """Add an item with its place."""
        self.append(value)
        self.values_at.append(value_at)


class Entry(BaseModel):
    """A mapping of the catalog; a key without a value counts as not given."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)

    places: SkipJsonSchema[Mapping[str, Place]] = Field(default_factory=dict, alias=PLACES, repr=False, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _keep_places(cls, data: Any) -> Any:
        if not isinstance(data, Located):
            return data
        known = cls.known_keys()
        given = {key: value for key, value in data.items() if value is not None or key not in known}
        both = {f"{key}.both": data.values_at[key] for key, value in data.items() if _is_in_both(value)}
        return {**given, PLACES: {**data.values_at, **data.texts_at, **both, "": data.place}}

    @classmethod
    @cache
    def known_keys(cls) -> tuple[str, ...]:
        """The keys that its mapping may have, as a YAML file writes them."""
        keys = (field.alias or name for name, field in cls.model_fields.items())
        return tuple(key for key in keys if key != PLACES)

    @classmethod
    @cache
    def spoken_keys(cls) -> frozenset[str]:
        """The keys whose texts may stand in both languages, alone or in lists."""
        fields = cls.model_fields.items()
        return frozenset(field.alias or name for name, field in fields if _speaks(field.annotation, field.metadata))

    @classmethod
    def build(cls, **values: Any) -> Self:
        """Build an entry from Python, with the keys of the YAML file (`from_` for `from`)."""
        return cls.model_validate({key.removesuffix("_"): value for key, value in values.items()})

    def place_of(self, key: str = "") -> Place:
        """Where the value of `key` stands, or the entry itself."""
        return self.places.get(key) or self.places.get("", NOWHERE)


def _exact(value: Any) -> mpq:
    if isinstance(value, int) and not isinstance(value, bool):
        return mpq(value)
    if isinstance(value, mpq):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("wrong-type", "a number", {"expected": "number"})
    try:
        return parse_plain(value)
    except NumberFault as fault:
        raise PydanticCustomError(fault.code, "not a number", {"text": value[:40]}) from fault


def json_number(value: mpq) -> int | str:
    """A number as JSON holds it exactly: a whole number, or its decimals as text."""
    return int(value) if value.denominator == 1 else plain(value, 12)


def fraction_or_number(value: Any) -> mpq:
    """A number, or a fraction of two whole ones: three equal parts have no decimals that make 1."""
    found = re.fullmatch(FRACTION, value, re.ASCII) if isinstance(value, str) else None
    return mpq(int(found[1]), int(found[2])) if found else _exact(value)


def _whole_number(value: Any) -> int:
    number = _exact(value)
    if number.denominator != 1:
        raise PydanticCustomError("not-whole", "not a whole number", {"text": value})
    return int(number)


MOST_DAYS = 366


def _days(value: Any) -> int:
    days = _whole_number(value)
    if not 0 <= days <= MOST_DAYS:
        raise PydanticCustomError("not-days", "not a number of days", {"text": value})
    return days


LEAST_YEARS, MOST_YEARS = 2, 100


def _years(value: Any) -> int:
    years = _whole_number(value)
    if not LEAST_YEARS <= years <= MOST_YEARS:
        raise PydanticCustomError("not-keep-years", "too few years, or too many", {"text": value})
    return years


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise PydanticCustomError("not-a-flag", "not true or false", {"text": value})
    return bool(value == "true")


def _date(value: Any) -> datetime.date:
    if isinstance(value, datetime.date):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
            return datetime.date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("not-a-date", "not a date", {"text": value})


def _matching(pattern: str, code: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(pattern, value, re.ASCII):
            raise PydanticCustomError(code, "not an id", {"text": value})
        return value

    return BeforeValidator(check)


def _shaped(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "maxLength": MAX_ID, "pattern": f"^{pattern}$"})


KEBAB = r"[a-z0-9]+(?:-[a-z0-9]+)*"
SNAKE = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
MAX_ID = 64

_BOUNDED = WithJsonSchema({"type": "number", "minimum": -LARGEST, "maximum": LARGEST})
_DAY = WithJsonSchema({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})

Number = Annotated[mpq, PlainValidator(_exact), PlainSerializer(json_number), _BOUNDED]
FRACTION = r"([0-9]{1,4})/([1-9][0-9]{0,3})"
_PARTED = WithJsonSchema(
    {"type": ["number", "string"], "pattern": rf"^(?:-?[0-9]+(?:\.[0-9]+)?|{FRACTION})$", "maximum": LARGEST}
)
Part = Annotated[mpq, PlainValidator(fraction_or_number), PlainSerializer(json_number), _PARTED]
"""A weight among others: a number, or a fraction such as 1/3."""
Whole = Annotated[int, PlainValidator(_whole_number), WithJsonSchema({"type": "integer"})]
Days = Annotated[int, PlainValidator(_days), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MOST_DAYS})]
"""A number of days that something may take."""
_YEARS = WithJsonSchema({"type": "integer", "minimum": LEAST_YEARS, "maximum": MOST_YEARS})
KeepYears = Annotated[int, PlainValidator(_years), _YEARS]
"""How many years something is kept: wages and what they hang on, two at least."""
Flag = Annotated[bool, PlainValidator(_flag), WithJsonSchema({"type": "boolean"})]
Date = Annotated[datetime.date, PlainValidator(_date), _DAY]
SPOKEN = ("zh", "en")
"""The languages in which a text may stand: `{zh: 店长, en: Store manager}`."""


def _is_in_both(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == set(SPOKEN) and all(isinstance(e, str) for e in value.values())


def _in_language(value: Any, info: ValidationInfo) -> Any:
    """Pick the text of the language that is read; without a language, as outside of a catalog, the first one."""
    if _is_in_both(value):
        language = (info.context or {}).get("language") or SPOKEN[0]
        return value[language]
    return value


def _speaks(annotation: Any, metadata: Iterable[Any]) -> bool:
    inner = ((part, getattr(part, "__metadata__", ())) for part in get_args(annotation))
    return IN_LANGUAGE in metadata or any(_speaks(part, marks) for part, marks in inner)


PlainText = Annotated[str, Field(strict=True)]
"""A text by which something is told apart: the same in every language."""
IN_LANGUAGE = BeforeValidator(_in_language)
SPEAKS = "x-spoken"
"""Marks in a schema, until it is finished, a text that may stand in both languages."""
Text = Annotated[str, IN_LANGUAGE, Field(strict=True), WithJsonSchema({"type": "string", SPEAKS: True})]
"""A text that may stand in both languages."""
KebabId = Annotated[str, _matching(KEBAB, "bad-kebab-id"), Field(max_length=MAX_ID), _shaped(KEBAB)]
SnakeId = Annotated[str, _matching(SNAKE, "bad-snake-id"), Field(max_length=MAX_ID), _shaped(SNAKE)]
HOST = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?"
Host = Annotated[
    str, _matching(HOST, "not-a-host"), Field(strict=True), WithJsonSchema({"type": "string", "pattern": f"^{HOST}$"})
]
"""What stands in an address between `https://` and the first slash, in small letters."""
