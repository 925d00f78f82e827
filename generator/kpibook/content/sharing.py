"""What several readings of a company's files have in common, such as those of two versions, is worked out once."""

from collections.abc import Mapping

from kpibook.base.problems import Problem
from kpibook.checking.checks import check_catalog
from kpibook.model import Catalog
from kpibook.pages.allowed import check_rendered
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

    def of_catalog(self, catalog: Catalog) -> Problems:
        """As `check_catalog`."""
        found = next((problems for known, problems in self._catalogs if known is catalog or known == catalog), None)
        if found is None:
            found = check_catalog(catalog)
            self._catalogs.append((catalog, found))
        return found

    def of_pages(self, prose: Mapping[str, str], folder: str, known: Problems) -> Problems:
        """As `check_rendered`."""
        pages = (prose, folder, known)
        found = next((problems for other, problems in self._pages if other == pages), None)
        if found is None:
            found = tuple(check_rendered(prose, folder, known))
            self._pages.append((pages, found))
        return found
