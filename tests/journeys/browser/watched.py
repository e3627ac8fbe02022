"""A page with what its browser complains of, and what every page is held to at any size."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

axe = Axe()

# Resources refused by the content security policy never reach the console of a page that hides its errors.
LISTEN = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI || event.sample}`));
"""
# How far the page can be moved sideways, and what sticks out.
STICKS_OUT = """() => {
  const all = document.scrollingElement;
  if (all.scrollWidth <= innerWidth) return "";
  const scrolls = (element) => element && element !== document.body &&
    (/auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const out = [...document.body.querySelectorAll("*")].filter(
    (each) => each.getBoundingClientRect().right > innerWidth + 1 && !scrolls(each.parentElement));
  const named = out.slice(-3).map((each) => `${each.tagName.toLowerCase()}.${each.className}`);
  return `${all.scrollWidth - innerWidth} px too wide: ${named.join(", ")}`;
}"""
# Boxes that cut their own words off, however large these are.
CUT_OFF = """() => [...document.querySelectorAll("main *, header *")].filter((each) => {
  const style = getComputedStyle(each);
  return each.clientWidth > 1 && each.childElementCount === 0 && each.textContent.trim()
    && !each.closest(".sr, svg, .plot, select") && /hidden|clip/.test(style.overflow)
    && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1);
}).map((each) => `${each.className}: ${each.textContent.trim().slice(0, 40)}`)"""
DRAWN = """() => [...document.querySelectorAll("figure[data-chart] .plot")].every(
  (plot) => plot.dataset.drawn || !plot.offsetParent || plot.nextElementSibling?.matches(".plot__wrong"))"""


class Watched:
    """`page`, and in `wrongs` every error of its console, its scripts and its policy."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrongs: list[str] = []
        self.expected: tuple[str, ...] = ()
        page.add_init_script(LISTEN)
        page.on("console", self._hear)
        page.on("pageerror", lambda fault: self.wrongs.append(f"{page.url}: {fault}"))

    def _hear(self, said: ConsoleMessage) -> None:
        expected = any(words in said.text for words in self.expected)
        if said.type in ("error", "warning") and not expected:
            self.wrongs.append(f"{self.page.url}: {said.text} {said.location.get('url', '')}")

    def expects(self, *words: str) -> None:
        """The browser will write these on its console: a refusal, or that it is offline."""
        self.expected = (*self.expected, *words)

    def go(self, path: str, status: int = 200) -> Page:
        """Open an address and wait until it is all there, charts as well."""
        if status >= 400:
            self.expects(f"status of {status}")
        answer = self.page.goto(path, wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        self.page.wait_for_function(DRAWN)
        return self.page

    def resize(self, size: tuple[int, int]) -> None:
        """Make the window so wide and high, and wait until charts fit it."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.wait_for_function(DRAWN)

    def faults(self) -> list[str]:
        """What axe finds: the rule, and the parts that break it."""
        before = len(self.wrongs)
        found = axe.run(self.page).response["violations"]
        del self.wrongs[before:]  # its own tries of styles are refused by our policy
        return [
            f"{each['id']} ({each['impact']}): " + "; ".join(node["html"][:160] for node in each["nodes"][:3])
            for each in found
        ]

    def loose(self, *widths: int) -> list[str]:
        """What does not fit at each width."""
        found = []
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 900})
            if sticks_out := self.page.evaluate(STICKS_OUT):
                found.append(f"at {width} px {sticks_out}")
        return found

    def loose_in_large_text(self) -> list[str]:
        """What does not fit, or is cut off, with letters twice as large on a desk's screen."""
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        found = [f"in large text {self.page.evaluate(STICKS_OUT)}"] if self.page.evaluate(STICKS_OUT) else []
        cut = [f"in large text cut off: {each}" for each in self.page.evaluate(CUT_OFF)]
        self.page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        return found + cut
