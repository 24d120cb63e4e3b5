"""The pages that people get, in a real browser: every language, a wide window, a telephone, a page
of paper; nothing beside the page, nothing from elsewhere, nothing that fails.

  pages_test.py CHROMIUM CLI_PAGES REPORT.json [DIRECTORY]    with DIRECTORY: pictures for people
"""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from browser import Browser  # noqa: E402

LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "tr", "ar", "zh", "ja"]
WIDTHS = {"wide": 1280, "telephone": 360}

# What is wider than the window and not in a part that scrolls by itself; texts that are cut off.
OVERFLOWS = """(() => {
  const wide = document.documentElement.clientWidth;
  const found = [];
  if (document.documentElement.scrollWidth > wide) {
    found.push('page ' + document.documentElement.scrollWidth + ' of ' + wide);
  }
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('.scroll') || element.closest('svg')) continue;
    const box = element.getBoundingClientRect();
    if (box.width && (box.left < -0.5 || box.right > wide + 0.5)) {
      found.push(element.tagName + ' ' + Math.round(box.left) + '..' + Math.round(box.right));
    }
  }
  return found.slice(0, 5);
})()"""

# The chart's columns, as they are drawn, and the texts of its axis.
CHART = """(() => {
  const box = e => e.getBoundingClientRect();
  const chart = document.querySelector('svg.time');
  if (!chart) return null;
  const whole = box(chart);
  const inside = e => box(e).left >= whole.left - 1 && box(e).right <= whole.right + 1 &&
      box(e).top >= whole.top - 1 && box(e).bottom <= whole.bottom + 1;
  const parts = [...chart.querySelectorAll('rect, text')];
  const texts = [...chart.querySelectorAll('text[text-anchor=middle]')].map(box);
  texts.sort((a, b) => a.left - b.left);
  return {
    width: whole.width, height: whole.height,
    columns: chart.querySelectorAll('rect').length,
    outside: parts.filter(e => !inside(e)).length,
    overlapping: texts.filter((t, i) => i > 0 && t.left < texts[i - 1].right).length,
    colours: new Set([...chart.querySelectorAll('rect')].map(e => getComputedStyle(e).fill)).size,
    bars: [...document.querySelectorAll('td.chart rect.bar')].map(e => box(e).width),
  };
})()"""

# The contrast of every text against what is behind it (WCAG 2.1, 1.4.3), the smallest.
CONTRAST = """(() => {
  const numbers = c => c.match(/[0-9.]+/g).map(Number);
  const light = c => {
    const [r, g, b] = numbers(c).slice(0, 3).map(v => {
      v /= 255;
      return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      const alpha = numbers(c)[3];
      if (alpha === undefined || alpha > 0) return c;
    }
    return 'rgb(255, 255, 255)';
  };
  let least = 21;
  for (const e of document.body.querySelectorAll('h1,h2,h3,p,dt,dd,th,td,li,summary,span,i,b')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    if (!e.getClientRects().length) continue;
    const a = light(getComputedStyle(e).color), b = light(ground(e));
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
})()"""

failures = []


def expect(holds, *what):
    if not holds:
        failures.append(" ".join(str(one) for one in what))


def complaints(events, url):
    """What the browser says, and what it has asked others for."""
    said = []
    for event in events:
        method, parameters = event["method"], event["params"]
        if method in ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"):
            said.append(method + " " + str(parameters)[:300])
        if method == "Network.requestWillBeSent" and parameters["request"]["url"] != url:
            said.append("asked for " + parameters["request"]["url"])
    return said


def look_at(browser, directory, page, language, pictures):
    url = (directory / f"{page}.{language}.html").as_uri()
    where = f"{page} {language}"
    for size, width in WIDTHS.items():
        browser.open(url, width, 900)
        # All of it, also what a reader has to open first.
        browser.value_of("document.querySelectorAll('details').forEach(d => d.open = true)")
        expect(browser.value_of("document.documentElement.lang") == language, where, "language")
        direction = "rtl" if language == "ar" else "ltr"
        expect(browser.value_of("getComputedStyle(document.body).direction") == direction, where,
               "direction")
        overflows = browser.value_of(OVERFLOWS)
        expect(not overflows, where, size, "is too wide:", overflows)
        if page == "export":
            chart = browser.value_of(CHART)
            expect(chart is not None, where, "has no chart")
            if chart:
                expect(chart["columns"] == 45 * 3, where, size, "columns", chart["columns"])
                expect(chart["width"] > 0.8 * min(width, 960) - 80, where, size, "chart", chart)
                expect(chart["height"] > 60, where, size, "chart", chart)
                expect(chart["outside"] == 0 and chart["overlapping"] == 0, where, size, chart)
                expect(chart["colours"] == 3, where, "colours", chart["colours"])
                expect(len(chart["bars"]) >= 10 and max(chart["bars"]) > 0, where, chart["bars"])
        if page == "nothing":
            expect(browser.value_of("document.querySelectorAll('svg').length") == 0, where)
        expect(not complaints(browser.events, url), where, complaints(browser.events, url))
        for dark in (False, True):
            browser.open(url, width, 900, dark)
            browser.value_of("document.querySelectorAll('details').forEach(d => d.open = true)")
            contrast = browser.value_of(CONTRAST)
            expect(contrast >= 4.5, where, size, "dark" if dark else "light", "contrast", contrast)
            if pictures and language in ("en", "de", "ar", "ja"):
                browser.value_of(
                    "document.querySelectorAll('details').forEach((d, i) => d.open = i === 1)")
                name = f"{page}_{language}_{size}{'_dark' if dark else ''}.png"
                browser.picture(str(pictures / name), 2000)
    browser.open(url, 1280, 900)
    paper = browser.call("Page.printToPDF", preferCSSPageSize=True)["data"]
    expect(len(paper) > 1000, where, "on paper")


def main():
    chromium, cli_pages, report = sys.argv[1:4]
    pictures = pathlib.Path(sys.argv[4]) if len(sys.argv) > 4 else None
    with tempfile.TemporaryDirectory(prefix="paxid_pages_") as root:
        subprocess.run([cli_pages, root, report], check=True)
        with Browser(chromium) as browser:
            # What is looked for would be found.
            wrong = pathlib.Path(root) / "wrong.html"
            wrong.write_text("<html><body><p style='width:5000px;color:#999;background:#aaa'>x</p>"
                             "<img src='http://127.0.0.1:9/x.png'><script>nosuch()</script>")
            browser.open(wrong.as_uri(), 360, 900)
            expect(browser.value_of(OVERFLOWS), "an overflow is not seen")
            expect(browser.value_of(CONTRAST) < 4.5, "a bad contrast is not seen")
            said = " ".join(complaints(browser.events, wrong.as_uri()))
            expect("127.0.0.1:9" in said, "a request is not seen", said)
            expect("exceptionThrown" in said, "an error is not seen", said)
            for language in LANGUAGES:
                for page in ("access", "export", "nothing"):
                    look_at(browser, pathlib.Path(root), page, language, pictures)
    for failure in failures:
        print("FAILED:", failure)
    sys.exit(1 if failures else 0)


main()
