"""What was published of a cycle, for those who follow its results."""

import datetime

from kpibook.records.published import PublishedResults, PublishedRevision
from kpibook.scoring.results import Status
from kpibook.sealing.revisions import Sealed

NOT_APPRAISED = (Status.EXCLUDED.value, Status.NOT_APPLICABLE.value)


def published_results(sealed: Sealed) -> PublishedResults:
    """The numbers of all revisions, and who is appraised by the newest."""
    totals = sealed.totals(sealed.number)
    appraised = (person for person, row in totals.items() if row.get("status") not in NOT_APPRAISED)
    return PublishedResults(
        tuple(
            PublishedRevision(seal.revision, datetime.date.fromisoformat(seal.on), seal.appeal, seal.people)
            for seal in sealed.seals
        ),
        frozenset(appraised),
    )
