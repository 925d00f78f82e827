"""Where plain numbers stand: the same is found whether most codes have one, or hardly any."""

import pytest

from kpibook.reading.cycle.readings import ABSENT, Positions


@pytest.mark.parametrize("codes", [4, 4_000])
def test_a_code_has_its_position_or_none(codes: int) -> None:
    positions = Positions({0: 7, 2: 0}, codes)

    assert [positions.of(code) for code in range(4)] == [7, ABSENT, 0, ABSENT]
    assert positions.count == 2
