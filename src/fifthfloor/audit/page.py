"""The report as one page that needs nothing else: no script, no link, no request.

Every name on it was written by others: all text goes through `_text`, which escapes markup and makes control and
bidirectional characters visible; the page forbids itself everything but its own style and its own small pictures.
"""

from __future__ import annotations

import base64
import html
import unicodedata
from collections.abc import Sequence

from fifthfloor.audit.finding import SEVERITIES, STATES, Finding, Place, ordered
from fifthfloor.audit.report import Remnant, Report, Say, Target, Unchecked, VolumeSummary

CELLS = 96 * 12  # of a map: as many as a phone's screen shows apart
MAX_PICTURES = 120
_COLOURS = {
    "photo": "#c0392b",
    "random": "#8e6bbf",
    "mixed": "#d9a441",
    "zero": "#e4e4e0",
    "ff": "#cfd8dc",
    "used": "#4a7fa8",
    "table": "#555555",
    "hole": "#ffffff",
}
_STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:62rem;padding:1.2rem;color:#1c1c1c;background:#fff}
h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:1px solid #ccc}
.verdict{padding:.8rem 1rem;border-left:.6rem solid;background:#f6f6f4;font-size:1.2rem}
.stop{border-color:#b3261e}.explain{border-color:#b7791f}.nothing{border-color:#2e7d32}
.f{margin:.9rem 0;padding:.6rem .9rem;border:1px solid #ddd;border-left:.4rem solid #999;break-inside:avoid}
.critical{border-left-color:#b3261e}.high{border-left-color:#d9731a}.medium{border-left-color:#b7a11f}
.low{border-left-color:#7d8a97}.f h3{margin:0;font-size:1rem}.f p{margin:.25rem 0}
.tag{font-size:.78rem;text-transform:uppercase;letter-spacing:.04em;color:#444}
dl{margin:.4rem 0}dt{float:left;clear:left;width:11rem;color:#555}dd{margin:0 0 .2rem 11.5rem}
ul{margin:.3rem 0;padding-left:1.2rem}
code{font:.86rem ui-monospace,monospace;overflow-wrap:anywhere}details{margin:.3rem 0}
svg{width:100%;height:auto;border:1px solid #bbb;display:block}
.key span{display:inline-block;margin-right:1rem;white-space:nowrap}.key i{display:inline-block;width:.9em;height:.9em;
border:1px solid #888;margin-right:.35em;vertical-align:-.1em}
.pics{display:flex;flex-wrap:wrap;gap:.6rem}.pics figure{margin:0;width:10.2rem;font-size:.78rem;overflow-wrap:anywhere}
.pics img,.pics .none{width:10rem;height:7.5rem;object-fit:contain;background:#eee;display:block}
.pics .none{padding:3rem 0;text-align:center;color:#555}
h1,h2,h3,p,li,dd{overflow-wrap:anywhere}
@media(max-width:40rem){dt{float:none;width:auto}dd{margin:0 0 .4rem}.key span{white-space:normal}}
@media print{body{max-width:none}}
"""


def page(report: Report, say: Say) -> str:
    """Return the page.

    Args:
        report: finished.
        say: `words.sentence`.
    """
    parts = [
        f"<!doctype html><html lang={_text(say('cli.language'))}><head><meta charset=utf-8>",
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none';"
        "img-src data:;style-src 'unsafe-inline'\">",
        "<meta name=viewport content='width=device-width,initial-scale=1'><meta name=referrer content=no-referrer>",
        f"<title>{_text(say('audit.page.title'))}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{_text(say('audit.page.title'))}</h1>",
        f"<p class='verdict {report.verdict}'>{_text(say(f'audit.verdict.{report.verdict}'))}</p>",
        f"<p>{_text(say('audit.counts', **{severity: report.count(severity) for severity in SEVERITIES}))}</p>",
    ]
    parts.append(_first_steps(report, say))
    parts += [_target(target, say) for target in report.targets]
    parts.append(f"<h2>{_text(say('audit.page.findings'))}</h2>")
    parts += [_finding(item, say) for item in ordered(report.findings)]
    parts.append(f"<h2>{_text(say('audit.page.unchecked'))}</h2><ul>")
    parts += [_unchecked_item(item, say) for item in report.unchecked]
    parts.append("</ul></main></body></html>\n")
    return "\n".join(part for part in parts if part)


def _first_steps(report: Report, say: Say) -> str:
    """List what to do about what is critical, each thing once."""
    critical = [item for item in ordered(report.findings) if item.severity == "critical"]
    steps = dict.fromkeys(say(f"finding.{item.kind}.do", **item.facts) for item in critical)
    rows = "".join(f"<li>{_text(step)}</li>" for step in steps)
    return f"<p>{_text(say('audit.first'))}</p><ol>{rows}</ol>" if rows else ""


def is_report(head: bytes) -> bool:
    """Say whether a file is a report of this program, by its first 4 KiB. Counterparts: `page`, `document`."""
    return _STYLE[:60].encode("ascii") in head or b'"format": "fifthfloor.' in head[:200]


def _text(value: object) -> str:
    """Escape markup, and show what would steer a terminal or turn the direction of a line."""
    shown = "".join(
        letter if letter == "\n" or unicodedata.category(letter)[0] != "C" else f"\\u{ord(letter):04x}"
        for letter in str(value)
    )
    return html.escape(shown, quote=True)


def _finding(item: Finding, say: Say) -> str:
    rows = "".join(
        f"<dt>{_text(say(f'audit.page.{part}'))}</dt><dd>{_text(said)}</dd>"
        for part in ("why", "do", "leaves")
        if (said := say(f"finding.{item.kind}.{part}", **item.facts))
    )
    title = say(f"finding.{item.kind}.title", **item.facts)
    title = f"{item.target}: {title}" if item.target else title
    return (
        f"<section class='f {item.severity}'><p class=tag>{_text(say(f'audit.severity.{item.severity}'))} · "
        f"{_text(say(f'audit.sure.{item.sure}'))}</p><h3>{_text(title)}</h3>"
        f"<dl>{rows}</dl>{_where(item.places, item.kind, say)}</section>"
    )


def _unchecked_item(item: Unchecked, say: Say) -> str:
    said = _text(say(f"audit.unchecked.{item.what}", count=item.count))
    return f"<li>{said}{_where(item.places, item.what, say)}</li>"


def _where(places: Sequence[Place], kind: str, say: Say) -> str:
    """List places, folded up; nothing where there are none."""
    rows = "".join(f"<li>{_place(place, kind, say)}</li>" for place in places)
    summary = _text(say("audit.page.where", count=len(places)))
    return f"<details><summary>{summary}</summary><ul>{rows}</ul></details>" if rows else ""


def _note(note: str, kind: str, say: Say) -> str:
    """Say a note; of those about cards, states by their words, as `words.lines.audit` does."""
    if not kind.startswith("card."):
        return note
    return ", ".join(say(f"audit.state.{part}") if part in STATES else part for part in note.split(", "))


def _place(place: Place, kind: str, say: Say) -> str:
    parts = [f"<code>{_text(place.path)}</code>"] if place.path else []
    if place.note:
        parts.append(_text(_note(place.note, kind, say)))
    if place.cluster is not None:
        parts.append(_text(say("audit.line.cluster", cluster=place.cluster)))
    if place.offset_bytes is not None:
        end = f"-{place.offset_bytes + place.length_bytes}" if place.length_bytes else ""
        parts.append(f"<code>{place.offset_bytes}{end}</code>")
    return " · ".join(parts)


def _target(target: Target, say: Say) -> str:
    head = say(f"audit.target.{target.kind}", photographs=target.photographs)
    parts = [f"<h2>{_text(target.path)}</h2>", f"<p>{_text(head)}</p>"]
    if target.free_map is None:
        return "".join(parts)
    parts += [f"<p>{_text(volume_line(volume, say))}</p>" for volume in target.volumes]
    card_title, free_title = say("audit.page.card_map"), say("audit.page.free_map")
    parts.append(f"<h3>{_text(card_title)}</h3>{card_map(target, card_title)}")
    parts.append(f"<h3>{_text(free_title)}</h3>{free_map(target, free_title)}{_key(target, say)}")
    if target.remnants:
        shown = "".join(_figure(remnant, say) for remnant in target.remnants[:MAX_PICTURES])
        title = _text(say("audit.page.remnants", count=len(target.remnants)))
        count = len(target.remnants)
        first = _text(say("audit.page.first", shown=MAX_PICTURES, count=count)) if count > MAX_PICTURES else ""
        parts.append(f"<h3>{title}</h3><p>{first}</p><div class=pics>{shown}</div>")
    return "".join(parts)


def volume_line(volume: VolumeSummary, say: Say) -> str:
    """Say in one line what a volume is."""
    return say(
        "audit.volume",
        file_system=volume.file_system,
        label=volume.label or "-",
        formatter=volume.formatter.strip() or "-",
        length=volume.length_bytes,
        cluster=volume.cluster_bytes,
        files=volume.files,
    )


def _key(target: Target, say: Say) -> str:
    if target.free_map is None:
        return ""
    items = [f"<span><i style='background:{_COLOURS['used']}'></i>{_text(say('audit.map.used'))}</span>"]
    for kind, length in target.free_map.bytes_of.items():
        share = f"{100 * target.free_map.share(kind):.1f} %" if length else "-"
        said = _text(say(f"audit.map.{kind}"))
        items.append(f"<span><i style='background:{_COLOURS[kind]}'></i>{said} {share}</span>")
    return f"<p class=key>{''.join(items)}</p>"


def _figure(remnant: Remnant, say: Say) -> str:
    if remnant.thumbnail:
        data = base64.b64encode(remnant.thumbnail).decode("ascii")
        picture = f"<img alt='' src='data:image/jpeg;base64,{data}'>"
    else:
        picture = f"<span class=none>{_text(say('audit.page.no_picture'))}</span>"
    state = say("audit.page.whole") if remnant.whole else say("audit.page.partial")
    name = remnant.name or f"@{remnant.offset_bytes}"
    return f"<figure>{picture}<figcaption>{_text(name)}<br>{_text(remnant.form)}, {_text(state)}</figcaption></figure>"


def card_map(target: Target, title: str) -> str:
    """Draw the whole device: what is used, what is free, and of what kind."""
    end = max([target.size_bytes, *(v.offset_bytes + v.length_bytes for v in target.volumes)], default=1)
    cells = ["table"] * CELLS
    if target.free_map is not None:
        for band in target.free_map.bands:
            _paint(cells, band.kind, band.offset_bytes, band.length_bytes, end)
    for volume in target.volumes:
        for offset, length in volume.used:
            _paint(cells, "used", offset, length, end)
    return _grid(cells, title)


def free_map(target: Target, title: str) -> str:
    """Draw free space alone, end to end."""
    if target.free_map is None or not target.free_map.total_bytes:
        return ""
    cells, at = ["zero"] * CELLS, 0
    for band in target.free_map.bands:
        _paint(cells, band.kind, at, band.length_bytes, target.free_map.total_bytes)
        at += band.length_bytes
    return _grid(cells, title)


def _paint(cells: list[str], kind: str, offset: int, length: int, end: int) -> None:
    first = offset * CELLS // end
    last = max(first, -(-(offset + length) * CELLS // end) - 1)
    for index in range(first, min(last, CELLS - 1) + 1):
        # What could be seen as a photograph is never painted over by a neighbour in the same cell.
        if cells[index] != "photo" or kind == "photo":
            cells[index] = kind


def _grid(cells: list[str], title: str) -> str:
    columns = 96
    rows = -(-len(cells) // columns)
    shapes, start = [], 0
    for index in range(1, len(cells) + 1):
        if index == len(cells) or cells[index] != cells[start] or index % columns == 0:
            x, y = start % columns, start // columns
            shapes.append(f"<rect x={x} y={y} width={index - start} height=1 fill='{_COLOURS[cells[start]]}'/>")
            start = index
    head = f"<svg role=img aria-label='{_text(title)}' viewBox='0 0 {columns} {rows}' shape-rendering=crispEdges>"
    return f"{head}{''.join(shapes)}</svg>"
