// The npm packages mrz-fast and mrz over the same passports as mrz_bench.cpp. Prints one JSON
// object a line.
import { parseMRZ } from "mrz-fast";
import { parse } from "mrz";

function checkDigit(cells) {
  let sum = 0;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    sum += (cell === "<" ? 0 : parseInt(cell, 36)) * [7, 3, 1][i % 3];
  }
  return String(sum % 10);
}

function passport(i) {
  const number = `C01X${10000 + i * 37}`;
  const first = "P<D<<MUSTERMANN<<ERIKA<MARIA".padEnd(44, "<");
  const numbered = number + checkDigit(number);
  const dates = ["640812", "341031"].map((date) => date + checkDigit(date));
  const covered = numbered + dates[0] + dates[1] + "<".repeat(15);
  return [first, `${numbered}D<<${dates[0]}F${dates[1]}${"<".repeat(15)}${checkDigit(covered)}`];
}

const passports = Array.from({ length: 256 }, (_, i) => passport(i));
const readers = { "npm mrz-fast 1.0.9": parseMRZ, "npm mrz 5.0.2": parse };

let kept;

function readAll(read, times) {
  for (let i = 0; i < times; i++) for (const lines of passports) kept = read(lines);
}

// Passports a second of CPU time.
function measure(read) {
  const wanted = 400_000; // microseconds
  readAll(read, 40);
  for (let times = 40; ; times *= 2) {
    const before = process.cpuUsage();
    readAll(read, times);
    const spent = process.cpuUsage(before);
    const micros = spent.user + spent.system;
    if (micros >= wanted) return (times * passports.length) / (micros / 1e6);
  }
}

for (const [version, read] of Object.entries(readers)) {
  if (!passports.every((lines) => read(lines).valid)) throw new Error(`${version} refuses one`);
  console.log(JSON.stringify({ name: "read TD3 passport", per_second: measure(read), version }));
}
if (kept === undefined) process.exit(1);
