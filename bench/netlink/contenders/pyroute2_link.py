"""The contender pyroute2: `pyroute2_link.py DUMP`. Speaks the protocol of ../../README.md."""

import sys
import time

from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg
from pyroute2.netlink.rtnl.marshal import MarshalRtnl

marshal = MarshalRtnl()
with open(sys.argv[1], "rb") as file:
    dump = file.read()


def decode():
    """Decodes the whole dump: every attribute into its `attrs`, nests too, as its sockets do."""
    return [message for message in marshal.parse(dump) if isinstance(message, ifinfmsg)]


def digest(links):
    """Count, sum of the indexes, sum of the MTUs, FNV-1a of the names each with a NUL, sum of rx_bytes."""
    indexes = mtus = received = 0
    value = 2166136261
    for link in links:
        indexes += link["index"]
        mtus += link.get_attr("IFLA_MTU")
        received += link.get_attr("IFLA_STATS64")["rx_bytes"]
        for byte in link.get_attr("IFLA_IFNAME").encode() + b"\0":
            value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return f"{len(links)} {indexes} {mtus} {value:08x} {received}"


kept = decode()
print(digest(kept), flush=True)
for line in sys.stdin:
    samples, passes = map(int, line.split())
    times = []
    for _ in range(samples):
        start = time.perf_counter_ns()
        for _ in range(passes):
            kept = decode()
        times.append(str(time.perf_counter_ns() - start))
    print(" ".join(times), flush=True)
