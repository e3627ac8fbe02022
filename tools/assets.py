"""Lay out, under app/web/static/vendor, just the files of the front-end packages that the pages load."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "app" / "web" / "static" / "vendor"
NHSUK = PACKAGES / "nhsuk-frontend" / "dist" / "nhsuk"

SCRIPTS = {
    "nhsuk-frontend.min.js": NHSUK / "nhsuk-frontend.min.js",
    "htmx.min.js": PACKAGES / "htmx.org" / "dist" / "htmx.min.js",
    "idiomorph-ext.min.js": PACKAGES / "idiomorph" / "dist" / "idiomorph-ext.min.js",
    "echarts.min.js": PACKAGES / "echarts" / "dist" / "echarts.min.js",
}
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
ICON = re.compile(r"url\(/assets/images/([^)]+)\)")
SOURCE_MAP = re.compile(r"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?\s*$")


def stylesheet(text: str) -> tuple[str, list[str]]:
    """The stylesheet as we serve it, and the icons it shows.

    The Frutiger faces go: they are licensed for NHS sites, and would be fetched from another host by
    every reader's browser. Icons come from beside the stylesheet instead of the site's root.
    """
    icons = sorted(set(ICON.findall(text)))
    return SOURCE_MAP.sub("", ICON.sub(r"url(images/\1)", FONT_FACE.sub("", text))), icons


def main() -> None:
    """Empty the folder and lay it out anew."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "images").mkdir(parents=True)
    css, icons = stylesheet((NHSUK / "nhsuk-frontend.min.css").read_text())
    (VENDOR / "nhsuk-frontend.min.css").write_text(css)
    for icon in icons:
        shutil.copyfile(NHSUK / "assets" / "images" / icon, VENDOR / "images" / icon)
    for name, source in SCRIPTS.items():
        (VENDOR / name).write_text(SOURCE_MAP.sub("", source.read_text()))


if __name__ == "__main__":
    main()
