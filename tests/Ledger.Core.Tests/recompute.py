#!/usr/bin/env python3
"""Recomputes a ledger from its export, with nothing but Python's standard library and docs/formats.md
(signatures alone need a package, "cryptography": the library has no Ed25519).

    python3 recompute.py FILE         every canonical form, commitment, id, leaf hash, chain, text hash, span, and the root;
                                      prints size and root, or names the first entry that does not hold and exits with 1
    python3 recompute.py FILE --checkpoint NOTE
                                      also holds the export against a checkpoint that was kept: origin, size, root, and the signature
                                      where the package "cryptography" is there; says so where it is not
    python3 recompute.py --canonical  reads JSON values from standard input, one a line, and writes their canonical form

It shares no code with the program that it checks, so that the two can only agree when both do what is written down.
"""

import base64
import hashlib
import hmac
import json
import re
import sys

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 64
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TYPE = re.compile(r"[a-z.-]{1,60}")
RESERVED = "00000000-0000-0000-0000-000000000000"
ENVELOPE = {"command", "id", "of", "ordinal", "parts", "recordedAt", "recordedBy", "revision", "schema", "story", "type", "v"}
DOCUMENTS = ("document.filed", "document.revised")
KNOWN = {
    "ledger.opened", "story.opened", "document.filed", "document.revised", "extraction.completed", "quote.recorded", "claim.recorded", "claim.linked", "question.raised",
    "occasion.scheduled", "occasion.moved", "occasion.held", "occasion.cancelled", "note.added", "entry.withdrawn",
}
SPANS = ("span", "cue", "when")


class Wrong(Exception):
    """What does not hold, as a sentence."""


def check(holds, sentence):
    if not holds:
        raise Wrong(sentence)


# Canonical JSON (RFC 8785, narrowed to integers)


def unique(pairs):
    members = dict(pairs)
    check(len(members) == len(pairs), "a member stands twice")
    return members


def integer(digits):
    check(digits != "-0" and len(digits) <= 17 and abs(int(digits)) <= MAX_INTEGER, f"{digits} is not an integer within ±(2^53−1)")
    return int(digits)


def no_float(text):
    raise Wrong(f"{text} is not an integer within ±(2^53−1)")


def parse(line):
    try:
        return json.loads(line, object_pairs_hook=unique, parse_int=integer, parse_float=no_float, parse_constant=no_float)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"it is not JSON: {error}") from error


def text_of(value):
    check("\0" not in value, "a text holds a NUL character")
    check(not any(0xD800 <= ord(letter) <= 0xDFFF for letter in value), "a text holds half of a surrogate pair")
    # Python escapes exactly what RFC 8785 escapes, except that it spells DEL and everything else as it is: so does the RFC.
    return json.dumps(value, ensure_ascii=False)


def canonical_text(value, depth=0):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return text_of(value)
    check(depth < MAX_DEPTH, f"it is nested more than {MAX_DEPTH} deep")
    if isinstance(value, list):
        return "[" + ",".join(canonical_text(item, depth + 1) for item in value) + "]"
    names = [(text_of(name), name) for name in value]
    # The order is that of UTF-16 units, in which letters beyond U+FFFF stand before U+E000.
    names.sort(key=lambda pair: pair[1].encode("utf-16-be"))
    return "{" + ",".join(f"{text}:{canonical_text(value[name], depth + 1)}" for text, name in names) + "}"


def canonical(value):
    return canonical_text(value).encode("utf-8")


# Hashes


