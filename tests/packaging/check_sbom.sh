#!/usr/bin/env bash
# check_sbom.sh SBOM: the bill of materials of a small package names what it loads, with versions,
# digest and relations, and is the same twice.
set -euo pipefail
sbom=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/root/DEBIAN"
printf 'Package: sample\nVersion: 1.2\nArchitecture: amd64\nMaintainer: A "B" <a@example.org>\nDepends: libc6 (>= 2.36), libssl3 | libssl, adduser, libspdlog1.10-fmt9\nDescription: x\n' >"$work/root/DEBIAN/control"
dpkg-deb --root-owner-group -b "$work/root" "$work/sample.deb" >/dev/null
export SOURCE_DATE_EPOCH=1700000000
"$sbom" "$work/sample.deb" >"$work/one.json"
"$sbom" "$work/sample.deb" | cmp - "$work/one.json"
/usr/bin/python3 - "$work/one.json" "$work/sample.deb" <<'PY'
import hashlib, json, subprocess, sys
sbom = json.load(open(sys.argv[1]))
assert sbom["spdxVersion"] == "SPDX-2.3" and sbom["creationInfo"]["created"] == "2023-11-14T22:13:20Z"
packages = {package["name"]: package for package in sbom["packages"]}
assert {"sample", "libc6", "libssl3", "adduser", "libspdlog1.10", "libcli11-dev"} <= packages.keys(), packages.keys()
digest = hashlib.sha256(open(sys.argv[2], "rb").read()).hexdigest()
assert packages["sample"]["checksums"][0]["checksumValue"] == digest
installed = subprocess.run(["dpkg-query", "-W", "-f=${Version}", "libssl3"], capture_output=True, text=True).stdout
assert packages["libssl3"]["versionInfo"] == installed
ids = {package["SPDXID"] for package in sbom["packages"]} | {"SPDXRef-DOCUMENT"}
assert len(ids) == len(sbom["packages"]) + 1
for relation in sbom["relationships"]:
    assert relation["spdxElementId"] in ids and relation["relatedSpdxElement"] in ids, relation
kinds = {(r["relationshipType"], r["relatedSpdxElement"]) for r in sbom["relationships"]}
assert ("DEPENDS_ON", "SPDXRef-Package-libssl3") in kinds
assert ("STATIC_LINK", "SPDXRef-Package-libcli11-dev") in kinds
PY
echo "the bill of materials is right"
