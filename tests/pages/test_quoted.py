"""What start pages quote of cards: just what stands there, whatever the card tells."""

from kpibook.pages.viewers.quoted import NOTHING, missed_again, quoted

CARD = """\
# A {#card}

<section class="kpi-panel card-result" aria-label="Result" markdown="1">

<div class="card-score">
<div>
<p class="card-total"><b>80.2</b></p>
<p class="card-note">against Aug <b class="card-down">&#8722;3.9</b></p>
<p class="card-note">pay <b>10</b></p>
</div>
<div class="card-ruler" role="img"></div>
</div>
<div class="card-veto"><b>B → C</b><p>An accident<small>proof</small></p></div>
<p class="card-note">A gate that stays open</p>
<h2 class="card-minor">What decided this</h2>
<ul class="card-why">
<li>The grade is decided by &#60;/section&#62;.</li>
<li>Sales lost 7 points.</li>
</ul>

</section>

<section class="kpi-panel" aria-labelledby="missing" markdown="1">

## Missing {#missing}

- **Finance**: sales

</section>

<section class="kpi-panel" aria-labelledby="next">
<h2 id="next">4.4 points to B, the shortest way</h2>
<p>Besides, no accident.</p>
<ol class="card-ways">
<li><span>checks more by <b>1</b>, sales more by <b>6</b><small>to 53, 100%</small></span><span>+3.0, +1.4</span></li>
<li><span>sales more by <b>9</b><small>to 56</small></span><span>+4.4</span></li>
</ol>
</section>

<section class="kpi-panel card-talk" aria-labelledby="talk" markdown="1">

## Talk {#talk}

**Talked on 3 Oct**

- Said: &#45; nothing

<div class="card-plans" markdown="1">

| What |
| :-- |
| sales |

</div>

<p class="card-notice card-again">Missed twice in a row: sales.</p>

Missed: visits.

</section>
"""


def test_what_a_card_tells_of_its_result_is_quoted_as_it_stands() -> None:
    found = quoted(CARD)

    assert found.notes == ('against Aug <b class="card-down">&#8722;3.9</b>', "pay <b>10</b>")
    assert found.vetoes == ('<div class="card-veto"><b>B → C</b><p>An accident<small>proof</small></p></div>',)
    assert found.why == ("The grade is decided by &#60;/section&#62;.", "Sales lost 7 points.")
    assert found.next_grade == "4.4 points to B, the shortest way"
    assert found.way == "checks more by <b>1</b>, sales more by <b>6</b>"
    assert found.won == "+3.0, +1.4"
    assert found.missing == ("**Finance**: sales",)
    assert found.unplanned == ("Missed: visits.",)
    assert missed_again(CARD) == "Missed twice in a row: sales."


def test_of_a_page_that_is_no_card_nothing_is_quoted() -> None:
    assert quoted("") == quoted("# A\n\n- a line\n") == NOTHING
    assert missed_again("# A\n\n- a line\n") == ""
