"""Exercise: say in words what getsockname(), getpeername() and recvfrom() return, whatever the family."""

from course.checker import Evidence, Rule, Trial, rule

TITLE = "An address in words, whatever its family"
HINTS = (
    "Ask first what you hold: nothing, text, bytes or a tuple? `isinstance(address, tuple)` tells. Then how many parts "
    "has the tuple, and is the first one text?",
    "An abstract name may come as text or as bytes. Bytes become text with `.decode()`; then one question is enough: "
    r'`text.startswith("\0")`.',
    "An IPv6 address has four parts: host, port, flow, scope. Only a scope that is not 0 is shown, behind the host.",
    'The last line of the function is `return f"unknown {address!r}"`: whatever was not recognised before falls '
    "through to it.",
)


def solution(address: object) -> str:
    """Return family and parts of an address, in words."""
    match address:
        case None | "":
            return "Unix unnamed"
        case str() | bytes():
            text = address.decode() if isinstance(address, bytes) else address
            return f"Unix abstract {text[1:]}" if text.startswith("\0") else f"Unix path {text}"
        case (str(host), int(port)):
            return f"IPv4 {host} port {port}"
        case (str(host), int(port), int(), int(scope)):
            return f"IPv6 {host}{f'%{scope}' if scope else ''} port {port}"
    return f"unknown {address!r}"


V4, V6 = ("127.0.0.1", 80), ("::1", 8080, 0, 0)
FLOW, SCOPED = ("::1", 443, 7, 0), ("fe80::1", 8080, 0, 2)
PATH, PLAIN_NAME = "/tmp/x", "app.sock"
TEXT_NAME, BYTES_NAME = "\0name", b"\0other"
NETLINK, PACKET = (0, 0), ("lo", 2048, 0, 772, b"\0")
CASES = {
    "IPv4: a host and a port": (V4, "IPv4 127.0.0.1 port 80"),
    "IPv6: four parts": (V6, "IPv6 ::1 port 8080"),
    "IPv6 with a flow, which is not shown": (FLOW, "IPv6 ::1 port 443"),
    "IPv6 with a scope": (SCOPED, "IPv6 fe80::1%2 port 8080"),
    "Unix: a file name": (PATH, "Unix path /tmp/x"),
    "Unix: a file name without a folder": (PLAIN_NAME, "Unix path app.sock"),
    "Unix: an abstract name, as text": (TEXT_NAME, "Unix abstract name"),
    "Unix: an abstract name, as bytes": (BYTES_NAME, "Unix abstract other"),
    "Unix: a socket without a name": ("", "Unix unnamed"),
    "no address at all": (None, "Unix unnamed"),
    "two numbers, which is none of these": (NETLINK, "unknown (0, 0)"),
    "five parts, which is none of these": (PACKET, f"unknown {PACKET!r}"),
    "a number, which is none of these": (42, "unknown 42"),
}


def check(trial: Trial) -> None:
    """One address of each kind, and three that are of no kind."""
    trial.explain(*RULES)
    for name, (address, expected) in CASES.items():
        with trial.case(name) as case:
            case.gives(address, expected=expected)


# ---------------------------------------------------------------------- diagnoses
def called_with(seen: Evidence, *addresses: object) -> bool:
    """Whether the case was about one of these addresses."""
    return seen.wire[-1:] in [(f"called with {address!r}",) for address in addresses]


def said(seen: Evidence) -> str:
    """The text that came back; '' when it was none."""
    return seen.value if isinstance(seen.value, str) and seen.kind == "wrong value" else ""


@rule
def always_the_same(seen: Evidence) -> bool:
    """The text of the first example came back for another address too. Work with the parameter."""
    return said(seen) == "IPv4 127.0.0.1 port 80" and seen.wanted != "IPv4 127.0.0.1 port 80"


@rule
def always_two_parts(seen: Evidence) -> bool:
    """An address was taken apart into two ({line}), and this one has another number of parts. IPv6 has four, and a
    file name is no tuple at all. Ask what it is before you take it apart."""
    return seen.raised("ValueError", "IndexError") and not called_with(seen, "", NETLINK, PACKET, 42)


@rule
def empty_text_indexed(seen: Evidence) -> bool:
    """An empty text has no first character ({line}). A socket without a name gives `''`: ask for that before you look
    at the first character. `text.startswith(…)` works on an empty text too."""
    return seen.raised("IndexError") and called_with(seen, "")


@rule
def port_joined_as_text(seen: Evidence) -> bool:
    """The port is a number, and `+` joins text with text only ({line}). An f-string makes text of both:
    `f"{{host}} port {{port}}"`."""
    return seen.raised("TypeError") and 'not "int"' in seen.error["message"] and called_with(seen, V4, V6, FLOW, SCOPED)


@rule
def nothing_given(seen: Evidence) -> bool:
    """There may be no address at all: then you are given `None` ({line}: {message}). Ask for that first."""
    return seen.raised("TypeError", "AttributeError") and called_with(seen, None)


