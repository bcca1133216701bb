"""The Markdown that becomes a comment or a summary."""

import html
import re

from check_plans import PLANS, check
from markdown_it import MarkdownIt

GITHUB = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")


def text_of(rendered: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", rendered))


def test_first_line_is_the_same_marker_whatever_was_found():
    markers = {check(plan, "--format", "markdown").stdout.split("\n")[0] for plan in ("plans/settled.yaml", "plans/bad.yaml", "plans/large.yaml")}
    assert markers == {"<!-- isoflop:check -->"}


def test_verdict_is_the_second_line():
    lines = {plan: check(f"plans/{plan}.yaml", "--format", "markdown").stdout.split("\n")[1] for plan in ("settled", "bad", "large")}
    assert lines == {
        "settled": "### ✅ isoflop check: pass, 1 run",
        "bad": "### ❌ isoflop check: bad plan, 1 file can't be read",
        "large": "### ❌ isoflop check: policy violated by 1 of 1 run",
    }


def test_names_and_reasons_show_as_they_are_and_mark_nothing_up():
    source = check(*PLANS["findings"], "--format", "markdown").stdout
    rendered = GITHUB.render(source)
    shown = text_of(rendered).replace("\u200b", "")
    assert 'a|b `c` <d> "e" & @f #1 ünï ::error::g' in shown
    assert "the hardware | is <fixed>:   [31mask@us, 100% & more" in shown
    assert "<fixed>" not in rendered and "<d>" not in rendered
    # A host mentions people and links issues in text, but not in code.
    text = re.sub(r"<code>.*?</code>", "", rendered)
    assert not re.search(r"@\w", text) and not re.search(r"#\d", text)


def test_every_row_has_the_columns_of_its_head():
    source = check(*PLANS["findings"], "--format", "markdown").stdout
    for table in re.findall(r"<table>.*?</table>", GITHUB.render(source), re.DOTALL):
        assert len({row.count("<t") for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)}) == 1
    assert len(re.findall(r"(?<!\\)\|", [line for line in source.split("\n") if "a&#124;b" in line][0])) == 11
