"""The 90/10 report read in its three forms, and an account of our own to hold it against."""

import csv
import html.parser
import io
from collections import Counter
from decimal import Decimal


class Account:
    """Payments by fund source as the test itself counts them."""

    def __init__(self, kinds):
        self.kinds = kinds  # fund source -> is federal
        self.sums = Counter()
        self.without_source = Counter()

    def take(self, fund, amount):
        self.sums[fund] += Decimal(amount)

    def undo(self, fund, amount):
        self.sums[fund] -= Decimal(amount)

    def lacks_source(self, payment, amount):
        self.without_source[payment] += Decimal(amount)

    @property
    def federal(self):
        return sum((one for fund, one in self.sums.items() if self.kinds[fund]), Decimal(0))

    @property
    def non_federal(self):
        return sum((one for fund, one in self.sums.items() if not self.kinds[fund]), Decimal(0))


class Tables(html.parser.HTMLParser):
    """Every table row of a page, as texts."""

    def __init__(self, text):
        super().__init__()
        self.rows = []
        self.cell = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = ""

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append(" ".join(self.cell.split()))
            self.cell = None


def csv_rows(text):
    return list(csv.reader(io.StringIO(text)))


def number(text):
    """An amount as people read it: grouping, a currency sign and a minus of any kind are no digits."""
    digits = text.replace(",", "").replace("$", "").replace("\u2212", "-").replace("%", "").strip()
    try:
        return Decimal(digits)
    except ArithmeticError:
        return None
