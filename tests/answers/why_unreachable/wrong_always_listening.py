# diagnosis: existence-is-enough
import os
import socket


def why_unreachable(path):
    return "listening"
