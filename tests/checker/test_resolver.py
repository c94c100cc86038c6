"""Names with several addresses: what each kind does, and what stands in getaddrinfo's place."""

import errno
import socket

import pytest

from course.checker.scene.resolver import (
    ANSWERS,
    NAME,
    NO_FAMILY,
    NO_WAY,
    OVER_IPV6,
    REFUSES,
    SILENT,
    NotHere,
    Resolver,
    ipv6,
    nobody_called,
    world,
)


def call(answer, timeout=0.2):
    family, kind, proto, _, address = answer
    with socket.socket(family, kind, proto) as sock:
        sock.settimeout(timeout)
        sock.connect(address)


@pytest.fixture
def resolver(monkeypatch):
    """Install a Resolver for these answers until the end of the test."""

    def install(answers):
        for name in ("getaddrinfo", "create_connection"):
            monkeypatch.setattr(socket, name, getattr(socket, name))
        made = Resolver(answers)
        made.install()
        return made

    return install


@pytest.mark.parametrize(
    ("kind", "number"),
    [(REFUSES, errno.ECONNREFUSED), (NO_WAY, errno.ENETUNREACH), (NO_FAMILY, errno.EAFNOSUPPORT)],
)
def test_a_bad_address_fails_in_its_own_way(kind, number):
    with world(kind) as (answers, _), pytest.raises(OSError, match=rf"\[Errno {number}\]"):
        call(answers[0])


def test_a_silent_address_gives_no_answer():
    with world(SILENT) as (answers, _), pytest.raises(TimeoutError):
        call(answers[0])


@pytest.mark.parametrize("kind", [ANSWERS, *ipv6()])
def test_an_answering_address_notices_who_called(kind):
    with world(kind) as (answers, ends):
        assert nobody_called(ends[0])
        call(answers[0])
        assert not nobody_called(ends[0])


def test_all_addresses_have_one_port_and_no_two_are_alike():
    with world(ANSWERS, REFUSES, SILENT, *ipv6(), NO_WAY) as (answers, ends):
        assert len({answer[4][1] for answer in answers}) == 1
        assert len({answer[4] for answer in answers}) == len(answers) == len(ends)


def test_a_world_is_gone_at_its_end():
    with world(ANSWERS, SILENT) as (_, ends):
        pass
    assert all(end.fileno() == -1 for end in ends)


def test_the_resolver_gives_each_address_for_streams_and_for_datagrams(resolver):
    with world(ANSWERS, REFUSES) as (answers, _):
        installed = resolver(answers)
        assert not installed.asked
        everything = socket.getaddrinfo(NAME, 0)
        assert installed.asked
    assert [one for one in everything if one[1] == socket.SOCK_STREAM] == answers
    assert [one[1] for one in everything] == [socket.SOCK_STREAM, socket.SOCK_DGRAM] * 2


def test_the_resolver_honours_family_type_and_protocol(resolver):
    with world(ANSWERS, *ipv6(), NO_FAMILY) as (answers, _):
        resolver(answers)
        assert socket.getaddrinfo(NAME, 0, type=socket.SOCK_STREAM) == answers
        assert socket.getaddrinfo(NAME, 0, proto=socket.IPPROTO_TCP) == answers
        assert socket.getaddrinfo(NAME, 0, socket.AF_INET, socket.SOCK_STREAM) == answers[:1]
        with pytest.raises(socket.gaierror):
            socket.getaddrinfo(NAME, 0, socket.AF_UNIX)


def test_the_resolver_leaves_other_hosts_to_the_real_one(resolver):
    expected = socket.getaddrinfo("127.0.0.1", 0)
    resolver([])
    assert socket.getaddrinfo("127.0.0.1", 0) == expected


def test_create_connection_is_forbidden_where_it_is_installed(resolver):
    resolver([])
    with pytest.raises(NotHere, match="create_connection"):
        socket.create_connection((NAME, 0))


def test_an_ipv6_address_has_four_parts():
    if not ipv6():
        pytest.skip("this machine has no IPv6")
    with world(OVER_IPV6) as (answers, _):
        assert answers[0][0] == socket.AF_INET6
        assert len(answers[0][4]) == 4
