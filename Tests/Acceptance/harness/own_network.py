"""A network that has nothing but its own loopback: what runs in it reaches nobody."""

import ctypes
import fcntl
import socket
import struct
from contextlib import contextmanager

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS = 0x8914
IFF_UP = 1
_libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def own_network():
    """Puts this thread, and what it starts from then on, into a new network namespace (network_namespaces(7)).

    Yields whether that was allowed: it takes root.
    """
    with open("/proc/thread-self/ns/net") as before:
        if _libc.unshare(CLONE_NEWNET):
            yield False
            return
        try:
            bring_up_loopback()
            yield True
        finally:
            if _libc.setns(before.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "the network of before is not to be had back")


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", IFF_UP))