def spell(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unspell(text, what):
    check(isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]*", text), f"{what} is not base64url")
    check(len(text) % 4 != 1, f"{what} is not base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    check(spell(data) == text, f"{what} has another spelling than the canonical one")
    return data


def sha256(*pieces):
    return hashlib.sha256(b"".join(pieces)).digest()


def commitment(name, salt, data):
    return hmac.new(salt, b"ledger/part/v1\n" + name.encode("ascii") + b"\n" + data, hashlib.sha256).digest()


def leaf_hash(envelope):
    return sha256(b"\0", envelope)


def entry_id(story, command, ordinal):
    digest = bytearray(sha256(bytes.fromhex(story.replace("-", "")), bytes.fromhex(command.replace("-", "")), ordinal.to_bytes(4, "big"))[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    spelled = digest.hex()
    return "-".join((spelled[:8], spelled[8:12], spelled[12:16], spelled[16:20], spelled[20:]))


def root_of(leaves):
    """RFC 6962, section 2.1, level by level: a node without a neighbour goes up as it is."""
    if not leaves:
        return sha256()
    while len(leaves) > 1:
        pairs = [sha256(b"\1", leaves[i], leaves[i + 1]) for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(leaves) & ~1:]
    return leaves[0]


# Entries


class Ledger:
    def __init__(self):
        self.leaves = []
        self.ends = {}
        self.texts = {}
        self.waiting = None
        self.origin = None
        self.keys = []
        self.missing = {}
        self.erased = set()

    def add(self, line):
        envelope, parts = line["envelope"], line["parts"]
        index = len(self.leaves)
        check(line["index"] == index, f"index {index} is missing; this is {line['index']}")
        self.check_envelope(envelope)
        data = canonical(envelope)
        check(len(data) <= 4096, "its envelope is larger than 4 KiB")
        leaf = leaf_hash(data)
        check(spell(leaf) == line["hash"], "its envelope is not the one that was hashed")
        self.check_place(envelope, index, leaf)
        check(set(parts) <= set(envelope["parts"]), "it has parts that its envelope does not commit to")
        for name in set(envelope["parts"]) - set(parts):
            # Whether it was erased on record is told by a later entry.
            self.missing[envelope["id"], name] = f"line {index + 2}, entry {index} ({envelope['id']})"
        stored = {}
        for name, part in parts.items():
            salt = unspell(part["salt"], "a salt")
            check(len(salt) == 32, "a salt has not 32 bytes")
            if name == "text":
                text_of(part["text"])
                stored[name] = part["text"].encode("utf-8")
            elif name == "source":
                stored[name] = unspell(part["base64url"], "the source")
            else:
                stored[name] = canonical(part["json"])
            check(spell(commitment(name, salt, stored[name])) == envelope["parts"][name], f"its {name} is not what was recorded")
        if envelope["type"] in DOCUMENTS:
            check("text" in envelope["parts"], "it is a document without a text")
            self.texts[envelope["id"]] = stored["text"].decode("utf-8").encode("utf-16-le") if "text" in stored else None
        if "body" in parts and envelope["schema"] == 1:
            body = parts["body"]["json"]
            if envelope["type"] == "entry.redacted":
                self.erased.update((part["entry"], part["part"]) for part in body["parts"])
            if envelope["story"] == RESERVED:
                self.keep_key(envelope["type"], body, index)
            if envelope["type"] in KNOWN:
                self.check_body(envelope, body, stored)
        self.leaves.append(leaf)

    def check_missing(self):
        """A part may be missing where an entry records that it was erased."""
        for (entry, name), place in self.missing.items():
            if (entry, name) not in self.erased:
                raise Wrong(f"{place}: its {name} is missing, and no entry records that it was erased")

    def check_envelope(self, envelope):
        names = set(envelope)
        check(names - {"cause", "previous"} == ENVELOPE, "its envelope lacks a member, or has one that is not known")
        check(envelope["v"] == 1, "its envelope is of another version")
        for name in ("id", "story", "command", "cause"):
            check(name not in envelope or UUID.fullmatch(envelope[name]), f"{name} is not a UUID in lower case")
        by = envelope["recordedBy"]
        check(set(by) == {"id", "kind"} and UUID.fullmatch(by["id"]) and by["kind"] in ("person", "program", "service"), "recordedBy does not read")
        check(TIME.fullmatch(envelope["recordedAt"]), "recordedAt is not a time")
        check(TYPE.fullmatch(envelope["type"]), "its type is not a name")
        check(envelope["revision"] >= 0 and envelope["schema"] >= 1 and 0 <= envelope["ordinal"] < envelope["of"], "a number in it is out of bounds")
        check("body" in envelope["parts"] and set(envelope["parts"]) <= {"body", "recorder", "source", "text"}, "it commits to parts that are not known")
        for value in list(envelope["parts"].values()) + [envelope[name] for name in ("previous",) if name in envelope]:
            check(len(unspell(value, "a hash")) == 32, "a hash has not 32 bytes")

    def check_place(self, envelope, index, leaf):
        story, command, ordinal = envelope["story"], envelope["command"], envelope["ordinal"]
        check(envelope["id"] == entry_id(story, command, ordinal), "its id does not follow from story, command and ordinal")
        check((index == 0) == (envelope["type"] == "ledger.opened"), "a ledger begins with ledger.opened, and has no other")
        check(index > 0 or story == RESERVED, "ledger.opened stands in the reserved story")
        expected = self.waiting or (story, command, 0, envelope["of"])
        check((story, command, ordinal, envelope["of"]) == expected, "the command before it, or its own, is not whole")
        self.waiting = (story, command, ordinal + 1, envelope["of"]) if ordinal + 1 < envelope["of"] else None
        revision, previous, recorded = self.ends.get(story, (-1, None, ""))
        check(envelope["revision"] == revision + 1, f"its story goes from revision {revision} to {envelope['revision']}")
        check(envelope.get("previous") == previous, "its story's chain is broken")
        check(envelope["recordedAt"] >= recorded, "it was recorded before the entry it follows on")
        self.ends[story] = (envelope["revision"], spell(leaf), envelope["recordedAt"])

    def check_body(self, envelope, body, stored):
        if envelope["type"] == "ledger.opened":
            self.origin = body["origin"]
        if envelope["type"] in DOCUMENTS:
            body = body["document"] if envelope["type"] == "document.revised" else body
            if "text" in stored:
                check(spell(sha256(stored["text"])) == body["textSha256"], "its text does not have the hash that its body states")
                check(len(self.texts[envelope["id"]]) // 2 == body["textLength"], "its text does not have the length that its body states")
            check("source" not in stored or spell(sha256(stored["source"])) == body["sourceSha256"], "its source does not have the hash that its body states")
        for span in [body.get(name) for name in SPANS] + [(body.get("speaker") or {}).get("written")]:
            if span is not None:
                self.check_span(span)

    def keep_key(self, kind, body, index):
        """A key signs sizes above the index that added it, up to the index that retired it."""
        if kind in ("ledger.opened", "ledger.key.added"):
            self.keys.append([unspell(body["publicKey"], "a key"), index, None])
        if kind == "ledger.key.retired":
            for key in self.keys:
                if spell(key[0]) == body["publicKey"] and key[2] is None:
                    key[2] = index

    def check_span(self, span):
        check(span["document"] in self.texts, "it rests on a document that is not there")
        units = self.texts[span["document"]]
        if units is None:
            # Erased: its words cannot be read again.
            return
        check(0 < len(span["ranges"]) == len(span["exact"]), "a span has no ranges, or not the words of each")
        last = 0
        for (start, end), words in zip(span["ranges"], span["exact"]):
            check(last <= start < end <= len(units) // 2, "the ranges of a span are out of order, or outside the text")
            # Half a surrogate pair at either end has no spelling, so that no words can be equal to it.
            check(units[2 * start:2 * end] == words.encode("utf-16-le"), f"the words at {start}–{end} are not those that were recorded")
            last = end


# Checkpoints (C2SP tlog-checkpoint, a signed note)


def unspell_base64(text, what):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Wrong(f"{what} is not base64") from error
    check(base64.b64encode(data).decode("ascii") == text, f"{what} has another spelling than the canonical one")
    return data


def read_note(path):
    with open(path, "rb") as file:
        note = file.read().decode("utf-8")
    check(not any(letter < " " and letter != "\n" for letter in note), "it holds a control character")
    signed, mark, lines = note.rpartition("\n\n")
    check(mark and lines.endswith("\n"), "it carries no signature behind an empty line")
    signatures = []
    for line in lines[:-1].split("\n"):
        dash, name, data = (line.split(" ") + ["", "", ""])[:3]
        check(dash == "—" and name and line.count(" ") == 2, "it has a line that is no signature")
        data = unspell_base64(data, "a signature")
        check(len(data) > 4, "a signature is too short")
        signatures.append((name, data[:4], data[4:]))
    return signed + "\n", signatures


def key_id(name, key):
    return sha256(name.encode("utf-8"), b"\n\x01", key)[:4]


def check_signature(text, signatures, ledger, size):
    known = [(key, data) for name, number, data in signatures if name == ledger.origin for key in ledger.keys if number == key_id(name, key[0])]
    check(known, "no key of this ledger signed it")
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return "signature not checked: the package 'cryptography' is not here"
    for key, data in known:
        try:
            Ed25519PublicKey.from_public_bytes(key[0]).verify(data, text.encode("utf-8"))
        except InvalidSignature as error:
            raise Wrong("its signature does not hold") from error
    check(any(key[1] < size and (key[2] is None or size <= key[2]) for key, _ in known), "its key was not in use at that size")
    return "signature holds"


def check_note(path, ledger):
    try:
        text, signatures = read_note(path)
        lines = text[:-1].split("\n")
        check(len(lines) >= 3 and all(lines), "it does not have a line each for origin, size and root")
        check(re.fullmatch(r"0|[1-9]\d{0,18}", lines[1]), "its size is not a number")
        size, root = int(lines[1]), unspell_base64(lines[2], "its root")
        check(lines[0] == ledger.origin, f"it is of another ledger, {lines[0]}")
        said = check_signature(text, signatures, ledger, size)
        check(size <= len(ledger.leaves), f"it was signed at size {size}, and there are {len(ledger.leaves)} entries: the last were removed")
        check(root_of(ledger.leaves[:size]) == root, f"the first {size} entries are not those that were signed")
        return None, f"checkpoint {size} holds; {said}"
    except (Wrong, OSError, ValueError) as wrong:
        return f"checkpoint {path}: {wrong}", None


def recompute(path, note=None):
    ledger = Ledger()
    header = None
    number, name = 1, ""
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                name = ""
                check(line.endswith(b"\n"), "the line is cut off")
                value = parse(line.decode("utf-8"))
                if header is None:
                    header = value
                    check(header["export"] == 1, "it is an export of another version")
                else:
                    name = f", entry {len(ledger.leaves)} ({value['envelope']['id']})"
                    ledger.add(value)
        name = ""
        check(header is not None, "the file is empty")
        ledger.check_missing()
        check(ledger.waiting is None, "the last command is not whole")
        size, root = len(ledger.leaves), spell(root_of(ledger.leaves))
        check((header["size"], header["root"], header["origin"]) == (size, root, ledger.origin), f"the header promises another ledger than this one: size {size}, root {root}")
    except Wrong as wrong:
        return str(wrong) if str(wrong).startswith("line ") else f"line {number}{name}: {wrong}", None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return f"line {number}{name}: it does not have the shape of an export ({type(error).__name__}: {error})", None
    if note is None:
        return None, f"size {size}\nroot {root}"
    wrong, held = check_note(note, ledger)
    return wrong, held and f"size {size}\nroot {root}\n{held}"


def main(arguments):
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    if arguments == ["--canonical"]:
        for line in sys.stdin.buffer:
            print(canonical_text(parse(line.decode("utf-8"))))
        return 0
    note = arguments.pop() if len(arguments) == 3 and arguments[1] == "--checkpoint" else None
    if len(arguments) != (2 if note else 1) or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    wrong, result = recompute(arguments[0], note)
    if wrong:
        print(wrong, file=sys.stderr)
        return 1
    print(result)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
