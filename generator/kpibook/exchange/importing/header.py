"""Find the header of a table below its titles, and say what each of its columns is; what is not clear is refused."""

from collections.abc import Iterator, Mapping, Sequence

from kpibook.base.names import name_key
from kpibook.base.problems import Place, Problem
from kpibook.exchange.importing.grid import Grid, grids
from kpibook.exchange.importing.header_columns import HeaderColumn
from kpibook.exchange.importing.layouts import BESIDE, READ, SILENT, Column, Ignored, SheetHeader, SheetKind
from kpibook.exchange.importing.title_periods import month_in
from kpibook.exchange.importing.titles import read_titles
from kpibook.exchange.importing.units import is_money
from kpibook.exchange.importing.vocabulary import NOT_ACTUAL, QUALIFIER_OF, ColumnRole, WordSort, is_bare
from kpibook.exchange.importing.wanted import NEEDED, Refused, Wanted
from kpibook.reading.tables import FileHead, Heading, column_letters, column_name

OTHERS = (WordSort.OTHER_PERIOD, WordSort.LAST, WordSort.CUMULATIVE, WordSort.DERIVED, WordSort.BESIDE)
"""What makes a column of targets one that is not taken."""
PAST = (WordSort.LAST,)
"""What a title that names the cycle's own period says in passing."""


def find_header(top: FileHead, wanted: Wanted) -> SheetHeader | Refused | None:
    """The first header of a sheet; None where there is none."""
    refused = None
    for grid in grids(top, wanted.vocabulary):
        found = _Reading(top, grid, wanted).found()
        if isinstance(found, SheetHeader) or (found and found.is_final):
            return found
        refused = refused or found
    return refused


