"""What is in static_site, without a browser: sizes, and agreement with the rest."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser

from chalicelib.config import PROJECT_DIR
from chalicelib.forms import load_forms

SITE = PROJECT_DIR / "static_site"
ALTCHA = SITE / "vendor" / "altcha-3.2.2"
TEMPLATES = PROJECT_DIR / "chalicelib" / "templates"

Attributes = dict[str, str | None]


def test_the_script_is_at_most_3_kb_compressed() -> None:
    assert len(gzip.compress((SITE / "formpost.js").read_bytes(), 9)) <= 3_000


def test_altcha_comes_with_its_licence_and_version() -> None:
    script = (SITE / "proof.js").read_text("utf-8")

    assert "MIT License" in (ALTCHA / "LICENSE").read_text("utf-8")
    assert '"3.2.2"' in (ALTCHA / "altcha.min.js").read_text("utf-8")
    for file in ("altcha.min.js", "pbkdf2.js"):
        assert f'"./vendor/altcha-3.2.2/{file}"' in script
        assert (ALTCHA / file).is_file()


def test_altcha_needs_nothing_that_a_strict_policy_forbids() -> None:
    """No code from text, no worker from a text, no style in markup, nothing from elsewhere."""
    for file in ("altcha.min.js", "pbkdf2.js"):
        text = (ALTCHA / file).read_text("utf-8")

        assert not re.search(
            r"\beval\(|new Function|createObjectURL|<style|\sstyle=|\bimport\(", text
        )


def test_the_style_of_the_apis_pages_is_at_most_6_kb() -> None:
    """It is inside every one of them."""
    assert (TEMPLATES / "style.css").stat().st_size <= 6 * 1024


def test_the_contact_page_asks_for_what_the_contact_form_takes() -> None:
    form = load_forms(PROJECT_DIR / "chalicelib" / "forms.toml")["contact"]
    input_by_name = {each["name"]: each for each in elements("contact.html", "input", "textarea")}

    declared = {
        field.name: (field.required, str(field.max_length), field.type) for field in form.fields
    }
    asked = {
        name: ("required" in each, each.get("maxlength"), each.get("type", "text"))
        for name, each in input_by_name.items()
        if name and not name.startswith("_")
    }

    assert asked == declared


def test_the_contact_page_sends_to_the_address_that_is_replaced_when_it_is_published() -> None:
    [form] = elements("contact.html", "form")

    assert form["action"] == "http://localhost:8000/contact"
    assert form["method"] == "post"
    assert "data-formpost" in form


def test_pages_need_nothing_that_their_policy_forbids() -> None:
    """No script or style inside, and nothing from elsewhere."""
    for page in ("contact.html", "thanks.html", "404.html"):
        html = (SITE / page).read_text("utf-8")

        assert not re.search(r"<style|<script>|\sstyle=|\son\w+=", html)
        for each in elements(page, "link", "script", "img"):
            assert ":" not in (each.get("href") or each.get("src") or "")


def test_the_page_for_what_is_not_there_finds_its_parts_at_any_address() -> None:
    for each in elements("404.html", "link", "img", "a"):
        assert (each.get("href") or each.get("src") or "").startswith("/")


def test_the_site_and_the_apis_pages_have_the_same_colours() -> None:
    colours = re.compile(r"--[a-z-]+: #[0-9a-f]+")
    site, api = ((folder / "style.css").read_text("utf-8") for folder in (SITE, TEMPLATES))

    assert colours.findall(site) == colours.findall(api)
    assert len(colours.findall(site)) == 24


def elements(page: str, *tags: str) -> list[Attributes]:
    """Return the attributes of every element of these kinds."""
    found: list[Attributes] = []

    class Finder(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in tags:
                found.append(dict(attrs))

    Finder().feed((SITE / page).read_text("utf-8"))
    return found
