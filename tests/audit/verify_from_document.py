#!/usr/bin/env python3
"""Reads a log as docs/record_format.md describes it, with nothing of the project's own code.

    verify_from_document.py EXPORT_LOG
    verify_from_document.py --read FILE
    verify_from_document.py --export DIRECTORY VKEY-FILE [WITNESS-VKEY]

The first runs that program on an empty directory and checks what it has made: leaf bytes, tree, notes,
proof files, sealed bodies, promise. It then breaks each of them and expects to notice. AES-GCM
is tried only where the `cryptography` module is installed; all else needs the standard library
and the `openssl` command. The second reads the log of a server that has boarded a flight: what
each record says (sections 3.1 to 3.4), how records point to each other, and who has boarded. The
third checks an export as docs/export.md describes it, and a witness's line (section 4).
"""

import base64
import collections
import hashlib
import hmac
import json
import os
import struct
import subprocess
import sys
import tempfile

try:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:
    AESGCM = None


class Refused(Exception):
    pass


def require(condition, message):
    if not condition:
        raise Refused(message)


def sha256(data):
    return hashlib.sha256(data).digest()


# --- section 2: the leaf ---------------------------------------------------------------

FIELDS = struct.Struct(">4sBBQ16s16s16sHQH32s32s16s32s")
NAMES = ("magic", "type", "flags", "time_unix_us", "request_id", "subject_ref", "actor",
         "decision", "reason_bits", "score", "ruleset", "software", "trace_id", "body_commit")


def read_leaf(data):
    require(len(data) == 186 == FIELDS.size, "size of the leaf")
    leaf = dict(zip(NAMES, FIELDS.unpack(data)))
    require(leaf["magic"] == b"PXA1", "magic")
    require(1 <= leaf["type"] <= 9, "type")
    require(leaf["flags"] in (0, 1), "reserved flag")
    require((leaf["flags"] == 1) == (leaf["body_commit"] != bytes(32)), "flag and commitment")
    return leaf


def leaf_hash(data):
    return sha256(b"\x00" + data)


def node(left, right):
    return sha256(b"\x01" + left + right)


