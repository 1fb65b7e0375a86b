"""As much of SVG as the pictures of docs/examples.md need: shapes, text, axes. Python's standard library only."""
from html import escape

INK, GREY, PALE = "#24292f", "#6e7781", "#d8dee4"
BLUE, ORANGE, GREEN, RED = "#0969da", "#bc6c00", "#1a7f37", "#cf222e"
FONT = "DejaVu Sans, Verdana, sans-serif"


class Picture:
    """A picture of so many pixels, with a title and, below that, a line on what is to be seen."""

    def __init__(self, width, height, title, subtitle):
        self.width, self.height = width, height
        self.title = title
        self.parts = []
        # White, not transparent: pages may be dark.
        self.rectangle(0, 0, width, height, "#ffffff")
        self.text(20, 30, title, size=16, weight="bold")
        self.text(20, 51, subtitle, colour=GREY)

    def rectangle(self, x, y, width, height, colour, round_px=0):
        self.parts.append('<rect x="%s" y="%s" width="%s" height="%s" rx="%s" fill="%s"/>'
                          % (*map(tidy, (x, y, width, height, round_px)), colour))

    def line(self, x1, y1, x2, y2, colour=PALE, width=1, dashes=None):
        self.parts.append('<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s" stroke-width="%s"%s/>'
                          % (*map(tidy, (x1, y1, x2, y2)), colour, tidy(width),
                             ' stroke-dasharray="%s"' % dashes if dashes else ""))

    def dot(self, x, y, colour, radius=6):
        self.parts.append('<circle cx="%s" cy="%s" r="%s" fill="%s"/>' % (tidy(x), tidy(y), tidy(radius), colour))

    def text(self, x, y, words, size=12, colour=INK, anchor="start", weight="normal"):
        self.parts.append('<text x="%s" y="%s" font-size="%s" fill="%s" text-anchor="%s" font-weight="%s">%s</text>'
                          % (tidy(x), tidy(y), size, colour, anchor, weight, escape(words)))

    def legend(self, x, y, entries):
        """Dots with words, one beside the other; entries: [(colour, words)]."""
        for colour, words in entries:
            self.dot(x + 6, y - 4, colour)
            self.text(x + 18, y, words)
            x += 40 + 7.2 * len(words)

    def __str__(self):
        return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="%s" '
                'role="img" aria-label="%s">\n%s\n</svg>\n'
                % (self.width, self.height, self.width, self.height, FONT, escape(self.title), "\n".join(self.parts)))


class Scale:
    """From values to pixels along one axis."""

    def __init__(self, first, last, first_px, last_px):
        self.first, self.first_px = first, first_px
        self.factor = (last_px - first_px) / (last - first)

    def __call__(self, value):
        return self.first_px + (value - self.first) * self.factor


def tidy(number):
    """A tenth of a pixel is enough, and makes the same picture of results that differ in their last digits."""
    return ("%.1f" % number).replace(".0", "")
