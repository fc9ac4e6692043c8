"""Run a command where every packet that it sends is seen and none gets out.

Started in a network and a mount namespace of its own (`unshare --net --mount`). Every address leads to this machine, a
name server answers every name, and whoever connects is listened to: what would call home does so in full view. Prints
one JSON object: what was looked up, what was connected to, other packets, and how the command ended.

Packets between a port of 127.0.0.1, or of ::1, and another are let pass, unless one of them is the name server's.
"""

from __future__ import annotations

import argparse
import json
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

RESOLVER = "127.0.0.53"
ELSEWHERE = "198.51.100.7"
"""What every name leads to: an address for documentation (RFC 5737)."""

LOOPBACK_6 = socket.inet_pton(socket.AF_INET6, "::1")

_OVER = b"that was all"
ETH_P_ALL = 3
TCP, UDP = 6, 17


class Seen:
    """What went over the wire."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.connections: set[str] = set()
        self.others: set[str] = set()
        self.something = threading.Event()

    def packet(self, data: bytes) -> None:
        """One packet from its IP header on."""
        self._note(data)
        if self.names or self.connections or self.others:
            self.something.set()

    def _note(self, data: bytes) -> None:
        if data[0] >> 4 != 4:
            source, to = data[8:24], data[24:40]
            if len(data) < 40 or {source, to} != {LOOPBACK_6}:
                self.others.add("IPv6 to " + socket.inet_ntop(socket.AF_INET6, to) if len(data) >= 40 else "?")
            return
        kind, to = data[9], socket.inet_ntoa(data[16:20])
        head = (data[0] & 15) * 4
        port = struct.unpack_from(">H", data, head + 2)[0] if kind in {TCP, UDP} else 0
        away = {to, socket.inet_ntoa(data[12:16])} != {"127.0.0.1"}
        if to == RESOLVER and kind == UDP:
            self.names.add(_name(data[head + 8 + 12 :]))
        elif kind == TCP and away and data[head + 13] & 0x12 == 0x02:  # SYN without ACK
            self.connections.add(f"{to}:{port}")
        elif away and kind != TCP and not self._answer(data):
            self.others.add(f"protocol {kind} to {to}:{port}")
        elif kind == UDP and not away:
            self.others.add(f"datagram to {to}:{port}")

    @staticmethod
    def _answer(data: bytes) -> bool:
        return socket.inet_ntoa(data[12:16]) == RESOLVER


def _name(question: bytes) -> str:
    labels = []
    while question and (length := question[0]):
        labels.append(question[1 : 1 + length].decode("ascii", "replace"))
        question = question[1 + length :]
    return ".".join(labels)


def _resolve(server: socket.socket) -> None:
    while True:
        question, whom = server.recvfrom(4096)
        end = question.index(b"\0", 12) + 5
        asked = question[12:end]
        address = asked[-4:-2] == b"\0\1"
        answer = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + socket.inet_aton(ELSEWHERE) if address else b""
        head = question[:2] + b"\x81\x80\0\1" + (b"\0\1" if address else b"\0\0") + b"\0\0\0\0"
        server.sendto(head + asked + answer, whom)


def _listen(server: socket.socket) -> None:
    kept = []
    while True:
        kept.append(server.accept())  # and never a word


def _sniff(wire: socket.socket, seen: Seen) -> None:
    while True:
        data, about = wire.recvfrom(65536)
        if data[28:] == _OVER:
            return
        if about[2] != socket.PACKET_OUTGOING and about[1] in {0x0800, 0x86DD}:
            seen.packet(data)


def _prepare() -> None:
    """Every address is here, and the name server is ours."""
    for command in (
        "ip link set lo up",
        f"ip address add {RESOLVER}/32 dev lo",
        "ip route add local 0.0.0.0/0 dev lo",
        "ip -6 route add local ::/0 dev lo",
    ):
        subprocess.run(command.split(), check="-6" not in command, capture_output=True)
    with tempfile.NamedTemporaryFile("w", delete=False) as conf:
        conf.write(f"nameserver {RESOLVER}\n")
    subprocess.run(["mount", "--bind", conf.name, str(Path("/etc/resolv.conf").resolve())], check=True)
    Path(conf.name).unlink()  # what the command leaves behind is counted


def main() -> None:
    """As the module says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--least", type=float, default=0, help="seconds for which to look on, at least")
    parser.add_argument("--until-seen", type=float, default=0, help="end the command when it sent something")
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()
    _prepare()
    seen = Seen()
    resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    resolver.bind((RESOLVER, 53))
    threading.Thread(target=_resolve, args=(resolver,), daemon=True).start()
    for port in (80, 443):
        server = socket.create_server((ELSEWHERE, port))
        threading.Thread(target=_listen, args=(server,), daemon=True).start()
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
    wire.bind(("lo", ETH_P_ALL))
    sniffer = threading.Thread(target=_sniff, args=(wire, seen), daemon=True)
    sniffer.start()
    began = time.monotonic()
    with subprocess.Popen(args.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as command:
        if args.until_seen:
            seen.something.wait(args.until_seen)
            command.terminate()
        output, errors = command.communicate()
    seen.something.wait(args.least - (time.monotonic() - began))
    # A last packet of our own: all that came before it has been seen when it is.
    mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    mark.sendto(_OVER, ("127.0.0.1", 9))
    sniffer.join()
    found = {
        "names": sorted(seen.names),
        "connections": sorted(seen.connections),
        "others": sorted(seen.others),
        "status": command.returncode,
        "output": output.decode("utf-8", "replace")[-4000:],
        "errors": errors.decode("utf-8", "replace")[-4000:],
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
