// Where the npm packages mrz-fast and mrz judge a zone of the case file otherwise than paxid,
// and why, as a table in Markdown. Reads paxid's answers (paxid mrz --jsonl over the same rows)
// from standard input.
//
//   node tests/bench/mrz_disagreements.mjs --requests | paxid mrz --jsonl |
//       node tests/bench/mrz_disagreements.mjs
import { readFileSync } from "node:fs";
import { parseMRZ } from "mrz-fast";
import { parse } from "mrz";

const cases = readFileSync(new URL("../data/mrz/cases.jsonl", import.meta.url), "utf8")
  .split("\n").filter(Boolean).map((line) => JSON.parse(line))
  .filter((row) => !/_L[13]$/.test(row.format));

if (process.argv.includes("--requests")) {
  for (const { id, lines } of cases) console.log(JSON.stringify({ id, lines }));
  process.exit(0);
}

const peers = {
  "mrz-fast 1.0.9": (lines) => parseMRZ(lines).valid,
  "mrz 5.0.2": (lines) => parse(lines).valid,
};

function verdict(read, lines) {
  try {
    return read(lines) === true;
  } catch {
    return false;
  }
}

const answers = new Map(readFileSync(0, "utf8").split("\n").filter(Boolean)
  .map((line) => JSON.parse(line)).map((answer) => [answer.id, answer]));

// The first that applies explains the disagreement.
const has = (code) => (answer) => answer.findings.some((f) => f.code === code);
const reasons = [
  ["refuses", "no TD3: the package reads no other size", (a, p) => p.startsWith("mrz-fast") && a.format !== "TD3"],
  ["refuses", "visa (9303-7): the package reads none", (a) => a.format.startsWith("MRV")],
  ["refuses", "layout outside Doc 9303 that the package does not know", (a) => /^(SVK|CHE|FRA)/.test(a.format)],
  ["refuses", "UTO, the specimen code of Doc 9303, is unknown to the package", (a, p) => p.startsWith("mrz 5") && has("SPECIMEN_STATE")(a)],
  ["refuses", "a letter P in the size of TD2 (9303-8)", (a) => a.format === "TD2" && a.document.document_code.startsWith("P")],
  ["refuses", "X in the sex cell: tolerated by paxid with a warning", has("SEX_X")],
  ["refuses", "a code of 9303-3 section 5 that the package lacks", (a, p) => p.startsWith("mrz 5") && ["XMP", "XCE", "XES", "XDC", "IAO", "XIM"].includes(a.document.issuer)],
  ["refuses", "a document code that 9303 does not list: noted by paxid", (a) => has("DOCUMENT_CODE_FOR_SIZE")(a) || has("UNREGISTERED_DOCUMENT_CODE")(a) || has("FORBIDDEN_DOCUMENT_CODE")(a)],
  ["refuses", "a check digit left blank where it is 0: tolerated by paxid with a warning", has("CHECK_DIGIT_FILLER")],
  ["refuses", "a birth date of which parts are unknown (9303-3 4.8)", has("UNKNOWN_DATE")],
  ["refuses", "no expiry date: tolerated by paxid with a warning", has("NO_EXPIRY")],
  ["refuses", "DEU for D: read by paxid with a note", has("NONSTANDARD_CODE")],
  ["refuses", "lines in one, or blanks around them: tolerated by paxid", (a) => has("JOINED_LINES")(a) || has("CASE_FOLDED")(a)],
  ["refuses", "digits that code Cyrillic letters in Russian internal passports", has("CODED_NAME")],
  ["refuses", "a state code that no list has: noted by paxid", has("UNKNOWN_STATE")],
  ["refuses", "a separator beyond the one of 9303-3 4.6: noted by paxid", (a) => has("EXTRA_SEPARATOR")(a) || has("NO_PRIMARY")(a)],
  ["refuses", "a long number (9303-5 4.2.4)", (a) => a.long_number !== "none"],
  ["accepts", "the day is in no calendar", has("INVALID_DATE")],
  ["accepts", "a filler in place of a check digit", (a) => a.findings.some((f) => f.code.startsWith("CHECK_DIGIT") && f.found === "<")],
  ["accepts", "a check digit disagrees", has("CHECK_DIGIT")],
  ["accepts", "a cell outside its field's alphabet", (a) => has("WRONG_CLASS")(a) || has("DIGIT_IN_NAME")(a) || has("BAD_CHARACTER")(a)],
  ["accepts", "lines in another order or of another length", (a) => has("LINE_ORDER")(a) || has("LINE_LENGTH")(a)],
];

const rows = new Map();
let unexplained = 0;
for (const { id, lines } of cases) {
  const answer = answers.get(id);
  for (const [peer, read] of Object.entries(peers)) {
    const accepts = verdict(read, lines);
    if (accepts === answer.ok) continue;
    const how = accepts ? "accepts" : "refuses";
    const reason = reasons.find(([when, , applies]) => when === how && applies(answer, peer));
    if (!reason) {
      unexplained++;
      console.error(`unexplained: ${peer} ${how} ${id}`, JSON.stringify(answer.findings.map((f) => f.code)), answer.format, JSON.stringify(answer.document));
    }
    const key = `| ${peer} | ${how} | ${reason ? reason[1] : "?"} |`;
    rows.set(key, [...(rows.get(key) ?? []), id]);
  }
}
console.log("| package | it | because | zones | such as |\n|---|---|---|---|---|");
for (const key of [...rows.keys()].sort()) {
  const ids = rows.get(key);
  console.log(`${key} ${ids.length} | ${ids[0]} |`);
}
process.exit(unexplained === 0 ? 0 : 1);
