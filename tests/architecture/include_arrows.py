#!/usr/bin/env python3
"""Walks every #include of the source tree and checks it against the arrows.

docs/architecture.md draws the arrows; this table is the same drawing for a machine. An
include of a room that is not listed, a foreign library outside the one room that may know
it, and a room nobody drew are all failures.
"""
import pathlib
import re
import sys

# room -> rooms whose headers it may include (its own is always allowed)
ARROWS = {
    "base": set(),
    "tables": {"base"},
    "manual": set(),
    "messages": {"tables", "base"},
    "transliteration": {"tables", "base"},
    "mrz": {"transliteration", "base"},
    "bcbp": {"transliteration", "base"},
    "matcher": {"transliteration", "tables", "base"},
    "evaluation": {"base"},
    "verification": {"mrz", "bcbp", "matcher", "tables", "base"},
    "audit": {"base"},
    "proto": set(),
    "server": {"verification", "bcbp", "transliteration", "audit", "proto", "messages", "manual",
               "base"},
    "clients/sdk": {"proto", "verification", "audit", "base"},
    "clients/verifier": {"audit", "manual", "base"},
    "clients/cli": {"clients/sdk", "verification", "mrz", "bcbp", "matcher", "transliteration",
                    "evaluation", "audit", "messages", "manual", "base"},
    "clients/reader": {"verification", "mrz", "bcbp", "base"},
    "clients/device": {"clients/reader", "clients/sdk", "verification", "manual", "base"},
    "clients/gate": {"clients/device", "clients/reader", "clients/sdk", "verification", "messages",
                     "base"},
    "clients/kiosk": {"clients/device", "clients/reader", "clients/sdk", "verification", "messages",
                      "base"},
}

# A foreign header (prefix) -> the only rooms that may include it.
FOREIGN = {
    "grpcpp/": {"server", "clients/sdk"},
    "google/protobuf": {"server", "clients/sdk"},
    "absl/": {"server"},
    "sqlite3.h": {"audit"},
    "libpq-fe.h": {"audit"},
    "openssl/": {"base", "tables", "bcbp", "audit", "verification", "server", "clients/sdk",
                 "clients/reader"},
    "toml++/": {"bcbp", "verification", "server", "clients/cli"},
    "CLI/": {"manual", "server", "clients/cli", "clients/verifier", "clients/device",
             "clients/gate", "clients/kiosk"},
    # Qt's headers are named after its classes.
    "Q": {"clients/reader", "clients/device", "clients/gate", "clients/kiosk"},
    "nlohmann/": {"base", "server", "clients/cli", "clients/verifier", "clients/kiosk"},
    "spdlog/": {"server"},
    "prometheus/": {"server"},
    "unicode/": {"transliteration", "verification", "messages"},
}


INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
GENERATED = re.compile(r"^(paxid/v1/|google/rpc/).*\.pb\.h$")


def room_of(path):
    parts = path.split("/")
    if parts[0] == "clients" and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0] if len(parts) > 1 else None


def violations(path, text):
    """Violations of one file; `path` is relative to the source tree."""
    room = room_of(path)
    if room not in ARROWS:
        return [f"{path}: no room of the architecture"]
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(2)
        where = f"{path}:{number}: {target}"
        if GENERATED.match(target):
            if "proto" not in ARROWS[room]:
                found.append(f"{where}: {room} must not know protobuf")
            continue
        for prefix, rooms in FOREIGN.items():
            if target.startswith(prefix) and room not in rooms:
                found.append(f"{where}: {room} must not know {prefix}")
        if match.group(1) == '"':
            other = room_of(target)
            if other in ARROWS and other != room and other not in ARROWS[room]:
                found.append(f"{where}: no arrow from {room} to {other}")
    return found


def self_test():
    wrong = [
        ("mrz/a.cpp", '#include "bcbp/boarding_pass.h"'),
        ("matcher/a.h", '#include "verification/claim.h"'),
        ("base/a.h", '#include "mrz/zone.h"'),
        ("audit/a.cpp", "#include <grpcpp/grpcpp.h>"),
        ("verification/a.cpp", '#include "paxid/v1/claim.pb.h"'),
        ("server/a.cpp", '#include "mrz/zone.h"'),
        ("clients/cli/a.cpp", "#include <sqlite3.h>"),
        ("audit/a.cpp", "#include <absl/strings/str_cat.h>"),
        ("utils/a.h", "#include <vector>"),
        ("clients/sdk/a.cpp", "#include <QObject>"),
        ("clients/gate/a.cpp", "#include <grpcpp/grpcpp.h>"),
        ("clients/reader/a.cpp", '#include "clients/sdk/client.h"'),
        ("clients/kiosk/a.cpp", '#include "clients/gate/session.h"'),
    ]
    right = [
        ("mrz/a.cpp", '#include "mrz/zone.h"\n#include "base/date.h"\n#include <array>'),
        ("server/a.cpp", '#include "paxid/v1/claim.pb.h"\n#include <grpcpp/grpcpp.h>'),
        ("clients/cli/a.cpp", '#include "clients/sdk/client.h"\n#include "mrz/zone.h"'),
    ]
    for path, text in wrong:
        assert violations(path, text), f"not found: {path} {text}"
    for path, text in right:
        assert not violations(path, text), f"wrongly found: {path} {text}"
    print(f"{len(wrong)} violations found, {len(right)} clean files passed")


def main():
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return 0
    root = pathlib.Path(sys.argv[1])
    found, files = [], 0
    for room in ARROWS:
        folder = root / room
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".h", ".cpp", ".in"} and path.is_file():
                files += 1
                found += violations(str(path.relative_to(root)), path.read_text(encoding="utf-8"))
    print("\n".join(found) if found else f"{files} files, no violation")
    return 1 if found or files < 40 else 0


if __name__ == "__main__":
    sys.exit(main())
