"""What several readings of a company's files have in common, such as those of two versions, is worked out once."""

from collections.abc import Mapping

from kpibook.base.problems import Problem
from kpibook.checking.checks import check_catalog
from kpibook.model import Catalog
from kpibook.pages.sanitizing import check_rendered
from kpibook.reading.catalog import KeptFiles

Problems = tuple[Problem, ...]
Pages = tuple[Mapping[str, str], str, Problems]


class Shared:
    """What files of catalogs say, and what is wrong with catalogs and pages that are equal to one seen before.

    All of it follows from what is compared, places included; nothing of it is ever changed.
    """

    def __init__(self) -> None:
        self.files = KeptFiles()
        self._catalogs: list[tuple[Catalog, Problems]] = []
        self._pages: list[tuple[Pages, Problems]] = []
        self._used = set[int]()
        """By identity: what was asked for of both lists, which hold it."""

    def of_catalog(self, catalog: Catalog) -> Problems:
        """As `check_catalog`."""
        found = next((each for each in self._catalogs if each[0] is catalog or each[0] == catalog), None)
        if found is None:
            found = (catalog, check_catalog(catalog))
            self._catalogs.append(found)
        self._used.add(id(found))
        return found[1]

    def of_pages(self, prose: Mapping[str, str], folder: str, known: Problems) -> Problems:
        """As `check_rendered`."""
        pages = (prose, folder, known)
        found = next((each for each in self._pages if each[0] == pages), None)
        if found is None:
            found = (pages, tuple(check_rendered(prose, folder, known)))
            self._pages.append(found)
        self._used.add(id(found))
        return found[1]

    def forget_unused(self) -> None:
        """Let go of what no reading has used since the last time; without it, each edit of a long day would stay."""
        self.files.forget_unused()
        self._catalogs = [each for each in self._catalogs if id(each) in self._used]
        self._pages = [each for each in self._pages if id(each) in self._used]
        self._used.clear()