@rule
def bytes_and_text_mixed(seen: Evidence) -> bool:
    """This name came as bytes, and it was treated as text ({line}: {message}). Python gives an abstract name as bytes:
    decode it, then treat both alike."""
    return seen.raised("TypeError", "AttributeError") and called_with(seen, BYTES_NAME)


@rule
def not_every_tuple(seen: Evidence) -> bool:
    """This was taken for an address of the internet, and it is none ({line}: {message}). Other families have tuples
    too: look at the number of parts, and whether the first is text."""
    return bool(seen.error) and called_with(seen, NETLINK, PACKET)


@rule
def unknown_refused(seen: Evidence) -> bool:
    """What is none of the known kinds shall give `unknown …`, and your function raised {error} ({line})."""
    return bool(seen.error) and called_with(seen, 42) and not seen.raised("NameError")


@rule
def two_numbers_as_host(seen: Evidence) -> bool:
    """Two numbers were taken for a host and a port. Netlink's addresses look so. Ask whether the first part is text."""
    return called_with(seen, NETLINK) and said(seen).startswith("IPv")


@rule
def any_length_is_ipv6(seen: Evidence) -> bool:
    """Whatever is longer than two parts was taken for IPv6. An IPv6 address has exactly four."""
    return called_with(seen, PACKET) and said(seen).startswith("IPv")


@rule
def empty_as_path(seen: Evidence) -> bool:
    """An empty text was taken for a file name or an abstract one. It is no name: the socket is unnamed."""
    return called_with(seen, "") and said(seen).startswith(("Unix path", "Unix abstract"))


@rule
def none_as_unknown(seen: Evidence) -> bool:
    """`None` stands for a socket without a name: `Unix unnamed`, as the empty text does."""
    return called_with(seen, None) and bool(said(seen))


@rule
def bytes_as_path(seen: Evidence) -> bool:
    """This name came as bytes and begins with NUL, and it was taken for a path. `name[0]` of bytes is a number, and
    never equals `"\\0"`. Decode the name first, then look at its beginning."""
    return called_with(seen, BYTES_NAME) and said(seen).startswith("Unix path")


@rule
def abstract_as_path(seen: Evidence) -> bool:
    """This name begins with the character NUL, so it is no path: it is an abstract name, of which no file system knows.
    Ask for `"\\0"` at its beginning."""
    return called_with(seen, TEXT_NAME, BYTES_NAME) and said(seen).startswith("Unix path")


@rule
def nul_kept(seen: Evidence) -> bool:
    """The NUL at the beginning only marks the name as abstract. It is not shown: leave the first character out."""
    shown = said(seen).removeprefix("Unix abstract ")
    return called_with(seen, TEXT_NAME, BYTES_NAME) and shown.strip("b'").startswith(("\0", r"\x00"))


@rule
def bytes_shown(seen: Evidence) -> bool:
    """The name is right, but it is shown as bytes are, with `b` and quotes. Decode it first."""
    return called_with(seen, BYTES_NAME) and said(seen).startswith("Unix abstract b'")


@rule
def bytes_unknown(seen: Evidence) -> bool:
    """An abstract name may come as bytes as well as text, and yours knows text only. On Linux, `getsockname()` gives
    bytes."""
    return called_with(seen, BYTES_NAME) and bool(said(seen))


@rule
def flow_as_scope(seen: Evidence) -> bool:
    """The third part of an IPv6 address is the flow, and is not shown. The scope is the fourth."""
    return called_with(seen, FLOW) and "7" in said(seen)


@rule
def scope_always_shown(seen: Evidence) -> bool:
    """A scope of 0 means that there is none. Show the scope only where it is not 0."""
    return called_with(seen, V6, FLOW) and "%0" in said(seen)


@rule
def scope_missing(seen: Evidence) -> bool:
    """The fourth part, the scope, says by which interface this address is meant: `fe80::1` alone is not enough. Show it
    behind the host, as `%2`."""
    return called_with(seen, SCOPED) and said(seen) == "IPv6 fe80::1 port 8080"


@rule
def every_tuple_is_ipv4(seen: Evidence) -> bool:
    """Every tuple was taken for IPv4. An IPv6 address has four parts."""
    return called_with(seen, V6, FLOW, SCOPED) and said(seen).startswith("IPv4")


@rule
def unknown_without_repr(seen: Evidence) -> bool:
    """After `unknown` comes what you were given, as `repr()` writes it: `{{address!r}}` in an f-string."""
    return called_with(seen, NETLINK, PACKET, 42) and said(seen).startswith("unknown")


@rule
def other_case(seen: Evidence) -> bool:
    """The words are right, but not their capital letters: `IPv4`, `IPv6`, `Unix`, `unknown`."""
    return said(seen).lower() == str(seen.wanted).lower()


@rule
def other_wording(seen: Evidence) -> bool:
    """The kind is recognised, but the words are not the ones that were asked for. Compare the two lines above, letter
    by letter."""
    return bool(said(seen)) and said(seen).split()[:1] == str(seen.wanted).split()[:1]


RULES = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