def root_of(hashes):
    """RFC 6962 section 2.1."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return node(root_of(hashes[:k]), root_of(hashes[k:]))


def check_inclusion(index, size, hash_, proof, root):
    """RFC 9162 section 2.1.3.2."""
    require(index < size, "index outside the tree")
    fn, sn = index, size - 1
    for part in proof:
        require(sn != 0, "proof too long")
        if fn & 1 or fn == sn:
            hash_ = node(part, hash_)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            hash_ = node(hash_, part)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0 and hash_ == root, "inclusion proof")


def check_consistency(first, second, proof, first_root, second_root):
    """RFC 9162 section 2.1.4.2, for 0 < first < second."""
    require(proof, "empty proof")
    proof = list(proof)
    if first & (first - 1) == 0:
        proof.insert(0, first_root)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for part in proof[1:]:
        require(sn != 0, "proof too long")
        if fn & 1 or fn == sn:
            fr, sr = node(part, fr), node(part, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, part)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0 and fr == first_root and sr == second_root, "consistency proof")


# --- section 3: the sealed body ---------------------------------------------------------

def open_body(key, leaf_data, sealed):
    leaf = read_leaf(leaf_data)
    require(sha256(b"\x02" + sealed) == leaf["body_commit"], "commitment to the body")
    require(len(sealed) >= 77 and sealed[0] == 1, "version of the sealed body")
    require(sealed[29:61] == hmac.new(key, b"commit", hashlib.sha256).digest(), "key commitment")
    if AESGCM is None:
        return None
    return AESGCM(key).decrypt(sealed[17:29], sealed[61:], leaf_data[:154] + bytes(32))


# --- section 4: notes and checkpoints ---------------------------------------------------

def ed25519_verifies(public_key, message, signature):
    # SubjectPublicKeyInfo of RFC 8410: a fixed head and the 32 bytes.
    der = bytes.fromhex("302a300506032b6570032100") + public_key
    with tempfile.TemporaryDirectory() as directory:
        names = {}
        for name, content in (("key", der), ("message", message), ("signature", signature)):
            names[name] = os.path.join(directory, name)
            with open(names[name], "wb") as file:
                file.write(content)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", names["key"],
             "-rawin", "-in", names["message"], "-sigfile", names["signature"]],
            capture_output=True, check=False)
    return done.returncode == 0


def open_note(note, vkey):
    name, key_id, key = vkey.split("+", 2)
    typed = base64.b64decode(key, validate=True)
    require(len(typed) == 33 and typed[0] == 1, "type of the key")
    require(sha256(name.encode() + b"\n" + typed)[:4].hex() == key_id, "key id")
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    require(lines.endswith("\n"), "end of the note")
    for line in lines.splitlines():
        dash, signer, encoded = line.split(" ")
        blob = base64.b64decode(encoded, validate=True)
        require(dash == "\u2014", "dash")
        if signer == name and blob[:4].hex() == key_id:
            require(ed25519_verifies(typed[1:], text.encode(), blob[4:]), "signature")
            return text
    raise Refused("no signature of the log")


def open_checkpoint(note, vkey, origin):
    lines = open_note(note, vkey).split("\n")
    require(len(lines) == 4 and lines[3] == "", "lines of the checkpoint")
    require(lines[0] == origin, "origin")
    require(str(int(lines[1])) == lines[1], "size")
    root = base64.b64decode(lines[2], validate=True)
    require(len(root) == 32, "root")
    return int(lines[1]), root


# --- section 5: the proof file ----------------------------------------------------------

def check_proof(text, leaf_data, vkey, origin):
    head, _, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    require(lines[0] == "c2sp.org/tlog-proof@v1", "header of the proof")
    lines = lines[1:]
    if lines[0].startswith("extra "):
        lines = lines[1:]
    require(lines[0].startswith("index "), "index line")
    index = int(lines[0][6:])
    hashes = [base64.b64decode(line, validate=True) for line in lines[1:]]
    size, root = open_checkpoint(checkpoint, vkey, origin)
    check_inclusion(index, size, leaf_hash(leaf_data), hashes, root)
    return index


# --- sections 3.5 and 3.6: what may be gone ----------------------------------------------

DECISION_MATCH, DECISION_REVIEW, ACTION_REFUSED = 1, 2, 3


def retention_class(leaf):
    """0: never pruned."""
    kind, decision = leaf["type"], leaf["decision"]
    if kind == 1:
        return {DECISION_MATCH: 1, DECISION_REVIEW: 2}.get(decision, 3)
    if kind == 2:
        return 3 if decision == ACTION_REFUSED else 2
    if kind in (7, 9) or kind == 8 and leaf["subject_ref"] != bytes(16):
        return 4
    return 5 if kind in (6, 8) else 0


def gone_by(leaves):
    """Of each leaf, whether a later one erases its subject or prunes its class."""
    erased, pruned = {}, []
    for index, leaf in enumerate(leaves):
        if leaf["type"] == 3:
            erased[leaf["subject_ref"]] = index
        if leaf["type"] == 4:
            require(1 <= leaf["decision"] <= 5, "class of a prune")
            pruned.append((index, leaf["decision"], leaf["reason_bits"]))
    gone = []
    for index, leaf in enumerate(leaves):
        by_erasure = leaf["type"] != 3 and erased.get(leaf["subject_ref"], -1) > index
        by_prune = any(index < at and index < bound and retention_class(leaf) == class_
                       for at, class_, bound in pruned)
        gone.append(by_erasure or by_prune)
    return gone


def check_absences(export):
    leaves = [read_leaf(data) for data in export["later_leaf"]]
    require(len(leaves) == 302, "number of leaves")
    require([leaf["type"] for leaf in leaves[300:]] == [4, 3], "prune and erasure")
    require(leaves[301]["decision"] == 1, "ground of the erasure")
    explained = gone_by(leaves)
    missing = 0
    for leaf, sealed, gone in zip(leaves, export["later_sealed"], explained):
        if leaf["flags"] == 0:
            continue
        require(bool(sealed) != gone, "a body that is gone, or there, against the leaves")
        missing += gone
    require(0 < missing < 270, "number of bodies that are gone")


# --- docs/export.md ----------------------------------------------------------------------

def append_leaf(subtrees, hash_):
    """Of (size, root), the largest first."""
    size = 1
    while subtrees and subtrees[-1][0] == size:
        hash_ = node(subtrees.pop()[1], hash_)
        size *= 2
    subtrees.append((size, hash_))


def root_of_subtrees(subtrees):
    hash_ = subtrees[-1][1]
    for _, left in reversed(subtrees[:-1]):
        hash_ = node(left, hash_)
    return hash_


def check_cosignature(note, vkey):
    """C2SP tlog-cosignature with Ed25519."""
    name, key_id, key = vkey.split("+", 2)
    typed = base64.b64decode(key, validate=True)
    require(len(typed) == 33 and typed[0] == 4, "type of the witness's key")
    require(sha256(name.encode() + b"\n" + typed)[:4].hex() == key_id, "key id of the witness")
    text, _, lines = note.rpartition("\n\n")
    for line in lines.splitlines():
        _, signer, encoded = line.split(" ")
        blob = base64.b64decode(encoded, validate=True)
        if signer == name and blob[:4].hex() == key_id:
            time = int.from_bytes(blob[4:12], "big")
            message = f"cosignature/v1\ntime {time}\n{text}\n".encode()
            require(ed25519_verifies(typed[1:], message, blob[12:]), "cosignature")
            return time
    raise Refused("the witness has not signed")


def read_seal(directory, manifest_hash, vkey, witness):
    with open(os.path.join(directory, "seal.tlog-proof"), encoding="utf-8") as file:
        text = file.read()
    extra = [line for line in text.split("\n") if line.startswith("extra ")]
    data = base64.b64decode(extra[0][6:], validate=True)
    leaf = read_leaf(data)
    origin = vkey.split("+")[0]
    check_proof(text, data, vkey, origin)
    require(leaf["type"] == 7 and leaf["ruleset"] == manifest_hash, "the seal names the manifest")
    checkpoint = text.partition("\n\n")[2]
    if witness:
        print("cosigned at", check_cosignature(checkpoint, witness))
    return open_checkpoint(checkpoint, vkey, origin)


def check_export(directory, vkey_file, witness=None):
    def content(name):
        with open(os.path.join(directory, name), "rb") as file:
            return file.read()

    with open(vkey_file, encoding="utf-8") as file:
        vkey = file.read().strip()
    manifest_text = content("manifest.json")
    manifest = json.loads(manifest_text)
    require(manifest["version"] == 1 and manifest["log_origin"] == vkey.split("+")[0], "manifest")
    for name, digest in manifest["files"].items():
        require(sha256(content(name)).hex() == digest, f"hash of {name}")
    size, root = read_seal(directory, sha256(manifest_text), vkey, witness)
    first, end = manifest["first_leaf"], manifest["end_leaf"]
    subtrees = []
    bits = [1 << bit for bit in reversed(range(first.bit_length())) if first >> bit & 1]
    require(len(bits) == len(manifest["left_subtrees"]), "subtrees before the first leaf")
    for width, text in zip(bits, manifest["left_subtrees"]):
        subtrees.append((width, bytes.fromhex(text)))
    counts = collections.Counter()
    leaves, states, last_time = [], [], 0
    for index, line in enumerate(content("records.jsonl").decode().splitlines(), first):
        row = json.loads(line)
        data = base64.b64decode(row["leaf"], validate=True)
        leaf = read_leaf(data)
        require(row["leaf_index"] == index and leaf_hash(data).hex() == row["leaf_hash"], "leaf")
        require(leaf["time_unix_us"] >= last_time, "time")
        last_time = leaf["time_unix_us"]
        append_leaf(subtrees, leaf_hash(data))
        if row["body_state"] == "open":
            plain = open_body(bytes.fromhex(row["body_key"]), data,
                              base64.b64decode(row["sealed"], validate=True))
            require(plain is None or json.loads(plain) == row["body"], "text of the body")
        else:
            require("sealed" not in row and "body_key" not in row, "a key beside no open body")
        require((row["body_state"] == "none") == (leaf["flags"] == 0), "state of the body")
        leaves.append(leaf)
        states.append(row["body_state"])
        counts[row["body_state"]] += 1
    require(first + len(leaves) == end, "the last leaves")
    proof = [bytes.fromhex(text) for text in json.loads(content("consistency.json"))]
    if end == size:
        require(root_of_subtrees(subtrees) == root, "root")
    else:
        check_consistency(end, size, proof, root_of_subtrees(subtrees), root)
    if first == 0 and "until" not in manifest["filter"]:
        for state, gone in zip(states, gone_by(leaves)):
            require(state != "gone" or gone, "a body is gone and nothing erased it")
    for line in content("access.jsonl").decode().splitlines():
        require(leaves[json.loads(line)["leaf_index"] - first]["type"] == 7, "a look that is none")
        counts["looks"] += 1
    for name, count in sorted(counts.items()):
        print(f"{name} {count}")


# ----------------------------------------------------------------------------------------

def refuses(check, *arguments):
    try:
        check(*arguments)
    except Exception:  # any way to refuse will do
        return
    raise SystemExit(f"{check.__name__} accepted something broken")


def flip(data, bit):
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def read_export(path):
    export = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            name, _, value = line.strip().partition("=")
            export.setdefault(name, []).append(bytes.fromhex(value))
    return export


def check_leaves(export):
    last_time = 0
    seen = set()
    for data, want in zip(export["leaf"], export["leaf_hash"]):
        leaf = read_leaf(data)
        require(leaf_hash(data) == want, "leaf hash")
        require(leaf["time_unix_us"] >= last_time, "time")
        require(leaf["request_id"] not in seen, "request id twice")
        seen.add(leaf["request_id"])
        last_time = leaf["time_unix_us"]
    opened = 0
    for data, sealed, key, body in zip(export["leaf"], export["sealed"], export["body_key"],
                                       export["body"]):
        if read_leaf(data)["flags"] == 0:
            require(not sealed, "a body without a flag")
            continue
        plain = open_body(key, data, sealed)
        require(plain is None or plain == body, "body")
        opened += 1
    require(opened == 270, "number of bodies")
    refuses(read_leaf, flip(export["leaf"][0], 0))
    refuses(read_leaf, export["leaf"][0] + b"\0")
    for bit in (0, 8 * 30, 8 * 70, 8 * len(export["sealed"][0]) - 1):
        refuses(open_body, export["body_key"][0], export["leaf"][0],
                flip(export["sealed"][0], bit))
    refuses(open_body, export["body_key"][1], export["leaf"][0], export["sealed"][0])


def check_tree(export, vkey, origin):
    hashes = [leaf_hash(data) for data in export["leaf"]]
    heads = [open_checkpoint(note.decode(), vkey, origin) for note in export["checkpoint"]]
    require([size for size, _ in heads] == [7, 256, 300], "sizes")
    for size, root in heads:
        require(root_of(hashes[:size]) == root, "root")
    pairs = ((0, 1), (1, 2), (0, 2))
    for (first, second), blob in zip(pairs, export["consistency"]):
        proof = [blob[i:i + 32] for i in range(0, len(blob), 32)]
        sizes = (heads[first][0], heads[second][0])
        roots = (heads[first][1], heads[second][1])
        check_consistency(*sizes, proof, *roots)
        refuses(check_consistency, *sizes, [flip(proof[0], 3)] + proof[1:], *roots)
        refuses(check_consistency, *sizes, proof[:-1], *roots)
    note = export["checkpoint"][0].decode()
    refuses(open_checkpoint, note.replace("\n7\n", "\n8\n"), vkey, origin)
    refuses(open_checkpoint, note, vkey, origin + "x")


def check_proofs(export, vkey, origin):
    # Each signature is one call of a program: some leaves of each kind of place.
    for index in (0, 1, 127, 128, 254, 255, 256, 257, 298, 299):
        proof, data = export["proof"][index].decode(), export["leaf"][index]
        require(check_proof(proof, data, vkey, origin) == index, "index")
        refuses(check_proof, proof, flip(data, 77), vkey, origin)
        refuses(check_proof, proof.replace(f"index {index}\n", f"index {index + 1}\n"), data, vkey,
                origin)


def check_promise(export, vkey, origin):
    lines = open_note(export["promise"][0].decode(), vkey).split("\n")
    require(lines[0] == "paxid/inclusion-promise/v1" and lines[1] == origin, "promise")
    require(base64.b64decode(lines[2]) == bytes([5] * 32), "leaf hash of the promise")
    require(lines[3] == "1763800000000000" and lines[4:] == [""], "time of the promise")


# --- sections 3.1 to 3.4: what the bodies say -------------------------------------------

SUGGESTION, DECISION, CONFIGURATION, LOOK, EVENT = 1, 2, 6, 7, 8
VERDICTS = {"MATCH": 1, "REVIEW": 2, "MISMATCH": 3}
ACTIONS = {"confirm": 1, "accept": 2, "refuse": 3, "hand_over": 4, "undo": 5}


def is_hex(text, digits):
    return len(text) == digits and all(c in "0123456789abcdef" for c in text)


def read_body(text):
    def ascending(pairs):
        keys = [key for key, _ in pairs]
        require(keys == sorted(set(keys)), "order of the keys")
        return dict(pairs)

    return json.loads(text, object_pairs_hook=ascending)


class Reader:
    """Follows the records of one log in their order."""

    def __init__(self):
        self.counts = collections.Counter()
        self.records = {}  # request id -> (index, leaf, leaf hash, body)
        self.policies = set()
        self.boarded = {}  # (flight, passenger) -> request id of the decision

    def read(self, index, leaf, hash_, body):
        require(bytes.fromhex(body["request_id"]) == leaf["request_id"], "request id of the body")
        {SUGGESTION: self.suggestion, DECISION: self.decision, CONFIGURATION: self.configuration,
         LOOK: self.look, EVENT: self.event}[leaf["type"]](leaf, body)
        self.records[body["request_id"]] = (index, leaf, hash_, body)

    def suggestion(self, leaf, body):
        require(body["version"] == 2, "version of a suggestion")
        require(leaf["ruleset"] in self.policies, "a policy judged that the log had not named")
        require(body["policy"]["sha256"] == leaf["ruleset"].hex(), "policy of the suggestion")
        require(VERDICTS[body["answer"]["verdict"]] == leaf["decision"], "verdict")
        if "flight_passenger" in body:
            require(body["flight_passenger"]["passenger_ref"] >= 1, "passenger")
        if "resolution" in body:
            _, decided, _, earlier = self.records[body["resolution"]["decision_request_id"]]
            require(decided["type"] == DECISION and earlier["action"] == "accept", "resolution")
            require(earlier["document_index"] == body["document_index"], "resolved document")
            self.counts["resolved before"] += 1
        self.counts["suggestions"] += 1

    def decision(self, leaf, body):
        require(body["version"] == 1 and body["decided_by"] == "person", "decision of a person")
        require(ACTIONS[body["action"]] == leaf["decision"], "action")
        index, decided, hash_, earlier = self.records[body["decided"]["request_id"]]
        require(body["decided"]["leaf_index"] == index, "place of what is decided")
        require(body["decided"]["leaf_hash"] == hash_.hex(), "hash of what is decided")
        require(decided["subject_ref"] == leaf["subject_ref"], "subject of the decision")
        require(decided["ruleset"] == leaf["ruleset"], "policy of the decision")
        require(is_hex(body["operator"], 32), "pseudonym")
        if body["action"] == "undo":
            require(body["decided"]["action"] == earlier["action"], "action that is undone")
            require(leaf["time_unix_us"] - decided["time_unix_us"] <= 30_000_000 + 1_000_000, "undo")
            for place, by in list(self.boarded.items()):
                if by == body["decided"]["request_id"]:
                    del self.boarded[place]
        else:
            require(body["decided"]["verdict"] == earlier["answer"]["verdict"], "verdict decided on")
            self.grounds(body)
        if body["boards"]:
            place = (json.dumps(body["flight"]), body["passenger"]["passenger_ref"])
            require(place not in self.boarded, "boarded twice")
            self.boarded[place] = body["request_id"]
        self.counts["decisions"] += 1
        self.counts[body["action"]] += 1

    def grounds(self, body):
        accepts = body["action"] == "accept"
        require(accepts == ("reason" in body), "reason")
        require(accepts or "evidence" not in body, "evidence")
        if body["action"] in ("confirm", "accept"):
            require(body["face_checked"] is True, "face check")
        require(body["action"] != "confirm" or body["decided"]["verdict"] == "MATCH", "confirmed")
        if accepts and body["decided"]["verdict"] == "MISMATCH":
            require(body.get("second_operator", body["operator"]) != body["operator"]
                    or body["role"] == "supervisor", "second person")
            self.counts["two persons"] += 1

    def configuration(self, leaf, body):
        require(body["version"] == 1 and body["event"] == "policy_in_use", "change of policy")
        require(body["policy"]["sha256"] == leaf["ruleset"].hex(), "policy that is named")
        require(body["approved_by"] == [] or len(set(body["approved_by"])) >= 2, "approvers")
        self.policies.add(leaf["ruleset"])
        self.counts["policies"] += 1

    def look(self, leaf, body):
        """A colleague looks at what a kiosk was answered, or the log leaves the house."""
        require(body["version"] == 1, "version of a look")
        if body["event"] in ("export_begun", "export_released"):
            return self.export(leaf, body)
        require(body["event"] == "suggestion_shown", "look")
        _, shown, _, suggestion = self.records[body["reference"].replace("-", "")]
        require(shown["type"] == SUGGESTION, "a look at a suggestion")
        require(leaf["subject_ref"] == shown["subject_ref"], "subject of a look")
        require(body["purpose"] == suggestion["purpose"], "purpose of a look")
        require(is_hex(body["operator"], 32), "who looked")
        self.counts["looks"] += 1

    def export(self, leaf, body):
        require(leaf["subject_ref"] == bytes(16), "an export of one subject")
        require(body["purpose"] == "audit" and body["reference"] == "XX-123", "why it was exported")
        if body["event"] == "export_begun":
            require(body["recipient"] == body["profile"], "to whom it was exported")
        else:
            require(is_hex(body["released_by"].replace("-", ""), 32), "who released it")
            require(is_hex(body["export_request_id"], 32), "what was released")
        self.counts[body["event"]] += 1

    def event(self, leaf, body):
        require(body["version"] == 1, "version of an event")
        require(leaf["subject_ref"] == bytes(16), "an event with a subject")
        if body["event"] == "flight_loaded":
            require(is_hex(body["list"]["sha256"], 64), "digest of the list")
            self.counts["loads"] += 1
        else:
            require(body["event"] == "flight_dropped", "event")
            self.counts["drops"] += 1


def read_log(path):
    export = read_export(path)
    vkey, origin = export["vkey"][0].decode(), export["origin"][0].decode()
    size, root = open_checkpoint(export["checkpoint"][0].decode(), vkey, origin)
    hashes = [leaf_hash(data) for data in export["leaf"]]
    require(size == len(hashes) and root_of(hashes) == root, "checkpoint and leaves")
    reader = Reader()
    rows = zip(export["leaf"], export["sealed"], export["body_key"], export["body"])
    for index, (data, sealed, key, text) in enumerate(rows):
        plain = open_body(key, data, sealed)
        require(plain is None or plain == text, "body")
        reader.read(index, read_leaf(data), hashes[index], read_body(text))
    reader.counts["boarded"] = len(reader.boarded)
    for name, count in sorted(reader.counts.items()):
        print(f"{name} {count}")


# --- C2SP tlog-tiles ---------------------------------------------------------------------

def read_tiles(root, vkey, origin):
    """Every leaf of a directory of tiles, after all of its files have been checked."""
    with open(os.path.join(root, "checkpoint"), encoding="utf-8") as file:
        size, tree_root = open_checkpoint(file.read(), vkey, origin)
    expected = {"checkpoint"}

    def file_of(kind, index, width):
        digits = f"{index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[i:i + 3] for i in range(0, len(digits), 3)]
        path = "/".join(["tile", kind] + ["x" + part for part in parts[:-1]] + parts[-1:])
        path += "" if width == 256 else f".p/{width}"
        expected.add(path)
        with open(os.path.join(root, path), "rb") as file:
            return file.read()

    leaves = []
    for start in range(0, size, 256):
        bundle = file_of("entries", start // 256, min(256, size - start))
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            leaves.append(bundle[2:2 + length])
            require(len(leaves[-1]) == length, "length of an entry")
            bundle = bundle[2 + length:]
    require(len(leaves) == size, "number of entries")
    level, hashes = 0, [leaf_hash(leaf) for leaf in leaves]
    require(root_of(hashes) == tree_root, "root of the entries")
    while hashes:
        for start in range(0, len(hashes), 256):
            tile = hashes[start:start + 256]
            require(file_of(str(level), start // 256, len(tile)) == b"".join(tile), "tile")
        full = len(hashes) // 256
        hashes = [root_of(hashes[256 * i:256 * (i + 1)]) for i in range(full)]
        level += 1
    found = {os.path.relpath(os.path.join(place, name), root)
             for place, _, names in os.walk(root) for name in names}
    require(found == expected, f"files {sorted(found ^ expected)}")
    return leaves


def main():
    if sys.argv[1] == "--read":
        read_log(sys.argv[2])
        return
    if sys.argv[1] == "--export":
        check_export(*sys.argv[2:])
        return
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([sys.argv[1], directory], check=True)
        export = read_export(os.path.join(directory, "log.txt"))
        vkey = export["vkey"][0].decode()
        origin = "audit.example/qf"
        tiles = read_tiles(os.path.join(directory, "tiles"), vkey, origin)
    require(vkey.split("+")[0] == origin, "name of the key")
    require(len(export["leaf"]) == 300, "number of leaves")
    require(tiles == export["leaf"], "leaves of the tiles")
    check_leaves(export)
    check_tree(export, vkey, origin)
    check_proofs(export, vkey, origin)
    check_promise(export, vkey, origin)
    check_absences(export)
    print("300 leaves, 270 bodies, 3 checkpoints, 10 proof files, a promise and the tiles read"
          + ("" if AESGCM else "; bodies not decrypted: no cryptography module"))


if __name__ == "__main__":
    main()
