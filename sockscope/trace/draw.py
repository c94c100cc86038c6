"""The picture as SVG: a lane for each socket, a bar for its life, a dot for each call, an arrow for what travelled."""

from __future__ import annotations

from html import escape

from sockscope.trace.layout import LEAD, MARGIN, PAUSE, ROW, SMALL, STEP, TITLE, TYPE, Layout, width
from sockscope.trace.match import Arrow
from sockscope.trace.record import Call
from sockscope.trace.text import INFERRED, footnotes
from sockscope.trace.view import View

FONT = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"
PAPER, INK, GREY, RED, HEAD, RULE = "#fdfdfb", "#1d2733", "#66717f", "#b3261e", "#22395b", "#dde2e9"
LIFE = {"listener": "#d3d8e0", "accepted": "#bfe0d0", "other": "#c4d5ee"}
COLOURS = {"data": "#11734f", "unread": "#8a5d00", "inferred": "#5a55b5", "reset": RED}
MEANS = {
    "data": "bytes, seen leaving and arriving",
    "unread": "sent, but read by no call",
    "inferred": "inferred from the calls, not watched",
    "reset": "a reset, inferred",
}


def svg_of(view: View) -> str:
    """Return the picture as one SVG document; the same record gives the same bytes."""
    lay = Layout(view)
    body = [*_lanes(lay), *_waits(lay), *_pauses(lay), *_arrows(lay), *_calls(lay)]
    legend, deep = _legend(lay)
    high = lay.height + deep
    about = f"Sequence diagram of {len(view.calls)} socket calls in {len(view.lanes)} lanes"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{lay.width}" height="{high}"'
            f' viewBox="0 0 {lay.width} {high}" font-family="{FONT}" font-size="{TYPE}" xml:space="preserve">',
            f"<title>{about}</title>",
            f"<defs>{''.join(_head(k, c) for k, c in COLOURS.items())}{_HATCH}</defs>",
            f'<rect x="0.5" y="0.5" width="{lay.width - 1}" height="{high - 1}" rx="10"'
            f' fill="{PAPER}" stroke="{RULE}"/>',
            *body,
            *legend,
            "</svg>",
        ]
    )


_HATCH = (
    '<pattern id="wait" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#fdeec4"/><rect width="2.5" height="6" fill="#f0b93f"/></pattern>'
)


def _head(kind: str, colour: str) -> str:
    return (
        f'<marker id="{kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10"'
        f' markerUnits="userSpaceOnUse" orient="auto"><path d="M0 1L10 5L0 9z" fill="{colour}"/></marker>'
    )


