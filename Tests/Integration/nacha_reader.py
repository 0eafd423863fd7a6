"""A Nacha reader of its own, written from the description of the format alone.

It shares nothing with Bursar: it takes bytes, counts and adds everything again and returns what does
not agree, so that a mistake in Bursar's engine cannot hide behind the same mistake here.
"""

import datetime
import re

LENGTH = 94
FILLER = "9" * LENGTH
WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)
CREDITS_ONLY = {"ACK", "ATX", "CIE", "DNE", "ENR"}
DEBITS_ONLY = {"ARC", "BOC", "POP", "RCK", "TEL", "TRC", "TRX", "XCK"}
CLASSES = CREDITS_ONLY | DEBITS_ONLY | {
    "ADV", "CCD", "COR", "CTX", "IAT", "MTE", "POS", "PPD", "SHR", "WEB",
}
NOTICES = {"COR", "ACK", "ATX", "DNE", "ENR"}
WITHOUT_ADDENDA = {"ARC", "BOC", "POP", "RCK", "TEL", "TRC", "XCK", "ADV"}
ONE_TERMINAL = {"MTE", "POS", "SHR"}
COUNTED = {"CTX", "ATX", "TRX"}
CODES = {f"{kind}{what}" for kind in "234" for what in "12346789"} | {
    "51", "52", "53", "54", "55", "56", "81", "82", "83", "84", "85", "86", "87", "88",
}


def check_digit(bank):
    """The ninth digit of a routing number: what is missing to the next multiple of ten."""
    return str(-sum(weight * int(digit) for weight, digit in zip(WEIGHTS, bank)) % 10)


def field(record, first, last):
    """Positions as the format counts them: from one, both ends included."""
    return record[first - 1:last]


class Entry:
    def __init__(self, record, line, advice):
        self.record = record
        self.line = line
        self.advice = advice
        self.addenda = []

    code = property(lambda self: field(self.record, 2, 3))
    bank = property(lambda self: field(self.record, 4, 11))
    trace = property(lambda self: field(self.record, 80, 94))

    @property
    def amount(self):
        return int(field(self.record, 28, 39) if self.advice else field(self.record, 30, 39))

    @property
    def is_debit(self):
        """Whether money is drawn: even advices, and the upper half of every other decade."""
        if self.advice:
            return int(self.code) % 2 == 0
        return int(self.code[1]) >= 5

    @property
    def answer(self):
        """The type of the addenda by which this entry answers another; None for a forward entry."""
        kinds = {field(one, 2, 3) for one in self.addenda} & {"98", "99"}
        return kinds.pop() if kinds else None


class Batch:
    def __init__(self, header, line):
        self.header = header
        self.line = line
        self.entries = []
        self.control = None

    service_class = property(lambda self: field(self.header, 2, 4))
    sec = property(lambda self: field(self.header, 51, 53))
    odfi = property(lambda self: field(self.header, 80, 87))
    number = property(lambda self: int(field(self.header, 88, 94)))
    description = property(lambda self: field(self.header, 54, 63).rstrip())
    records = property(lambda self: sum(1 + len(entry.addenda) for entry in self.entries))
    hash = property(lambda self: sum(int(entry.bank) for entry in self.entries) % 10 ** 10)

    def total(self, debits):
        return sum(entry.amount for entry in self.entries if entry.is_debit == debits)


