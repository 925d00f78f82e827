"""Where the words for each key of each file stand: for the guide of the handbook and for editors."""

from collections.abc import Iterator, Mapping

from kpibook.base.entry import Entry
from kpibook.model import (
    Access,
    AppealDays,
    Approvals,
    Change,
    Company,
    Comparison,
    Consequence,
    Consequences,
    CycleFile,
    Department,
    Distribution,
    Duty,
    Eligibility,
    Exempt,
    Extra,
    Gate,
    Grade,
    ImportWords,
    Indicator,
    JobLevel,
    LevelItem,
    Limits,
    Measure,
    NoticeGroup,
    Notices,
    PartCycle,
    PayLine,
    Payroll,
    PayRow,
    Qualifications,
    Quota,
    Rank,
    RaterTerms,
    Role,
    Rounding,
    Schedule,
    ScorecardItem,
    Section,
    Streak,
    TargetsByKind,
    Term,
    Total,
    TotalLevel,
    UnitWord,
    Waiver,
    YearBonus,
)
from kpibook.rules.standards import (
    AllOrNothing,
    Band,
    Bands,
    Bonus,
    ByFormula,
    Deduct,
    Deduction,
    Example,
    Excess,
    Linear,
    Proportional,
    Range,
    Rating,
    RatingLevel,
    Requirement,
    Scale,
    Shortfall,
    Stretch,
    Tier,
)

EACH = "each."
"""Under which the words for the keys of a list's items stand."""
FILES: Mapping[str, tuple[type[Entry], ...]] = {
    "company": (
        Company,
        Rounding,
        Eligibility,
        PartCycle,
        Approvals,
        Rank,
        Access,
        AppealDays,
        Distribution,
        Limits,
        ImportWords,
        Payroll,
        Notices,
    ),
    "raters": (RaterTerms,),
    "quota": (Quota,),
    "unit_word": (UnitWord,),
    "streak": (Streak,),
    "year_bonus": (YearBonus,),
    "notice_group": (NoticeGroup,),
    "departments": (Department,),
    "grades": (Grade, Consequences),
    "consequence": (Consequence,),
    "measures": (Measure,),
    "indicators": (Indicator,),
    "comparison": (Comparison,),
    "role": (Role, Qualifications),
    "job_level": (JobLevel,),
    "level_item": (LevelItem,),
    "duty": (Duty,),
    "total": (Total,),
    "total_level": (TotalLevel,),
    "section": (Section,),
    "item": (ScorecardItem, Exempt),
    "extra": (Extra,),
    "example": (Example,),
    "gate": (Gate,),
    "pay": (PayLine,),
    "pay_row": (PayRow,),
    "change": (Change,),
    "waiver": (Waiver,),
    "term": (Term,),
    "cycle": (CycleFile, Schedule),
}
"""Each part of the reference with its type, and the types of the mappings inside it."""

INSIDE: Mapping[type[Entry], str] = {
    Rounding: "rounding",
    Eligibility: "eligibility",
    Approvals: "approvals",
    PartCycle: "part_cycle",
    Rank: "rank",
    Access: "access",
    AppealDays: "appeals",
    Distribution: "distribution",
    Limits: "limits",
    ImportWords: "import_words",
    Payroll: "payroll",
    Notices: "notices",
    Consequences: "consequences",
    Qualifications: "qualifications",
    Schedule: "schedule",
    Exempt: "exempt",
    Requirement: "require[]",
    Band: "bands[]",
    Deduct: "deduct[]",
    RatingLevel: "levels[]",
    Scale: "scale",
    Bonus: "bonus",
}

RULES: Mapping[str, tuple[type[Entry], ...]] = {
    "proportional": (Proportional,),
    "all_or_nothing": (AllOrNothing, Requirement),
    "bands": (Bands, Band),
    "linear": (Linear,),
    "range": (Range,),
    "deduction": (Deduction, Deduct),
    "stretch": (Stretch,),
    "shortfall": (Shortfall, Bonus),
    "excess": (Excess,),
    "rating": (Rating, RatingLevel, Scale),
    "formula": (ByFormula,),
}


def meanings() -> Iterator[tuple[type[Entry], str]]:
    """Each type of entry, and the key of the locale under which the meanings of its own keys stand."""
    for part, (first, *inner) in FILES.items():
        yield first, f"handbook.reference.{part}"
        yield from ((kind, f"handbook.reference.{part}.{INSIDE[kind]}") for kind in inner)
    for rule, (first, *inner) in RULES.items():
        yield first, f"handbook.parameter.{rule}"
        for kind in inner:
            inside = INSIDE[kind]
            yield kind, f"handbook.parameter.{rule}.{EACH[:-1] if inside.endswith('[]') else inside}"
    yield Tier, "schemas.tier"
    yield TargetsByKind, "schemas.by_kind"
