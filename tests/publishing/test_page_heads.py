"""What the cards' site adds to a page: the cycle in its path, and the way from a role to its page in the handbook."""

from kpibook.publishing.site.cards import _leading_to_roles
from kpibook.publishing.site.shells import BELOW, BODY, PageLinks, PageShells

SHELLS = PageShells({(0, False): (BELOW, "|", BODY), (0, True): (BELOW, "|", BODY)}, "Contents")
CARD = (
    '---\ntitle: "A"\nbelow: "Octo<ber"\n---\n\n# A {#card}\n\n'
    '- **Role** <span data-role="clerk">Clerk</span>\n- **Post** <span data-role="gone">Old post</span>\n'
)
SITE = {"site_url": "https://kpi.example.com/handbook/"}


def filled(shells: PageShells) -> str:
    return shells.fill("a.md", CARD, PageLinks({"a.md"}))


def test_the_path_names_the_cycle_and_a_page_of_none_has_no_such_step() -> None:
    path, _, _ = filled(SHELLS).partition("|")

    assert path == '<li class="md-path__item"><span class="md-ellipsis">Octo&lt;ber</span></li>'
    assert SHELLS.fill("a.md", '---\ntitle: "A"\n---\n\n# A {#a}\n', PageLinks({"a.md"})).startswith("|")


def test_a_role_leads_to_its_page_where_the_handbook_is_known_and_has_it() -> None:
    shells = _leading_to_roles(SHELLS, SITE, ["clerk", "con"])

    assert '<a href="https://kpi.example.com/handbook/roles/clerk.html">Clerk</a>' in filled(shells)
    assert shells.roles["con"] == "https://kpi.example.com/handbook/roles/con_-.html"
    assert "<strong>Post</strong> Old post" in filled(shells)
    assert shells.digest != SHELLS.digest


def test_without_an_address_a_role_stays_a_name() -> None:
    for settings in ({}, {"site_url": ""}, {"site_url": "/handbook/"}):
        assert _leading_to_roles(SHELLS, settings, ["clerk"]) == SHELLS
    assert "<strong>Role</strong> Clerk" in filled(SHELLS)
    assert "data-role" not in filled(SHELLS)


def test_addresses_follow_the_settings_and_the_language() -> None:
    both = PageShells(SHELLS.parts, SHELLS.toc_title, {"en": SHELLS})

    found = _leading_to_roles(both, {**SITE, "use_directory_urls": True}, ["clerk"])

    assert found.roles == {"clerk": "https://kpi.example.com/handbook/roles/clerk/"}
    assert found.others["en"].roles == {"clerk": "https://kpi.example.com/handbook/en/roles/clerk/"}
