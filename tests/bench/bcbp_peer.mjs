// The npm package bcbp over the same passes as bcbp_bench.cpp. Prints one JSON object a line.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { decode } = createRequire(import.meta.url)("bcbp");

const rows = readFileSync(new URL("../data/bcbp/boarding_pass_cases.jsonl", import.meta.url), "utf8")
  .split("\n").filter(Boolean).map((line) => JSON.parse(line));
const passes = rows.filter((row) => row.valid === true).map((row) => row.raw);

let kept;

function decodeAll(set, times) {
  for (let i = 0; i < times; i++) for (const raw of set) kept = decode(raw, 2018);
}

// Passes a second of CPU time.
function measure(set) {
  const wanted = 400_000; // microseconds
  decodeAll(set, Math.ceil(20_000 / set.length));
  for (let times = Math.ceil(50_000 / set.length); ; times *= 2) {
    const before = process.cpuUsage();
    decodeAll(set, times);
    const spent = process.cpuUsage(before);
    const micros = spent.user + spent.system;
    if (micros >= wanted) return (times * set.length) / (micros / 1e6);
  }
}

const sets = {
  "decode 60-byte pass": passes.filter((raw) => raw.length === 60),
  "decode mixed set": passes,
};
for (const [name, set] of Object.entries(sets)) {
  console.log(JSON.stringify({ name, per_second: measure(set), version: "npm bcbp 6.0.2" }));
}
if (kept === undefined) process.exit(1);