class _Reading:
    """Reads one grid as a header."""

    def __init__(self, top: FileHead, grid: Grid, wanted: Wanted) -> None:
        self.top = top
        self.grid = grid
        self.wanted = wanted
        vocabulary = wanted.vocabulary
        self.leaves = tuple(
            HeaderColumn(
                " / ".join(" ".join(cell.split()) for cell in path),
                tuple(word for cell in path for word in vocabulary.words(cell)),
                len(path),
            )
            for path in grid.paths
        )
        above = top.rows[: grid.first]
        self.titles = tuple(line for line, _ in top.rows[: grid.first + grid.rows - 1])
        head = top.rows[grid.first : grid.first + grid.rows]
        notes = [cell for _, cells in head for cell in cells if self._is_note(cell)]
        texts = (*(cell for _, cells in above for cell in cells), *notes, *wanted.others)
        is_own_period = any(month_in(text, vocabulary.period) for text in texts)
        qualifiers = {key: sort for key, sort in vocabulary.title_words.items() if not (is_own_period and sort in PAST)}
        self.said = read_titles(
            texts, vocabulary.catalog, vocabulary.numbers, notes=wanted.notes, qualifiers=qualifiers
        )
        if wanted.unit_above and not any(map(is_money, self.said.units)):
            unclear = ", ".join(filter(None, (self.said.unclear, wanted.unit_above)))
            self.said = self.said._replace(unclear=unclear, unit_above=wanted.unit_above)
        self.line = head[-1][0]

    def _is_note(self, cell: str) -> bool:
        words = self.wanted.vocabulary.words(cell)
        return len(words) > 1 and words[0].role is ColumnRole.UNIT

    def _ids(self, leaf: HeaderColumn) -> tuple[str, ...]:
        """What a column is of: a number, and where targets are taken an indicator, too."""
        return leaf.goals if self.wanted.targets else leaf.ids

    def found(self) -> SheetHeader | Refused | None:
        """The header; None where this is none."""
        roles = self._roles()
        kind = self._kind(set(roles.values()))
        if kind is None:
            return None
        if kind is SheetKind.ROSTER and ColumnRole.JOB_LEVEL not in roles.values():
            levels = {ColumnRole.LEVEL: ColumnRole.JOB_LEVEL}
            roles = {at: levels.get(role, role) for at, role in roles.items()}
        if kind is SheetKind.LONG and (refused := self._of_long_title(roles)):
            return refused
        if kind is not SheetKind.WIDE:
            return self._header(kind, roles, {}, self._ignored_columns(roles, ()))
        numbered = [at for at, leaf in enumerate(self.leaves) if self._ids(leaf)]
        if not numbered:
            return self._by_title(roles)
        if unclear := self._unclear(numbered):
            return unclear
        if unclear := self._of_title(numbered):
            return unclear
        columns, ignored = self._columns(numbered, {at: self._ids(self.leaves[at]) for at in numbered})
        if not columns and len(ignored) == len(numbered):
            return self._nothing(tuple(ignored.values()))
        return self._header(kind, roles, columns, {**ignored, **self._ignored_columns(roles, numbered)})

    def _of_long_title(self, roles: dict[int, ColumnRole]) -> Refused | None:
        """A title that says of numbers under a mere `value` that they are none, unless targets are asked for."""
        said = self.said.not_actual
        bare = [at for at, role in roles.items() if role is ColumnRole.ACTUAL and is_bare(self.leaves[at].label)]
        if not said or not bare:
            return None
        if self.wanted.targets and said[0] is WordSort.PLAN and ColumnRole.TARGET not in roles.values():
            roles[bare[0]] = ColumnRole.TARGET
            return None
        return self._refuse("import-title-no-actual", words=said[1], columns=self._labels(bare))

    def _ignored_columns(self, roles: Mapping[int, ColumnRole], numbered: Sequence[int]) -> dict[int, Ignored]:
        """Further columns that say what they are and are not taken, such as 完成率 alone."""
        taken = {ColumnRole.TARGET, *BESIDE} if self.wanted.targets else set[ColumnRole]()
        read = {at for at, role in roles.items() if role not in QUALIFIER_OF or role in taken | {ColumnRole.ACTUAL}}
        others = {at: leaf for at, leaf in enumerate(self.leaves) if at not in read and at not in numbered}
        said = {at: leaf.says(*NOT_ACTUAL) for at, leaf in others.items() if not leaf.unknown}
        return {at: Ignored(self.leaves[at].label, sort) for at, sort in said.items() if sort}

    def _roles(self) -> dict[int, ColumnRole]:
        """The columns that tell about their rows, each role once."""
        found: dict[int, ColumnRole] = {}
        for at, leaf in enumerate(self.leaves):
            if leaf.role and leaf.role not in found.values():
                found[at] = leaf.role
        if not {ColumnRole.SUBJECT, ColumnRole.NAME} & set(found.values()):
            return {at: ColumnRole.NAME if role is ColumnRole.DEPARTMENT else role for at, role in found.items()}
        return self._with_own_period(found)

    def _with_own_period(self, roles: dict[int, ColumnRole]) -> dict[int, ColumnRole]:
        """A column of a long table that is named for the cycle holds its numbers where no other does."""
        own = [
            at
            for at, leaf in enumerate(self.leaves)
            if leaf.says(WordSort.OWN_PERIOD, WordSort.ACTUAL) and not leaf.ids
        ]
        own = [at for at in own if at not in roles and not self.leaves[at].says(*NOT_ACTUAL)]
        if ColumnRole.ACTUAL in roles.values() or len(own) != 1 or not self._is_long(set(roles.values())):
            return roles
        return {**roles, own[0]: ColumnRole.ACTUAL}

    @staticmethod
    def _is_long(roles: set[ColumnRole]) -> bool:
        return bool(roles & {ColumnRole.MEASURE, ColumnRole.MEASURE_NAME})

    def _kind(self, roles: set[ColumnRole]) -> SheetKind | None:
        has_numbers = any(map(self._ids, self.leaves))
        for kind, groups in NEEDED.items():
            if not all(roles.intersection(group) for group in groups):
                continue
            if kind is SheetKind.LONG and ColumnRole.ACTUAL not in roles and not self.wanted.targets:
                continue
            if kind is SheetKind.WIDE and not has_numbers and not self._has_months():
                continue
            return kind
        return None

    def _has_months(self) -> bool:
        """Whether columns say of which period or kind their numbers are, and nothing else does what they count."""
        said = [leaf for leaf in self.leaves if leaf.says(WordSort.OWN_PERIOD, WordSort.OTHER_PERIOD, WordSort.ACTUAL)]
        return bool(said) and not self._is_long({leaf.role for leaf in self.leaves if leaf.role})

    def _by_title(self, roles: dict[int, ColumnRole]) -> SheetHeader | Refused | None:
        """A table whose columns are periods, or plan and actual, of a number that its title names."""
        at = [index for index, leaf in enumerate(self.leaves) if leaf.words and self._is_qualified(leaf)]
        if len(self.said.measures) != 1:
            code = "import-measure-missing" if not self.said.measures else "import-measure-ambiguous"
            named = ", ".join(self.said.measures)
            return self._refuse(code, is_final=False, columns=self._labels(at), candidates=named)
        if any(self.leaves[index].unknown for index in at):
            return self._refuse("import-header-unclear", words=", ".join(self._unknown(at)))
        columns, ignored = self._columns(at, dict.fromkeys(at, self.said.measures))
        if not columns:
            return self._nothing(tuple(ignored.values()))
        rest = {index: role for index, role in roles.items() if index not in at}
        return self._header(SheetKind.WIDE, rest, columns, ignored)

    @staticmethod
    def _is_qualified(leaf: HeaderColumn) -> bool:
        return all(word.qualifier or word.sort in (WordSort.UNIT, WordSort.UNKNOWN) for word in leaf.words) and any(
            word.qualifier for word in leaf.words
        )

    def _unknown(self, at: Sequence[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for index in at for word in self.leaves[index].unknown))

    def _labels(self, at: Sequence[int]) -> str:
        return ", ".join(self.leaves[index].label for index in at)

    def _unclear(self, numbered: Sequence[int]) -> Refused | None:
        """Words above or below the name of a number that may change what it is: the table is not guessed at."""
        deep = [at for at in numbered if self.leaves[at].deepest > 1]
        if unknown := self._unknown(deep):
            return self._refuse("import-header-unclear", words=", ".join(unknown))
        return None

    def _of_title(self, numbered: Sequence[int]) -> Refused | None:
        """A title that says of all numbers that they are no actuals, where no column says otherwise."""
        plain = [at for at in numbered if not self.leaves[at].says(*NOT_ACTUAL, WordSort.ACTUAL, WordSort.OWN_PERIOD)]
        said = self.said.not_actual
        if not said or not plain or (self.wanted.targets and said[0] is WordSort.PLAN):
            return None
        return self._refuse("import-title-no-actual", words=said[1], columns=self._labels(plain))

    def _columns(
        self, numbered: Sequence[int], ids: Mapping[int, tuple[str, ...]]
    ) -> tuple[dict[int, Column], dict[int, Ignored]]:
        """The columns whose numbers are taken, and those that are named as ignored."""
        columns, ignored = dict[int, Column](), dict[int, Ignored]()
        says_kinds = any(self.leaves[at].says(WordSort.PLAN, WordSort.ACTUAL) for at in numbered)
        is_bare = not says_kinds and not self.wanted.says_kinds
        for at in numbered:
            leaf = self.leaves[at]
            other = leaf.says(*NOT_ACTUAL)
            is_target = is_bare if other is None else other is WordSort.PLAN and not leaf.says(*OTHERS)
            is_target = self.wanted.targets and (is_target or not leaf.ids)
            if other and not is_target:
                ignored[at] = Ignored(leaf.label, other)
            else:
                unit = leaf.units[0] if len(leaf.units) == 1 else ", ".join((*leaf.units, *leaf.unknown))
                unit = ", ".join((*leaf.units, *leaf.unknown)) if leaf.unknown else unit
                columns[at] = Column(column_name(leaf.label), leaf.label, ids[at], unit, is_target)
        return columns, ignored

    def _nothing(self, ignored: Sequence[Ignored]) -> Refused:
        return self._refuse("import-period-missing", columns=", ".join(each.label for each in ignored))

    def _refuse(self, code: str, *, is_final: bool = True, **values: object) -> Refused:
        line, cells = self.top.rows[self.grid.first]
        at = next(index for index, cell in enumerate(cells) if cell.strip())
        sheet = self.top.sheet
        place = Place(self.wanted.file, line, at + 1, f"{sheet}!{column_letters(at)}{line}" if sheet else "")
        own = str(self.wanted.vocabulary.period)
        return Refused(Problem(code, place, {"own": own, **values}), line, is_final)

    def _header(
        self,
        kind: SheetKind,
        roles: Mapping[int, ColumnRole],
        columns: Mapping[int, Column],
        ignored: Mapping[int, Ignored],
    ) -> SheetHeader:
        names = tuple(self._names(kind, roles, columns))
        labels = tuple(leaf.label for leaf in self.leaves)
        heading = Heading(self.line, names, self.top.sheet, self.top.delimiter, labels)
        is_computed = [leaf.says(WordSort.COMPUTED) and not leaf.ids for leaf in self.leaves]
        computed = tuple(label for label, found in zip(labels, is_computed, strict=True) if found) if columns else ()
        is_unit = [kind is SheetKind.WIDE and leaf.role is ColumnRole.UNIT for leaf in self.leaves]
        return SheetHeader(
            kind,
            heading,
            tuple(columns[at] for at in sorted(columns)),
            self.titles,
            computed,
            tuple(ignored[at] for at in sorted(ignored)),
            self.said,
            self.grid.rows,
            self._long_unit(roles, ColumnRole.ACTUAL),
            self._long_column(roles, ColumnRole.TARGET, kind),
            tuple(filter(None, (self._long_column(roles, role, kind) for role in BESIDE))),
            tuple(name for name, found in zip(names, is_unit, strict=True) if found),
        )

    def _long_unit(self, roles: Mapping[int, ColumnRole], role: ColumnRole) -> str:
        return next((", ".join(self.leaves[at].units) for at, each in roles.items() if each is role), "")

    def _long_column(self, roles: Mapping[int, ColumnRole], role: ColumnRole, kind: SheetKind) -> Column | None:
        """The column of targets, or of what stands beside them, of a long table; None where none is taken."""
        if kind is not SheetKind.LONG or not self.wanted.targets:
            return None
        label = next((self.leaves[at].label for at, each in roles.items() if each is role), "")
        return Column(role, label, (), self._long_unit(roles, role), is_target=True) if label else None

    def _names(self, kind: SheetKind, roles: Mapping[int, ColumnRole], columns: Mapping[int, Column]) -> Iterator[str]:
        """A name for each column: that of its role, and the header's own text for all else."""
        for at, leaf in enumerate(self.leaves):
            role = roles.get(at)
            if at in columns:
                yield columns[at].name
            elif role and (role in READ[kind] or role in SILENT):
                yield role.value
            elif kind is SheetKind.WIDE and leaf.role is ColumnRole.UNIT:
                yield column_name(f"{leaf.label} ({at + 1})")
            elif kind is SheetKind.ROSTER and (further := self._further(leaf.label)):
                yield further
            else:
                yield f"{leaf.label} ({at + 1})" if any(word.role for word in leaf.words) else leaf.label

    def _further(self, label: str) -> str:
        """The id of a further column of numbers of the roster, such as the basic salary."""
        columns = self.wanted.vocabulary.catalog.company.columns
        return next((key for key, name in columns.items() if name_key(label) in (name_key(name), key)), "")
