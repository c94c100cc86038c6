"""`python -m sockscope PROGRAM [ARGUMENTS…]` runs a program and draws what its sockets did."""

from __future__ import annotations

import argparse
import contextlib
import os
import runpy
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from sockscope.trace import Picture, trace

EPILOG = """\
The picture holds what the program's own threads called: bind, listen, connect, accept, send, recv, shutdown, close and
their kin, of IPv4, IPv6 and AF_UNIX sockets. That is seen. What the kernel sends because of it (SYN, FIN, RST) is
inferred from the calls, and marked so: no packet is captured. The order is that of the program and of cause and
effect; with --timeline it is the clock's. Child processes are not recorded, and what TLS sends in its socket is not
shown. The program's exit code is the command's; without --svg and --text the text goes to standard error.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; all that stands behind PROGRAM is the program's own."""
    made = argparse.ArgumentParser(
        prog="python -m sockscope",
        usage="python -m sockscope [--timeline] [--svg FILE] [--text FILE] PROGRAM [ARGUMENTS…]",
        description="Run a Python program unchanged, and write a sequence diagram of what its sockets did.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--timeline", action="store_true", help="order by the clock, and shade what waited")
    made.add_argument("--svg", type=Path, metavar="FILE", help="write the picture as SVG")
    made.add_argument("--text", type=Path, metavar="FILE", help="write the picture as text; - is standard output")
    made.add_argument("program", type=Path, metavar="PROGRAM", help="a Python file, or a folder with a __main__.py")
    made.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENTS", help="what the program is given")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return the program's exit code, or 2 where it cannot be run or its picture not written."""
    options = parser().parse_args(argv)
    if not options.program.exists():
        return complain(f"there is no program {options.program}")
    wanted = [path for path in (options.svg, options.text) if path is not None and str(path) != "-"]
    try:
        for path in wanted:  # before the program runs: what it did could not be shown a second time
            path.touch()
    except OSError as error:
        return complain(f"cannot write {error.filename}: {error.strerror}; the program was not run")
    recorded = trace()
    with recorded:
        code = run(options.program, options.arguments)
    write(recorded.timeline() if options.timeline else recorded, options.svg, options.text)
    return code


def run(program: Path, arguments: Sequence[str]) -> int:
    """Run `program` as Python itself would, until its last thread has ended; return its exit code."""
    with as_main(program, arguments):
        code = ended(lambda: runpy.run_path(str(program), run_name="__main__"), program)
        return ended(wait_for_threads, program) or code


def ended(part: Callable[[], object], program: Path) -> int:
    """Return the exit code to which a part of the program came; an exception is printed as Python prints it."""
    try:
        part()
    except SystemExit as asked:
        if asked.code is None or isinstance(asked.code, int):
            return asked.code or 0
        print(asked.code, file=sys.stderr)
        return 1
    except BaseException as error:
        traceback.print_exception(error.with_traceback(own_part(error.__traceback__, program)))
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0


def own_part(trail: TracebackType | None, program: Path) -> TracebackType | None:
    """Return the traceback from the program's first frame on: what ran it is not the reader's concern."""
    step, place = trail, os.path.abspath(program)
    while step is not None and not os.path.abspath(step.tb_frame.f_code.co_filename).startswith(place):
        step = step.tb_next
    return step or trail


def wait_for_threads() -> None:
    """Wait for the threads that Python would wait for at its end."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()


@contextlib.contextmanager
def as_main(program: Path, arguments: Sequence[str]) -> Iterator[None]:
    """Give the program its arguments, and the modules beside it, for as long as it runs."""
    before = sys.argv, sys.path[0]
    folder = program if program.is_dir() else program.parent
    sys.argv, sys.path[0] = [str(program), *arguments], str(folder.resolve())
    try:
        yield
    finally:
        sys.argv, sys.path[0] = before


def write(picture: Picture, svg: Path | None, text: Path | None) -> None:
    """Write the picture to the files that were asked for; as text to standard error if to none."""
    if svg is not None:
        svg.write_text(picture.svg() + "\n", encoding="utf-8", errors="replace")
    if text is not None and str(text) != "-":
        text.write_text(picture.text() + "\n", encoding="utf-8", errors="replace")
    elif text is not None or svg is None:
        print(picture.text(), file=sys.stderr if text is None else sys.stdout)


def complain(what: str) -> int:
    """Say on standard error why nothing was run; return 2."""
    print(f"sockscope: {what}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
