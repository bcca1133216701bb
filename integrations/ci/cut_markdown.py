"""Markdown cut to what a host takes."""

FENCE = "```"


def cut_markdown(text: str, limit: int, pointer: str) -> str:
    """`text` of at most `limit` characters; a longer one's first whole lines, what they leave open closed, and `pointer` to the rest."""
    if len(text) <= limit:
        return text
    end = f"\n\nCut here: {pointer}\n"
    room = limit - len(end) - 200  # For what has to be closed.
    kept, used = [], 0
    for line in text.splitlines(keepends=True):
        used += len(line)
        if used > room:
            break
        kept.append(line)
    return "".join(kept) + _closing(kept) + end


def _closing(lines: list[str]) -> str:
    fence, open_details = False, 0
    for line in lines:
        if line.lstrip().startswith(FENCE):
            fence = not fence
        elif not fence:
            open_details += line.count("<details") - line.count("</details>")
    return ("\n" + FENCE if fence else "") + "\n\n</details>" * min(open_details, 10)
