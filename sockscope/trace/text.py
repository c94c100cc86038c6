"""The picture as text: one numbered line a call, for a terminal, a screen reader and a comparison."""

from __future__ import annotations

from sockscope.trace.match import Arrow
from sockscope.trace.view import ONE_LINE, View

INFERRED = {"inferred", "reset"}


def text_of(view: View) -> str:
    """Return the calls in order, each with what it sent and where that arrived."""
    lines: list[str] = []
    for row in view.rows:
        if row.folded:
            lines.append(f"     … {row.folded} more")
            continue
        for call in row.calls:
            lines.append(f"{view.number[call.number]:3}  " + " ".join(view.lines(row, call, ONE_LINE)))
            if row.part != "begins":
                lines += [f"       {_note(view, a)}" for a in view.arrows_at[call.number]]
    return "\n".join([*lines, *footnotes(view)])


def _note(view: View, arrow: Arrow) -> str:
    label = f"{arrow.label} (inferred)" if arrow.kind in INFERRED else arrow.label
    if arrow.effect is None:
        return f"⇢ {label} to {view.names.get(arrow.to, 'a socket')}"
    return f"⇠ {label} from {view.names[arrow.cause.sock]}, call {view.number[arrow.cause.number]}"


def footnotes(view: View) -> list[str]:
    """Return what a reader must know to read the picture right."""
    notes = [] if view.calls else ["no call on any socket"]
    if any(a.kind in INFERRED for a in view.arrows):
        notes.append("inferred: told from the calls; the packets themselves were not watched")
    if any(s.tls for s in view.sockets.values()):
        notes.append("TLS: what it sends and receives inside the socket is not shown")
    return notes
