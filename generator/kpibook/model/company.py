"""company.yml: what holds for the whole company, its streaks and its words for imports."""

from collections.abc import Mapping
from typing import Literal

from gmpy2 import mpq
from pydantic import Field

from kpibook.base.entry import Days, Entry, Flag, Host, KebabId, KeepYears, Number, SnakeId, Text, Whole
from kpibook.model.consequences import YearBonus
from kpibook.model.editing import Limits
from kpibook.model.handbook import Lines
from kpibook.model.outgoing import Notices, Payroll
from kpibook.model.raters import UNNAMED, CompanyRaters, RaterTerms, RaterWeights, Relation
from kpibook.model.scorecards import Extra, ScorecardItem, Scored
from kpibook.model.scoring_policies import (
    Approvals,
    Distribution,
    Eligibility,
    MissingPolicy,
    PartCycle,
    Rank,
    Rounding,
)
from kpibook.rules.formulas import FormulaText

COMPANY = "company"
"""The subject of actuals that belong to the whole company."""


class Streak(Entry):
    """What follows when a condition holds for several cycles on end."""

    name: Text
    when: FormulaText
    """Over `rank`, `ranked`, `total`, `factor` and `failed` (1 or 0)."""
    cycles: Whole
    roles: tuple[KebabId, ...] = ()
    """Whose it is: those who hold one of these roles; without any, everybody."""
    gap: Literal["breaks", "skipped"] = "breaks"
    """What a cycle without a total does to a run."""
    again: Literal["each", "new_run"] = "new_run"
    """Whether a run that goes on counts in each further cycle, or begins anew."""
    least_group: Whole = 2
    """How many have to be ranked together before a rank counts, where `when` uses `rank`."""
    amount: Number | None = None
    note: Text = ""


class UnitWord(Entry):
    """What a unit is called in the company's own tables, and the unit that is meant."""

    word: Text
    unit: Text


class ImportWords(Entry):
    """What the company's own tables say beside the words that are known: kinds of numbers, units, and none at all."""

    actual: Lines = ()
    plan: Lines = ()
    last: Lines = ()
    cumulative: Lines = ()
    derived: Lines = ()
    group: Lines = ()
    unit: Lines = ()
    """What stands before the unit of a whole table."""
    unit_words: tuple[UnitWord, ...] = ()
    no_value: Lines = ()
    """What stands in a cell in place of a number."""


class Access(Entry):
    """Who may open cards beside their owners; with it, `build` makes a folder for each viewer."""

    chain: Literal["all", "direct"] = "all"
    """Whether a manager's managers see a card, too, and the heads of the departments above."""
    heads: Flag = True
    """Whether who holds the leading role of a department sees its people's cards."""
    hr: tuple[Text, ...] = ()
    """The logins of those who see everything."""


class AppealDays(Entry):
    """How many working days there are to appeal, from the delivery of a result, and to decide, from the filing."""

    file_days: Days = 7
    decide_days: Days = 10


class Company(Scored):
    """handbook/company.yml."""

    name: Text
    language: Literal["zh", "en"]
    languages: tuple[Literal["zh", "en"], ...] = ()
    """Those of the handbook, where there is more than one: each has a site of its own, with a way between them."""
    currency: Text = "CNY"
    rounding: Rounding = Rounding()
    missing: MissingPolicy = MissingPolicy.BLOCK
    raters: CompanyRaters = Field(default_factory=lambda: {Relation.MANAGER: RaterTerms(weight=mpq(1))})
    not_due: Literal["leave_out", "wait"] = "leave_out"
    """An item before its number is due: the others are scaled up to 100, or the total waits."""
    missing_rater: Literal["share", "block", "zero"] = "share"
    """Where a relation gives no rating while another did: the others share its weight, the item waits, or it is 0."""
    eligibility: Eligibility = Eligibility()
    approvals: Approvals = Approvals()
    part_cycle: PartCycle = PartCycle()
    rank: Rank = Rank()
    access: Access | None = None
    confirm_days: Days = 3
    """Working days to confirm a result, from its delivery; never fewer than until the cycle's `confirm_by`."""
    appeals: AppealDays = AppealDays()
    keep_years: KeepYears | None = None
    """For how many years after its last day a cycle is kept whole; then a person may be taken out of it."""
    distribution: Distribution = Distribution()
    comment_under: Number | None = None
    """Under how many % a rating, or an attainment, needs words, where an item does not say so itself."""
    streaks: tuple[Streak, ...] = ()
    year_bonus: tuple[YearBonus, ...] = ()
    """Amounts of a year, from the factors of its cycles."""
    pay_after_transfer: Literal["last", "days"] = "last"
    """Whose pay lines hold after a change of role: those of the last role, or of each by its days."""
    columns: Mapping[SnakeId, Text] = Field(default_factory=dict)
    evidence_hosts: tuple[Host, ...] = ()
    """Where documents are kept: a link to one of them in a note is a link on cards."""
    import_words: ImportWords = ImportWords()
    """Words above the columns of tables that are imported."""
    limits: Limits = Limits()
    payroll: Payroll = Payroll()
    notices: Notices = Notices()
    owner: KebabId | None = None
    """The department that keeps the handbook: it answers for every page that is no other's."""
    intro: Text = ""
    note: Text = ""

    @property
    def other_languages(self) -> tuple[str, ...]:
        """The languages of the handbook beside its own."""
        return tuple(dict.fromkeys(each for each in self.languages if each != self.language))

    @property
    def id(self) -> str:
        """The subject of what belongs to the whole company."""
        return COMPANY

    @property
    def rater_weights(self) -> RaterWeights:
        """Who rates where an item says nothing else; a relation that only has terms does not."""
        return {relation: terms.weight for relation, terms in self.raters.items() if "weight" in terms.model_fields_set}

    def comment_bound(self, item: ScorecardItem | Extra) -> mpq | None:
        """Under how many % a rating or an attainment of an item needs words; None where it never does."""
        if isinstance(item, Extra) or not item.weight:
            return None
        return (self.comment_under if item.comment_under is None else item.comment_under) or None

    def least_raters(self, relation: Relation) -> int:
        """How many of a relation have to rate for it to count."""
        terms = self.raters.get(relation)
        return terms.at_least if terms else 1

    def names_raters(self, relation: Relation) -> bool:
        """Whether cards say who of a relation rated."""
        terms = self.raters.get(relation)
        return relation not in UNNAMED if terms is None or terms.named is None else terms.named