def _text(
    x: int, y: int, text: str, colour: str = INK, anchor: str = "start", size: int = TYPE, weight: str = ""
) -> str:
    """Draw one line of text whose middle is at the height `y`, with a halo that keeps lines off the letters."""
    bold = f' font-weight="{weight}"' if weight else ""
    halo = "" if colour == "#fff" else f' stroke="{PAPER}" stroke-width="4" paint-order="stroke"'
    size_ = f' font-size="{size}"' if size != TYPE else ""
    where = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x}" y="{y + size // 3}"{where}{size_}{bold} fill="{colour}"{halo}>{escape(text)}</text>'


def _lanes(lay: Layout) -> list[str]:
    view, out = lay.view, []
    for lane, x, wide in zip(view.lanes, lay.x, lay.heads, strict=True):
        out.append(f'<line x1="{x}" y1="58" x2="{x}" y2="{lay.height - 8}" stroke="{RULE}" stroke-width="1.5"/>')
        out.append(f'<rect x="{x - wide // 2}" y="14" width="{wide}" height="46" rx="8" fill="{HEAD}"/>')
        out.append(_text(x, 30, view.names[lane], "#fff", "middle", TITLE, "bold"))
        out.append(_text(x, 48, view.kind(lane), "#fff", "middle", SMALL))
    for life in lay.lives:
        s = view.sockets[life.sock]
        kind = "listener" if s.listening else "accepted" if life.slot else "other"
        x, y, end = lay.at(life.sock), life.start, life.end or lay.height - 12
        if life.slot:  # born of its listener
            out.append(f'<path d="M{x - life.slot * STEP} {y}H{x}" stroke="{LIFE[kind]}" stroke-width="5"/>')
        out.append(f'<rect x="{x - 4}" y="{y - 5}" width="8" height="{end - y + 10}" rx="4" fill="{LIFE[kind]}"/>')
    return out


def _waits(lay: Layout) -> list[str]:
    """Shade the bar of a socket while a call on it waits."""
    out = []
    for row in lay.view.rows:
        for call in row.calls if row.part == "begins" else ():
            y1, y2 = lay.begins[call.number], lay.ends[call.number] if call.end else lay.height - 12
            out.append(
                f'<rect x="{lay.at(call.sock) - 5}" y="{y1}" width="10" height="{y2 - y1}" rx="3"'
                ' fill="url(#wait)" stroke="#d9a02c"/>'
            )
    return out


def _pauses(lay: Layout) -> list[str]:
    """Write the time that passes between two rows of the timeline."""
    out = []
    for row, y in zip(lay.view.rows, lay.row_y, strict=True):
        if row.pause >= PAUSE:
            middle = y - ROW // 2 - LEAD // 2
            label = f"{row.pause * 1000:.0f} ms"
            x = MARGIN + width(label, SMALL) + 8
            out.append(_text(MARGIN, middle, label, GREY, size=SMALL))
            out.append(f'<path d="M{x} {middle}H{lay.width - MARGIN}" stroke="{RULE}" stroke-dasharray="2 5"/>')
    return out


def _arrows(lay: Layout) -> list[str]:
    lines, labels = [], []
    for index, arrow in enumerate(lay.arrows):
        colour, dash = COLOURS[arrow.kind], ' stroke-dasharray="7 4"' if arrow.kind in INFERRED else ""
        path, middle = _path(lay, arrow, index)
        lines.append(
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.8"{dash} marker-end="url(#{arrow.kind})"/>'
        )
        y, wide = lay.arrival[index], width(arrow.label, SMALL) + 8
        labels.append(f'<rect x="{middle - wide // 2}" y="{y - 9}" width="{wide}" height="18" fill="{PAPER}"/>')
        labels.append(_text(middle, y, arrow.label, colour, "middle", SMALL))
    return lines + labels


def _path(lay: Layout, arrow: Arrow, index: int) -> tuple[str, int]:
    """Return the arrow's path and the x of its label: it falls beside the sender and arrives level."""
    sign = 1 if lay.col(arrow.cause.sock) < lay.col(arrow.to) else -1
    x1, x2 = lay.at(arrow.cause.sock) + 7 * sign, lay.at(arrow.to) - 7 * sign
    y1, y2 = lay.begins[arrow.cause.number], lay.arrival[index]
    neighbour = lay.x[lay.col(arrow.to) - sign]  # the label stands in the last gap, beside the receiver
    edge = neighbour + (lay.inner[lay.col(arrow.to) - sign] + 8 if sign > 0 else -8)
    if y1 == y2:
        return f"M{x1} {y1}H{x2}", (edge + x2) // 2
    turn = x1 + sign * (12 + lay.track[index] * 8)
    edge = max(edge, turn) if sign > 0 else min(edge, turn)
    down = 1 if y2 > y1 else -1
    curve = f"H{turn - 6 * sign}Q{turn} {y1} {turn} {y1 + 6 * down}V{y2 - 6 * down}Q{turn} {y2} {turn + 6 * sign} {y2}"
    return f"M{x1} {y1}{curve}H{x2}", (edge + x2) // 2


def _calls(lay: Layout) -> list[str]:
    out = []
    for index, (row, y) in enumerate(zip(lay.view.rows, lay.row_y, strict=True)):
        if row.folded:
            out.append(f'<path d="M{MARGIN} {y}H{lay.width - MARGIN}" stroke="{RULE}" stroke-dasharray="2 5"/>')
            out.append(_text(lay.width // 2, y, f"… {row.folded} more", GREY, "middle"))
            continue
        for call in row.calls:
            x, failed = lay.at(call.sock), lay.view.is_error(call)
            out.append(_mark(call, x, y, RED if failed else HEAD))
            side, column = lay.sides[index, call.number], lay.col(call.sock)
            start = lay.x[column] - 14 if side < 0 else lay.x[column] + lay.inner[column] + 14
            bad = False
            for place, line in enumerate(lay.labels[index][call.number]):
                bad |= failed and line.startswith("✗")
                colour = RED if bad else GREY if "waiting" in line or line.endswith("waits") else INK
                out.append(_text(start, y + place * LEAD, line, colour, "end" if side < 0 else "start"))
    return out


def _mark(call: Call, x: int, y: int, colour: str) -> str:
    """A dot for a call, a cross for a close."""
    if call.closes:
        return f'<path d="M{x - 4} {y - 4}l8 8m0 -8l-8 8" stroke="{colour}" stroke-width="2.2"/>'
    return f'<circle cx="{x}" cy="{y}" r="4.5" fill="{colour}"/>'


def _legend(lay: Layout) -> tuple[list[str], int]:
    """Explain the kinds of arrows that occur, below the lanes; return also how deep that is."""
    items = [(kind, MEANS[kind]) for kind in COLOURS if any(a.kind == kind for a in lay.arrows)]
    items += [("", note) for note in footnotes(lay.view) if not note.startswith("inferred")]
    if not items:
        return [], MARGIN // 2
    x, y, out = MARGIN, lay.height + 14, []
    out.append(f'<path d="M{MARGIN} {lay.height}H{lay.width - MARGIN}" stroke="{RULE}"/>')
    for kind, words in items:
        wide = width(words, SMALL) + (40 if kind else 0)
        if x > MARGIN and x + wide > lay.width - MARGIN:
            x, y = MARGIN, y + LEAD
        if kind:
            dash = ' stroke-dasharray="7 4"' if kind in INFERRED else ""
            out.append(
                f'<path d="M{x} {y}H{x + 30}" stroke="{COLOURS[kind]}" stroke-width="1.8"{dash}'
                f' marker-end="url(#{kind})"/>'
            )
        out.append(_text(x + (38 if kind else 0), y, words, GREY, size=SMALL))
        x += wide + 22
    return out, y - lay.height + 18