class NachaFile:
    """The records of a file in their order, and every disagreement found in them."""

    def __init__(self, data):
        self.faults = []
        self.header = None
        self.batches = []
        self.control = None
        self.records = self.lines(data)
        if not self.faults:
            self.structure()
        if not self.faults:
            self.judge()

    def fault(self, line, text):
        self.faults.append(f"line {line}: {text}")

    entries = property(lambda self: [one for batch in self.batches for one in batch.entries])
    traces = property(lambda self: [one.trace for one in self.entries])

    def total(self, debits):
        return sum(batch.total(debits) for batch in self.batches)

    # Lines

    def lines(self, data):
        if b"\n" in data or b"\r" in data:
            lines = re.split(rb"\r\n|\n|\r", data)
            if lines[-1] == b"":
                lines.pop()
        else:
            lines = [data[at:at + LENGTH] for at in range(0, len(data), LENGTH)]
        records = []
        for number, line in enumerate(lines, 1):
            if len(line) != LENGTH:
                self.fault(number, f"{len(line)} characters")
            if any(byte < 0x20 or byte > 0x7E for byte in line):
                self.fault(number, "not printable ASCII")
            records.append(line.decode("latin-1"))
        if not records:
            self.fault(1, "empty")
        if len(records) % 10 != 0:
            self.fault(len(records), "the last block is not filled")
        return records

    # Order: 1 (5 (6 7*)+ 8)+ 9 filler*

    def structure(self):
        batch = None
        for number, record in enumerate(self.records, 1):
            kind = record[0]
            if self.control is not None:
                if record != FILLER:
                    self.fault(number, "something else than filler behind the end")
            elif number == 1 or kind == "1":
                if number != 1 or kind != "1":
                    return self.fault(number, "a file header first and nowhere else")
                self.header = record
            elif kind == "5" and batch is None:
                batch = Batch(record, number)
            elif kind == "6" and batch is not None:
                batch.entries.append(Entry(record, number, batch.sec == "ADV"))
            elif kind == "7" and batch is not None and batch.entries:
                batch.entries[-1].addenda.append(record)
            elif kind == "8" and batch is not None:
                batch.control = record
                self.batches.append(batch)
                batch = None
            elif kind == "9" and batch is None and record != FILLER:
                self.control = record
                self.real = number
            else:
                return self.fault(number, f"a record {kind} has no place here")
        if self.control is None:
            self.fault(len(self.records), "no file control")
        elif len(self.records) != -(-self.real // 10) * 10:
            self.fault(len(self.records), "more filler than a block")

    def digits(self, line, record, first, last, what):
        text = field(record, first, last)
        if not re.fullmatch("[0-9]+", text):
            self.fault(line, f"{what} {text!r} is no number")
            return -1
        return int(text)

    def expect(self, line, record, first, last, expected, what):
        """A number of a control against the one counted here."""
        given = self.digits(line, record, first, last, what)
        if given != expected:
            self.fault(line, f"{what} is {given}, counted {expected}")

    def date(self, line, text, what):
        try:
            datetime.datetime.strptime(text, "%y%m%d")
        except ValueError:
            self.fault(line, f"{what} {text!r} is no date")

    # Contents

    def judge(self):
        self.file_header()
        for line, record in enumerate(self.records, 1):
            if record[0] == "6" and not re.fullmatch("[0-9]{10}", field(record, 2, 11)):
                self.fault(line, "code or bank is no number")
        if self.faults:
            return
        if not self.batches:
            self.fault(self.real, "no batch")
        last = 0
        for batch in self.batches:
            if not batch.number > last:
                self.fault(batch.line, "batch numbers do not ascend")
            last = batch.number
            self.batch(batch)
        self.file_control()

    def file_header(self):
        """The 94 positions of a file header."""
        header = self.header
        for first, last, pattern in [
            (2, 3, "01"), (4, 13, " [0-9]{9}"), (14, 23, " [0-9]{9}|[!-~][ -~]{9}"),
            (30, 33, "([01][0-9]|2[0-3])[0-5][0-9]|    "), (34, 34, "[A-Z0-9]"), (35, 37, "094"),
            (38, 39, "10"), (40, 40, "1"), (41, 63, "[!-~][ -~]*"), (64, 86, "[!-~][ -~]*"),
        ]:
            if not re.fullmatch(pattern, field(header, first, last)):
                self.fault(1, f"positions {first}-{last} hold {field(header, first, last)!r}")
        self.date(1, field(header, 24, 29), "creation date")
        if not self.faults and check_digit(field(header, 5, 12)) != field(header, 13, 13):
            self.fault(1, "check digit of the destination")

    def batch(self, batch):
        header, line = batch.header, batch.line
        advice = batch.sec == "ADV"
        if batch.sec not in CLASSES:
            return self.fault(line, f"SEC code {batch.sec}")
        if batch.service_class not in (("280",) if advice else ("200", "220", "225")):
            self.fault(line, f"service class {batch.service_class}")
        wanted = [(41, 50), (54, 63)] + ([] if batch.sec == "IAT" else [(5, 20)])
        for first, last in wanted:
            if not field(header, first, last).strip(" 0"):
                self.fault(line, f"positions {first}-{last} are blank")
        if field(header, 70, 75) != " " * 6:
            self.date(line, field(header, 70, 75), "effective date")
        status = field(header, 79, 79)
        if status not in ("0" if advice else "2" if batch.sec == "DNE" else "12"):
            self.fault(line, f"originator status {status}")
        if not batch.entries:
            self.fault(line, "a batch without entries")
        answers = {entry.answer for entry in batch.entries}
        if len(answers) > 1:
            self.fault(line, "forward entries and answers in one batch")
        settlement = field(header, 76, 78)
        if answers == {None} and settlement != "   ":
            self.fault(line, "settlement date of a forward batch")
        elif settlement != "   " and not 1 <= self.digits(line, header, 76, 78, "day") <= 366:
            self.fault(line, "settlement date")
        trace = 0
        for entry in batch.entries:
            before = len(self.faults)
            self.entry(batch, entry)
            if len(self.faults) > before:
                continue
            if not advice:
                if not int(entry.trace) > trace:
                    self.fault(entry.line, "trace numbers do not ascend")
                trace = int(entry.trace)
        if not self.faults:
            self.batch_control(batch)

    def entry(self, batch, entry):
        record, line, sec = entry.record, entry.line, batch.sec
        if entry.code not in CODES or (entry.code[0] == "8") != entry.advice:
            self.fault(line, f"transaction code {entry.code}")
        if int(entry.bank) == 0 or check_digit(entry.bank) != field(record, 12, 12):
            self.fault(line, "bank or its check digit")
        side = {"220": False, "225": True}.get(batch.service_class, entry.is_debit)
        if entry.is_debit != side:
            self.fault(line, f"code {entry.code} in a batch of class {batch.service_class}")
        forward = entry.answer is None
        reversal = batch.description == "REVERSAL"
        if forward and sec in CREDITS_ONLY and entry.is_debit:
            self.fault(line, f"a debit in {sec}")
        if forward and sec in DEBITS_ONLY and entry.is_debit == reversal:
            self.fault(line, f"a credit in {sec}")
        account = (13, 27) if entry.advice else (40, 74) if sec == "IAT" else (13, 29)
        if not field(record, *account).strip(" 0"):
            self.fault(line, "no account")
        amount = self.digits(line, record, *((28, 39) if entry.advice else (30, 39)), "amount")
        if amount < 0:
            return
        without_money = entry.code[1] in "3489" and not entry.advice
        if forward and sec in NOTICES or entry.answer == "98" or without_money and forward:
            if amount != 0:
                self.fault(line, "an amount where none may be")
        elif forward and amount == 0 and not entry.advice:
            self.fault(line, "a live entry without an amount")
        if entry.advice:
            if entry.addenda or field(record, 79, 79) != "0":
                self.fault(line, "addenda of an advice")
            return
        if not re.fullmatch("[0-9]{15}", entry.trace) or field(entry.trace, 1, 8) != batch.odfi:
            self.fault(line, "trace number")
        if field(record, 79, 79) != ("1" if entry.addenda else "0"):
            self.fault(line, "addenda indicator")
        if sec in COUNTED:
            self.expect(line, record, 55, 58, len(entry.addenda), "addenda count")
        if sec == "IAT":
            self.expect(line, record, 13, 16, len(entry.addenda), "addenda count")
        self.addenda(batch, entry)

    def addenda(self, batch, entry):
        kinds = [field(one, 2, 3) for one in entry.addenda]
        sec, line = batch.sec, entry.line
        numbered = {"05": 0, "17": 0, "18": 0}
        for offset, one in enumerate(entry.addenda, 1):
            kind = field(one, 2, 3)
            if kind in numbered:
                numbered[kind] += 1
                self.expect(line + offset, one, 84, 87, numbered[kind], "addenda sequence")
            if kind in ("02", "98", "99"):
                if field(one, 80, 94) != entry.trace:
                    self.fault(line + offset, "trace number of the addenda")
            elif field(one, 88, 94) != field(entry.trace, 9, 15):
                self.fault(line + offset, "entry number of the addenda")
            if kind in ("98", "99"):
                letter = "C" if kind == "98" else "R"
                if not re.fullmatch(letter + "[0-9]{2}", field(one, 4, 6)):
                    self.fault(line + offset, "code of the answer")
                if not field(one, 7, 21).strip(" 0") or not field(one, 28, 35).strip(" 0"):
                    self.fault(line + offset, "what is answered is not named")
        if entry.answer is not None:
            rest = [kind for kind in kinds if kind not in ("98", "99")]
            if len(kinds) - len(rest) != 1:
                self.fault(line, "more than one answer")
            if entry.answer == "98" and (sec != "COR" or rest):
                self.fault(line, "a notice of change in the wrong place")
            return
        prenote = entry.code[1] in "38"
        if sec in WITHOUT_ADDENDA and kinds:
            self.fault(line, "addenda where none may be")
        elif sec == "IAT":
            if not re.fullmatch("10111213141516(17){0,2}(18){0,5}", "".join(kinds)):
                self.fault(line, f"addenda {kinds}")
        elif sec in ONE_TERMINAL:
            if kinds != ["02"] and not (prenote and not kinds):
                self.fault(line, f"addenda {kinds}")
        elif set(kinds) - {"05"}:
            self.fault(line, f"addenda {kinds}")
        elif sec in ("ACK", "CCD", "CIE", "PPD", "WEB") and len(kinds) > 1:
            self.fault(line, "more than one addenda")
        elif sec in ("DNE", "ENR", "TRX") and not kinds and not prenote:
            self.fault(line, "addenda are missing")
        elif sec in ("CCD", "CTX") and entry.code[1] in "49" and not kinds:
            self.fault(line, "addenda of a zero-dollar entry are missing")
        elif len(kinds) > 9999:
            self.fault(line, "too many addenda")

    def totals(self, line, record, debits, credits, where):
        """Both totals, whose places are wider where advices are reported."""
        first, width = where
        self.expect(line, record, first, first + width - 1, debits, "debits")
        self.expect(line, record, first + width, first + 2 * width - 1, credits, "credits")

    def batch_control(self, batch):
        control, line = batch.control, batch.line + batch.records + 1
        if field(control, 2, 4) != batch.service_class:
            self.fault(line, "service class of the control")
        self.expect(line, control, 5, 10, batch.records, "entry count")
        self.expect(line, control, 11, 20, batch.hash, "entry hash")
        advice = batch.sec == "ADV"
        self.totals(line, control, batch.total(True), batch.total(False),
                    (21, 20) if advice else (21, 12))
        if not advice and field(control, 45, 54) != field(batch.header, 41, 50):
            self.fault(line, "company identification of the control")
        if not advice and field(control, 74, 79).strip():
            self.fault(line, "reserved positions of the control")
        if field(control, 80, 87) != batch.odfi or field(control, 88, 94) != f"{batch.number:07}":
            self.fault(line, "bank or batch number of the control")

    def file_control(self):
        if self.faults:
            return
        control, line = self.control, self.real
        advice = any(batch.sec == "ADV" for batch in self.batches)
        self.expect(line, control, 2, 7, len(self.batches), "batch count")
        self.expect(line, control, 8, 13, -(-self.real // 10), "block count")
        self.expect(line, control, 14, 21, sum(one.records for one in self.batches), "entry count")
        self.expect(line, control, 22, 31, sum(one.hash for one in self.batches) % 10 ** 10, "hash")
        self.totals(line, control, self.total(True), self.total(False),
                    (32, 20) if advice else (32, 12))
        if field(control, 72 if advice else 56, 94).strip():
            self.fault(line, "reserved positions of the control")


def read(data):
    """The file of these bytes; ValueError with every fault where there is one."""
    file = NachaFile(data)
    if file.faults:
        raise ValueError("; ".join(file.faults))
    return file
