"""`bursar ach` from outside: files it makes, judges and changes, read again by a reader of our own."""

import concurrent.futures
import functools
import json
import os
import pathlib
import pty
import re
import stat
import subprocess
import tempfile
import threading
import unittest
from collections import Counter

import nacha_reader
from deployment import CONFIGURATION, ROOT
from nacha_reader import FILLER, field

BINARY = str(ROOT / ".build" / CONFIGURATION / "bursar")
CLASSES = (
    "ACK ADV ARC ATX BOC CCD CIE COR CTX DNE ENR IAT MTE POP POS PPD RCK SHR TEL TRC TRX WEB XCK"
).split()
ANSWERS = ("returned", "dishonored", "contested", "change", "refusedChange")
WITHOUT_ANSWERS = {"ADV", "COR"}
DIAGNOSTIC = ["rule", "severity", "line", "from", "to", "value", "message", "return_code"]
FORMS = {"LF": (b"\n", True), "CRLF": (b"\r\n", True), "no line ends": (b"", False),
         "last line end missing": (b"\n", False)}


def ach(*arguments, stdin=b"", cwd=None, timeout=30):
    """Runs the command without any deployment's settings; output stays bytes."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BURSAR_")}
    return subprocess.run(
        [BINARY, "ach", *map(str, arguments)], input=stdin, capture_output=True, cwd=cwd, env=kept,
        timeout=timeout,
    )


@functools.lru_cache(maxsize=None)
def sample(*options):
    done = ach("sample", *options)
    if done.returncode != 0:
        raise AssertionError(f"sample {options}: {done.stderr.decode()}")
    return done.stdout


def standard():
    """Two mixed PPD batches of seven entries, some with addenda."""
    return sample("--sec", "PPD", "--batches", "2", "--entries", "7")


def together(function, values):
    """The results for all values, made a few at a time."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(function, values))


def lines(data):
    return data.decode("latin-1").split("\n")[:-1]


def joined(records, end=b"\n", last=True):
    data = end.join(record.encode("latin-1") for record in records)
    return data + end if last else data


def put(record, first, text):
    return record[:first - 1] + text + record[first - 1 + len(text):]


def changed(data, *edits):
    """The file with some texts written over others: (line, first position, text)."""
    records = lines(data)
    for line, first, text in edits:
        records[line - 1] = put(records[line - 1], first, text)
    return joined(records)


def place(data, kind, number=0, which=lambda record: True):
    """The line of a record of this kind, counted from one."""
    found = [line for line, record in enumerate(lines(data), 1)
             if record[0] == kind and record != FILLER and which(record)]
    return found[number]


def entries(file):
    """Every entry with its addenda, how often it occurs, whatever its place."""
    return Counter((one.record, *one.addenda) for one in file.entries)


def sums(*files):
    return tuple(sum(file.total(side) for file in files) for side in (True, False))


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bursar-ach-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def keep(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def done(self, *arguments, code=0, stdin=b""):
        """Runs the command and expects this exit code."""
        done = ach(*arguments, stdin=stdin, cwd=self.folder)
        said = done.stderr.decode("utf-8", "replace")[-2000:]
        self.assertEqual(done.returncode, code, f"{arguments}: {said}")
        return done

    def judged(self, data, *options, code=None):
        """The document of `validate --json`, of exactly the agreed shape."""
        done = ach("validate", "--json", *options, "-", stdin=data, cwd=self.folder)
        document = json.loads(done.stdout)
        self.assertEqual(list(document), ["valid", "diagnostics"], done.stdout[:500])
        for one in document["diagnostics"]:
            self.assertEqual(list(one), DIAGNOSTIC)
        self.assertEqual(done.returncode, 0 if document["valid"] else 1, done)
        if code is not None:
            self.assertEqual(done.returncode, code, document)
        return document["diagnostics"]

    def accepted(self, data):
        """The file, which our own reader and the strict profile both accept."""
        file = nacha_reader.read(data)
        errors = [one for one in self.judged(data) if one["severity"] == "error"]
        self.assertEqual(errors, [])
        return file


class Samples(Case):
    def variants(self):
        """Every class in every kind of file; answers of all kinds, two kinds for most classes."""
        for number, sec in enumerate(CLASSES):
            options = ["--sec", sec, "--batches", "2", "--entries", "7"]
            yield tuple(options)
            for more in ("--addenda all", "--prenotes", "--zero-dollar"):
                yield tuple(options + more.split())
            answers = ANSWERS if sec in ("PPD", "CTX") else (ANSWERS[0], ANSWERS[1 + number % 4])
            if sec in WITHOUT_ANSWERS:
                answers = ()
            for answer in ANSWERS[:1] if sec == "IAT" else answers:
                yield tuple(options + ["--answer", answer])

    def test_f_01_every_class_is_accepted_and_recounted(self):
        """F-01: every total of every sample is what an independent reader counts; strict accepts it."""
        variants = list(self.variants())
        self.assertGreater(len(variants), 130)
        names = []
        for number, (options, data) in enumerate(zip(variants, together(lambda one: sample(*one),
                                                                        variants))):
            with self.subTest(" ".join(options)):
                file = nacha_reader.read(data)
                self.assertEqual(len(file.batches), 2)
                self.assertEqual([len(batch.entries) for batch in file.batches], [7, 7])
                if "--answer" not in options:
                    self.assertEqual({batch.sec for batch in file.batches}, {options[1]})
                names.append(self.keep(f"{number:03}.ach", data).name)
        done = self.done("validate", "--profile", "strict", "--json", *names)
        documents = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([one["file"] for one in documents], names)
        for document, options in zip(documents, variants):
            self.assertTrue(document["valid"], options)
            self.assertFalse([one for one in document["diagnostics"]
                              if one["rule"] != "entryTraceRepeated"], options)

    def test_s3_17_file_header(self):
        """S3-17: the file header, position by position."""
        for options, modifier, day in [((), "A", "260601"),
                                       (("--modifier", "Z", "--date", "2026-12-31"), "Z", "261231"),
                                       (("--modifier", "0", "--date", "2027-01-04"), "0", "270104")]:
            header = lines(sample(*options))[0]
            self.assertEqual(len(header), 94)
            for first, last, pattern in [
                (1, 1, "1"), (2, 3, "01"), (4, 13, " [0-9]{4}[0-9]{4}[0-9]"),
                (14, 23, " [0-9]{9}|[0-9]{10}"), (24, 29, day), (30, 33, "([01][0-9]|2[0-3])[0-5][0-9]"),
                (34, 34, modifier), (35, 37, "094"), (38, 39, "10"), (40, 40, "1"),
                (41, 63, "[A-Z0-9][A-Z0-9 ]*"), (64, 86, "[A-Z0-9][A-Z0-9 ]*"), (87, 94, "[ -~]{8}"),
            ]:
                self.assertRegex(field(header, first, last), f"^({pattern})$", f"{first}-{last}")
            self.assertEqual(nacha_reader.check_digit(field(header, 5, 12)), header[12])

    def test_the_same_options_make_the_same_bytes(self):
        self.assertEqual(ach("sample", "--seed", "9").stdout, ach("sample", "--seed", "9").stdout)
        self.assertNotEqual(sample("--seed", "9"), sample("--seed", "10"))

    def test_the_reader_knows_published_sums(self):
        """The check digit and the entry hash that the rules print as examples."""
        self.assertEqual(nacha_reader.check_digit("07640125"), "1")
        self.assertEqual(5600507 + 5140225 + 11400065, 22140797)
        batch = nacha_reader.Batch("5", 1)
        batch.entries = [nacha_reader.Entry("622" + bank, 1, False)
                         for bank in ("05600507", "05140225", "11400065")]
        self.assertEqual(batch.hash, 22140797)

    def test_many_entries(self):
        """A file of twenty thousand entries, counted again."""
        file = self.accepted(sample("--entries", "10000", "--batches", "2", "--addenda", "necessary"))
        self.assertEqual(len(file.entries), 20000)
        self.assertEqual(len(set(file.traces)), 20000)


class Verdicts(Case):
    """`validate`: its exit codes, its output, its profiles."""

    def spoiled(self):
        """A file whose only fault is a check digit of line 3."""
        data = standard()
        digit = lines(data)[2][11]
        return changed(data, (3, 12, str((int(digit) + 1) % 10)))

    def test_exit_codes(self):
        good, bad = self.keep("good.ach", standard()), self.keep("bad.ach", self.spoiled())
        self.done("validate", good)
        self.done("validate", bad, code=1)
        self.done("validate", good, bad, code=1)
        self.done("validate", "missing.ach", code=4)
        self.done("validate", self.folder, code=4)
        self.done("validate", good, "missing.ach", bad, code=4)
        self.done("validate", code=64)
        self.done("validate", "--nonsense", good, code=64)
        self.done("validate", "--per-rule", "many", good, code=64)
        self.done("validate", "--per-rule", "0", good, code=64)
        self.done("vouch", good, code=64)
        for command in ("inspect", "write", "json", "merge", "split", "flatten", "reverse"):
            self.done(command, code=64)
            self.done(command, "missing.ach", code=4)
        self.done("diff", good, code=64)
        self.done("diff", good, "missing.ach", code=4)
        self.done("balance", good, code=64)

    def test_what_cannot_be_read_is_told(self):
        """Exit 4 and one line that names the file."""
        path = self.keep("closed.ach", standard())
        path.chmod(0)
        if os.geteuid() == 0:
            path = pathlib.Path("/proc/self/mem")  # its beginning cannot be read by anybody
        for name in (path, self.folder / "missing.ach", self.folder):
            done = self.done("validate", name, code=4)
            self.assertEqual(done.stdout, b"")
            self.assertEqual(done.stderr.count(b"\n"), 1)
            self.assertIn(str(name).encode(), done.stderr)

    def test_standard_input_and_several_files(self):
        good, bad = self.keep("good.ach", standard()), self.keep("bad.ach", self.spoiled())
        self.done("validate", "-", stdin=standard())
        self.done("validate", "-", stdin=self.spoiled(), code=1)
        done = self.done("validate", "--json", bad, "-", good, stdin=standard(), code=1)
        documents = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([one["valid"] for one in documents], [False, True, True])
        self.assertEqual([one["file"] for one in documents], [str(bad), "-", str(good)])
        text = self.done("validate", bad, good, code=1).stdout.decode()
        self.assertRegex(text, rf"(?m)^{re.escape(str(bad))}: invalid \(strict\)")
        self.assertRegex(text, rf"(?m)^{re.escape(str(good))}: valid \(strict\)")

    def test_a_diagnostic_in_words(self):
        text = self.done("validate", "-", stdin=self.spoiled(), code=1).stdout.decode()
        rows = text.split("\n")
        self.assertEqual(rows[0], "error entryCheckDigit: line 3, position 12, would earn R28")
        self.assertTrue(rows[1].startswith("  3 | 6"))
        self.assertEqual(rows[1].index("|") + 2 + 11, rows[2].index("^"))

    def test_strict_against_lenient(self):
        """What the lenient profile turns into warnings, and nothing else."""
        good = lines(standard())
        end = place(standard(), "9")
        filler = len(good) - end
        self.assertGreater(filler, 0)
        short = good[:2] + [good[2].rstrip()] + good[3:]
        name = "".join([good[0][:86], " " * 8])
        softened = {
            "fileBlocking": joined(good[:end]),
            "lineShort": joined([name.rstrip()] + good[1:]),
            "lineBlankTail": joined([good[0] + "   "] + good[1:]),
            "lineBlank": joined(good[:2] + [""] + good[2:]),
            "lineByteOrderMark": b"\xef\xbb\xbf" + joined(good),
            "fileHeaderMissing": joined(good[1:end] + [FILLER] * (filler + 1)),
            "fileControlBlockCount": changed(standard(), (end, 8, "000099")),
        }
        self.assertEqual(short[2], good[2].rstrip())
        for rule, data in softened.items():
            with self.subTest(rule):
                strict = self.judged(data, "--profile", "strict", code=1)
                self.assertIn((rule, "error"), [(one["rule"], one["severity"]) for one in strict])
                lenient = self.judged(data, "--profile", "lenient", code=0)
                self.assertIn((rule, "warning"), [(one["rule"], one["severity"]) for one in lenient])
                self.assertEqual({one["severity"] for one in lenient}, {"warning"})
        tail = lines(standard())[:end - 1]
        self.judged(joined(tail), "--profile", "lenient", code=0)
        self.judged(joined(tail), code=1)
        self.assertEqual(self.judged(self.spoiled(), "--profile", "lenient", code=1),
                         self.judged(self.spoiled(), "--profile", "strict", code=1))

    def test_every_line_end_is_accepted(self):
        for profile in ("strict", "lenient"):
            for form, (end, last) in FORMS.items():
                with self.subTest(profile=profile, form=form):
                    data = joined(lines(standard()), end, last)
                    self.assertEqual(self.judged(data, "--profile", profile, code=0), [])
        one_more = joined(lines(standard()), b"", False) + b" "
        self.assertIn("fileLength", [one["rule"] for one in self.judged(one_more, code=1)])

    def test_a_profile_of_a_bank(self):
        """A file turns one rule off, or into a warning, and leaves the others alone."""
        two = changed(self.spoiled(), (1, 34, "a"))
        for severity, code, rules in [("off", 0, []), ("warning", 0, ["warning"]),
                                      ("error", 1, ["error"])]:
            for base in ("strict", "lenient"):
                profile = self.keep("bank.json", json.dumps(
                    {"name": "first bank", "base": base, "rules": {"entryCheckDigit": severity}}
                ).encode())
                found = self.judged(self.spoiled(), "--profile", profile, code=code)
                self.assertEqual([one["severity"] for one in found], rules)
                self.assertIn("fileHeaderModifier",
                              [one["rule"] for one in self.judged(two, "--profile", profile, code=1)])
                text = ach("validate", "-", "--profile", profile, stdin=self.spoiled()).stdout
                self.assertIn(b"(first bank)", text)

    def test_a_faulty_profile_names_each_fault(self):
        good = self.keep("good.ach", standard())
        every = {"name": 5, "base": "odd", "surprise": 1,
                 "rules": {"nope": "off", "lineShort": "maybe", "lineLong": 7}}
        for content, wanted in [
            (json.dumps(every).encode(), ["/name", "/base", "/surprise", "/rules/nope",
                                          "/rules/lineShort", "/rules/lineLong"]),
            (b"[]", ["object"]), (b"{", ["object"]), (b"", ["object"]), (b'{"rules":[]}', ["/rules"]),
        ]:
            with self.subTest(content):
                profile = self.keep("bank.json", content)
                done = ach("validate", "--profile", profile, good)
                self.assertNotIn(done.returncode, (0, 1), "no verdict may be taken from this")
                self.assertEqual(done.stdout, b"")
                for text in wanted:
                    self.assertIn(text.encode(), done.stderr)

    def test_a_profile_whose_keys_stand_twice_is_refused(self):
        """I-01: otherwise the latter half of a profile silently undoes the former."""
        for content in (b'{"rules":{"entryCheckDigit":"off","entryCheckDigit":"error"}}',
                        b'{"rules":{"entryCheckDigit":"off"},"rules":{}}'):
            profile = self.keep("bank.json", content)
            self.assertNotIn(ach("validate", "-", "--profile", profile, stdin=standard()).returncode,
                             (0, 1))

    def test_warnings_alone_end_with_zero(self):
        blank = changed(standard(), (2, 70, " " * 6))
        found = self.judged(blank, code=0)
        self.assertEqual([(one["rule"], one["severity"]) for one in found],
                         [("batchEffectiveDateBlank", "warning")])

    def test_the_same_day_limit(self):
        data = changed(standard(), (2, 64, "SD1300"))
        self.assertEqual(self.judged(data, code=0), [])
        found = self.judged(data, "--same-day-limit", "1.00", code=0)
        self.assertEqual({one["rule"] for one in found}, {"entryAmountSameDay"})


class Defects(Case):
    """One field is spoiled, one rule speaks, at that line and those positions."""

    def defects(self):
        data = standard()
        batch = 2
        entry = 3
        plus = place(data, "6", 0, lambda record: record[78] == "1")
        addenda = plus + 1
        self.assertEqual(lines(data)[addenda - 1][0], "7")
        control, second = place(data, "8"), place(data, "8", 1)
        other = place(data, "5", 1)
        end = place(data, "9")
        twin = field(lines(data)[entry - 1], 80, 94)
        company = field(lines(data)[control - 1], 46, 54)
        yield "fileHeaderPriorityCode", 1, 2, 3, [(1, 2, "02")]
        yield "fileHeaderDestination", 1, 4, 13, [(1, 4, "1")]
        yield "fileHeaderDestinationCheckDigit", 1, 13, 13, [(1, 13, "3")]
        yield "fileHeaderOrigin", 1, 14, 23, [(1, 14, " " * 10)]
        yield "fileHeaderCreationDate", 1, 24, 29, [(1, 24, "260230")]
        yield "fileHeaderCreationTime", 1, 30, 33, [(1, 30, "2460")]
        yield "fileHeaderModifier", 1, 34, 34, [(1, 34, "a")]
        yield "fileHeaderRecordSize", 1, 35, 37, [(1, 35, "095")]
        yield "fileHeaderBlockingFactor", 1, 38, 39, [(1, 38, "11")]
        yield "fileHeaderFormatCode", 1, 40, 40, [(1, 40, "2")]
        yield "batchServiceClass", batch, 2, 4, [(batch, 2, "210")]
        yield "batchCompanyName", batch, 5, 20, [(batch, 5, " " * 16)]
        yield "batchCompanyName", batch, 5, 20, [(batch, 5, "0" * 16)]
        yield "batchCompanyID", batch, 41, 50, [(batch, 41, " " * 10)]
        yield "batchEntryClass", batch, 51, 53, [(batch, 51, "PPX")]
        yield "batchEntryClass", batch, 51, 53, [(batch, 51, "ppd")]
        yield "batchDescription", batch, 54, 63, [(batch, 54, " " * 10)]
        yield "batchEffectiveDate", batch, 70, 75, [(batch, 70, "260231")]
        yield "batchSettlementDate", batch, 76, 78, [(batch, 76, "367")]
        yield "batchOriginatorStatus", batch, 79, 79, [(batch, 79, "0")]
        yield "batchODFIForEntries", batch, 80, 87, [(batch, 80, "07745783")]
        yield "batchNumberOrder", other, 88, 94, [(other, 88, "0000001"), (second, 88, "0000001")]
        yield "recordType", entry, 1, 1, [(entry, 1, "4")]
        yield "recordCharacter", entry, 60, 60, [(entry, 60, "\x07")]
        yield "entryTransactionCode", entry, 2, 3, [(entry, 2, "20")]
        yield "entryReceivingDFI", entry, 4, 11, [(entry, 4, "000000000")]
        yield "entryCheckDigit", entry, 12, 12, [(entry, 12, "9")]
        yield "entryAccount", entry, 13, 29, [(entry, 13, " " * 17)]
        yield "entryAccount", entry, 13, 29, [(entry, 13, "0" * 17)]
        yield "entryAmount", entry, 30, 39, [(entry, 30, "00000000A0")]
        yield "entryAmountZero", entry, 30, 39, [(entry, 30, "0" * 10)]
        yield "entryAmountNotZero", entry, 30, 39, [(entry, 2, "23")]
        yield "entryName", entry, 55, 76, [(entry, 55, " " * 22)]
        yield "entryAddendaIndicator", entry, 79, 79, [(entry, 79, "1")]
        yield "entryAddendaIndicator", plus, 79, 79, [(plus, 79, "0")]
        yield "entryTrace", entry, 80, 94, [(entry, 90, "x")]
        yield "entryTraceODFI", entry, 80, 87, [(entry, 80, "07745783")]
        yield "entryTraceOrder", entry + 1, 80, 94, [(entry + 1, 80, twin), (addenda, 88, twin[8:])]
        yield "addendaType", addenda, 2, 3, [(addenda, 2, "06")]
        yield "addendaSequence", addenda, 84, 87, [(addenda, 84, "0002")]
        yield "addendaEntrySequence", addenda, 88, 94, [(addenda, 88, "0000099")]
        yield "batchControlClass", control, 2, 4, [(control, 2, "220")]
        yield "batchControlEntryCount", control, 5, 10, [(control, 5, "000099")]
        yield "batchControlHash", control, 11, 20, [(control, 11, "0000000001")]
        yield "batchControlDebits", control, 21, 32, [(control, 21, "000000000001")]
        yield "batchControlCredits", control, 33, 44, [(control, 33, "000000000001")]
        yield "batchControlCompanyID", control, 45, 54, [(control, 45, "X" + company)]
        yield "recordReserved", control, 74, 79, [(control, 74, "X")]
        yield "batchControlODFI", control, 80, 87, [(control, 80, "07745783")]
        yield "batchControlNumber", control, 88, 94, [(control, 88, "0000099")]
        yield "fileControlBatchCount", end, 2, 7, [(end, 2, "000003")]
        yield "fileControlBlockCount", end, 8, 13, [(end, 8, "000099")]
        yield "fileControlEntryCount", end, 14, 21, [(end, 14, "00000099")]
        yield "fileControlHash", end, 22, 31, [(end, 22, "0000000001")]
        yield "fileControlDebits", end, 32, 43, [(end, 32, "000000000001")]
        yield "fileControlCredits", end, 44, 55, [(end, 44, "000000000001")]
        yield "recordReserved", end, 56, 94, [(end, 94, "X")]
        yield "fileFillerContent", end + 1, 50, 50, [(end + 1, 50, "8")]

    def test_each_is_named_once_and_in_its_place(self):
        """F-01 from the other side: one root cause, one error; the independent reader refuses too."""
        defects = list(self.defects())
        self.assertGreater(len(defects), 50)

        def judge(defect):
            return self.judged(changed(standard(), *defect[4]))

        for (rule, line, first, last, edits), found in zip(defects, together(judge, defects)):
            with self.subTest(rule, edits=edits):
                errors = [one for one in found if one["severity"] == "error"]
                self.assertEqual([(one["rule"], one["line"], one["from"], one["to"]) for one in errors],
                                 [(rule, line, first, last)])
                self.assertTrue(errors[0]["message"])
                data = changed(standard(), *edits)
                if rule != "entryName":  # a matter between banks, which adds nothing up
                    self.assertTrue(nacha_reader.NachaFile(data).faults)

    def test_return_codes(self):
        wanted = {"entryCheckDigit": "R28", "entryAccount": "R04", "entryAmount": "R19",
                  "entryReceivingDFI": "R13", "entryName": "R26", "addendaSequence": "R25",
                  "entryTraceODFI": "R27", "batchEffectiveDate": "R18", "batchCompanyID": "R21",
                  "recordCharacter": "R17", "fileControlHash": None}
        seen = set()
        for rule, _, _, _, edits in self.defects():
            if rule in wanted and rule not in seen:
                seen.add(rule)
                found = self.judged(changed(standard(), *edits), code=1)
                self.assertEqual([one["return_code"] for one in found], [wanted[rule]], rule)
        self.assertEqual(seen, set(wanted))

    def test_other_classes(self):
        """Rules that no PPD file can break."""
        for sec, first, last, text, rule in [
            ("TEL", 77, 78, "  ", "entryPaymentType"), ("ARC", 40, 54, " " * 15, "entryCheckSerial"),
            ("WEB", 55, 76, " " * 22, "entryName"), ("CTX", 55, 58, "0777", "entryAddendaCount"),
            ("POP", 49, 54, " " * 6, "entryTerminalPlace"), ("SHR", 40, 43, "1399", "entryCardExpiry"),
        ]:
            with self.subTest(sec):
                data = sample("--sec", sec, "--batches", "2", "--entries", "7")
                found = self.judged(changed(data, (3, first, text)), code=1)
                self.assertEqual({(one["rule"], one["line"]) for one in found}, {(rule, 3)})
                for one in found:
                    self.assertTrue(first <= one["from"] <= one["to"] <= last)

    def test_answers(self):
        """Returns and changes that do not say what they answer."""
        for answer, first, text, rule in [
            ("returned", 4, "R99", "addendaReturnCode"), ("returned", 7, " " * 15, "addendaOriginalTrace"),
            ("returned", 28, " " * 8, "addendaOriginalDFI"), ("change", 4, "C99", "addendaChangeCode"),
            ("change", 36, " " * 29, "addendaCorrectedData"), ("returned", 94, "9", "addendaTrace"),
        ]:
            with self.subTest(answer, rule=rule):
                data = sample("--answer", answer, "--entries", "1")
                found = self.judged(changed(data, (4, first, text)), code=1)
                self.assertEqual([(one["rule"], one["line"]) for one in found], [(rule, 4)])

    def test_i_05_accounts_and_banks(self):
        """I-05: a wrong check digit, letters and blanks in a bank's number, an account of nothing."""
        for first, text, rule in [(12, "x", "entryCheckDigit"), (4, "0210 002", "entryReceivingDFI"),
                                  (4, "02100O02", "entryReceivingDFI"), (13, " " * 17, "entryAccount")]:
            with self.subTest(text):
                found = self.judged(changed(standard(), (3, first, text)), code=1)
                self.assertEqual([(one["rule"], one["line"]) for one in found], [(rule, 3)])

    def test_f_06_lines_of_another_length(self):
        """F-06: every length but 94 is refused, and names its line."""
        good = lines(standard())
        for length in (1, 50, 93, 95, 188, 5000):
            record = (good[2] * 60)[:length]
            found = self.judged(joined(good[:2] + [record] + good[3:]), code=1)
            self.assertIn(("lineShort" if length < 94 else "lineLong", 3),
                          [(one["rule"], one["line"]) for one in found])


CANARY = "CANARYAB"
PERSON = "SECRETPERSON"


def with_canaries(data):
    """The file with known accounts and names, of which only the last four characters may be seen."""
    records = []
    sec = ""
    for record in lines(data):
        if record[0] == "5":
            sec = field(record, 51, 53)
        if record[0] == "6" and sec != "ADV":
            account, name = (40, 59) if sec == "IAT" else (13, 59 if sec == "CTX" else 55)
            record = put(record, account, ("9" + CANARY + "1234").ljust(17))
            if sec != "IAT":
                record = put(record, name, PERSON.ljust(16))
        if record[0] == "7" and field(record, 2, 3) == "10":
            record = put(record, 47, PERSON.ljust(35))
        if record[0] == "7" and field(record, 2, 3) == "05":
            record = put(record, 4, f"{PERSON} {CANARY}".ljust(80))
        records.append(record)
    return joined(records)


class Secrets(Case):
    """Account numbers and names are shown to nobody who did not ask for them."""

    def silent(self, done):
        for text in (CANARY, PERSON):
            for stream in (done.stdout, done.stderr):
                at = stream.find(text.encode())
                self.assertEqual(at, -1, stream[max(0, at - 200):at + 60])

    def test_masked_unless_asked_for(self):
        for sec in ("PPD", "CTX", "IAT"):
            good = with_canaries(sample("--sec", sec, "--batches", "2", "--entries", "4",
                                        "--addenda", "all"))
            bad = changed(good, (3, 2, "20"), (place(good, "8"), 11, "0" * 10))
            less = changed(good, (3, 13 if sec != "IAT" else 40, "8"))
            first, second = self.keep("good.ach", good), self.keep("bad.ach", bad)
            third = self.keep("less.ach", less)
            with self.subTest(sec):
                for path in (first, second):
                    self.silent(ach("validate", path))
                    self.silent(ach("validate", "--json", path))
                    self.silent(ach("inspect", path))
                    self.silent(ach("json", path))
                self.silent(ach("diff", first, third))
                self.silent(ach("diff", "--json", first, third))
                for command in ("merge", "reverse", "split", "flatten", "write"):
                    self.silent(ach(command, second))
                self.silent(ach("reverse", first, "--trace", "999"))
                self.silent(ach("merge", first, "--max-amount", "0.01"))

    def test_shown_where_asked_for(self):
        path = self.keep("bad.ach", changed(with_canaries(standard()), (3, 2, "20")))
        for command in (["validate"], ["inspect"]):
            shown = ach(*command, "--reveal", path).stdout
            self.assertIn(CANARY.encode(), shown)
            self.assertIn(PERSON.encode(), shown)
        good = self.keep("good.ach", with_canaries(standard()))
        self.assertIn(CANARY.encode(), ach("json", "--reveal", good).stdout)

    def test_records_at_fault_are_masked_too(self):
        """Every field at fault that is an account or a name, in words and as JSON."""
        good = with_canaries(standard())
        for edits in ([(3, 16, "\x01")], [(3, 60, "\x7f")], [(3, 1, "4")], [(3, 1, "2")],
                      [(3, 1, "5")], [(3, 1, "1")], [(3, 1, "8")], [(3, 1, "9")], [(3, 1, "7")]):
            for options in ([], ["--json"]):
                with self.subTest(edits=edits, options=options):
                    self.silent(ach("validate", "-", *options, stdin=changed(good, *edits)))

    def test_a_broken_line_shows_nothing(self):
        """A line end within an entry makes its account and name stand where a bank's name would."""
        good = lines(with_canaries(standard()))
        for first in "1256789":
            entry = put(good[2], 13, first)
            names = [self.keep(f"{first}-{at}.ach",
                               joined(good[:2] + [entry[:at], entry[at:]] + good[3:])).name
                     for at in (*range(1, 31), *range(35, 94, 6))]
            for options in ([], ["--json", "--profile", "lenient"]):
                with self.subTest(first=first, options=options):
                    self.silent(self.done("validate", *options, *names, code=1))
            for command in ("inspect", "write"):
                with self.subTest(first=first, command=command):
                    self.silent(ach(command, f"{first}-12.ach", "-o" if command == "write" else
                                    "--entries", "5", cwd=self.folder))

    def test_a_shifted_line_shows_nothing(self):
        good = lines(with_canaries(standard()))
        names = []
        for shift in range(1, 40):
            left = (good[2][0] + good[2][1 + shift:]).ljust(94)
            right = (good[2][:1] + " " * shift + good[2][1:])[:94]
            for side, record in (("left", left), ("right", right)):
                names.append(self.keep(f"{side}-{shift}.ach",
                                       joined(good[:2] + [record] + good[3:])).name)
        self.silent(self.done("validate", "--json", *names, code=1))

    def test_faults_of_a_document_show_nothing(self):
        """`json --to-ach` names the place of a fault, not the account or the name."""
        for name, value in [("account_number", CANARY + "1" * 10), ("account_number", CANARY + "\n"),
                            ("receiver_name", PERSON * 3), ("receiver_name", PERSON + "\u00eb"),
                            ("account_number", [CANARY]), ("receiver_name", {PERSON: 1})]:
            with self.subTest(name, value=value):
                document = payment(**{name: value})
                done = self.done("json", "--to-ach", "-", stdin=document, code=2)
                self.assertIn(f"/batches/0/entries/0/{name}".encode(), done.stderr)
                self.silent(done)


def clean(stream):
    """The first control character of an output, other than the end of a line; None for none."""
    text = stream.decode("utf-8", "replace")
    return next((one for one in text if one != "\n" and (ord(one) < 0x20 or 0x7F <= ord(one) < 0xA0
                or one in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")), None)


def on_terminal(*arguments, cwd):
    """What the command shows where both its outputs are a terminal."""
    main, other = pty.openpty()
    shown = []

    def drain():
        while True:
            try:
                piece = os.read(main, 1 << 16)
            except OSError:
                return
            if not piece:
                return
            shown.append(piece)

    running = subprocess.Popen([BINARY, "ach", *map(str, arguments)], stdin=subprocess.DEVNULL,
                               stdout=other, stderr=other, cwd=cwd)
    os.close(other)
    thread = threading.Thread(target=drain)
    thread.start()
    running.wait(30)
    thread.join(30)
    os.close(main)
    return b"".join(shown).replace(b"\r\n", b"\n")


class Hostile(Case):
    """Bytes that no file should hold, wherever they stand."""

    def test_every_position_of_every_record(self):
        good = standard()
        names = []
        for number, kind in enumerate("156789"):
            line = place(good, kind)
            for at in range(1, 95):
                byte = "\x1b\x00\x9b\x7f\xff\x08"[(number + at) % 6]
                names.append(self.keep(f"{kind}-{at:02}.ach", changed(good, (line, at, byte))).name)
        done = self.done("validate", "--json", *names, code=1)
        self.assertEqual(done.stderr, b"")
        documents = [json.loads(line) for line in done.stdout.split(b"\n")[:-1]]
        self.assertEqual([one["file"] for one in documents], names)
        self.assertFalse([one["file"] for one in documents if one["valid"]])
        text = self.done("validate", *names, code=1).stdout
        self.assertIsNone(clean(text))
        last = [row.split(":")[0] for row in text.decode().splitlines()
                if re.match(r"\d-\d\d\.ach: ", row)]
        self.assertEqual(last, names)
        self.assertIsNone(clean(done.stdout))

    def test_a_terminal_gets_no_control_characters(self):
        good = standard()
        bytes_of_all = "\x1b[31m\x07\x00\x9b\x7f\xff\u202e"
        entry = lines(good)[2]
        for at in (13, 80):
            hostile = changed(good, (3, at, bytes_of_all.encode("utf-8").decode("latin-1")[:14]))
            path = self.keep("hostile.ach", hostile)
            for command in (["validate", path], ["validate", "--reveal", path], ["inspect", path],
                            ["inspect", "--reveal", path], ["validate", "--json", path],
                            ["diff", path, path], ["write", path], ["json", path],
                            ["merge", path, path]):
                with self.subTest(command=command[:2], at=at, entry=entry[:3]):
                    self.assertIsNone(clean(on_terminal(*command, cwd=self.folder)))

    def test_names_of_files(self):
        for name in ("red\x1b[31m.ach", "two\nlines.ach", "back\u202ewards.ach", "tab\t.ach"):
            path = self.keep(name, changed(standard(), (3, 2, "20")))
            for command in (["validate", path], ["validate", "missing-" + name], ["inspect", path],
                            ["merge", path], ["diff", path, path], ["json", "--to-ach", path],
                            ["validate", "--profile", "missing-" + name, path]):
                with self.subTest(name=name, command=command[0]):
                    done = ach(*command, cwd=self.folder)
                    self.assertIsNone(clean(done.stdout + done.stderr))
                    self.assertNotIn(b"\nlines.ach", done.stdout + done.stderr)

    def test_values_of_documents(self):
        for name in ("account_number", "receiver_name", "routing_number", "surprise\n\u001b[31m"):
            done = self.done("json", "--to-ach", "-", code=2,
                             stdin=payment(**{name: "x\n\u001b[31m\u202e\u0000\u009b"}))
            self.assertIsNone(clean(done.stderr), done.stderr)
            for row in done.stderr.decode().splitlines()[1:]:
                self.assertRegex(row, "^  /")

    def test_what_is_no_file_at_all(self):
        for data in (b"", b"\x00" * 5000, bytes(range(256)) * 40, b"\xff\xfe" * 3000, b"\n" * 500,
                     b"\r" * 500, b"9" * 94 * 10, b"6" * 200000, standard()[:1000],
                     standard().decode().encode("utf-16")):
            for profile in ("strict", "lenient"):
                with self.subTest(data[:8], profile=profile):
                    found = self.judged(data, "--profile", profile, code=1)
                    self.assertTrue(found)
            for command in (["write", "-"], ["json", "-"], ["merge", "-"], ["json", "--to-ach", "-"]):
                self.done(*command, stdin=data, code=2)


class Writing(Case):
    def test_to_the_byte(self):
        """F-06: LF, CRLF, no line ends, last line end missing: what is read is written."""
        for form, (end, last) in FORMS.items():
            with self.subTest(form):
                data = joined(lines(standard()), end, last)
                path = self.keep("in.ach", data)
                self.done("write", path, "-o", "out.ach")
                self.assertEqual((self.folder / "out.ach").read_bytes(), data)
                self.assertEqual(self.done("write", "-", stdin=data).stdout, data)

    def test_lenient_forms_to_the_byte(self):
        good = lines(standard())
        end = place(standard(), "9")
        mixed = b"".join(record.encode() + (b"\r\n" if number % 3 else b"\n")
                         for number, record in enumerate(good))
        for data in (joined(good[:end]), b"\xef\xbb\xbf" + joined(good), mixed,
                     joined(good[:4] + [""] + good[4:]), joined([good[0] + "  "] + good[1:]),
                     joined([record.rstrip() for record in good])):
            with self.subTest(data[:100]):
                self.assertEqual(self.done("write", "-", stdin=data).stdout, data)

    def test_normalised(self):
        """Every form becomes lines of 94 characters with line feeds and filler."""
        good = lines(standard())
        end = place(standard(), "9")
        for data in [joined(good, *form) for form in FORMS.values()] + [
            joined(good[:end]), b"\xef\xbb\xbf" + joined(good), joined(good[:4] + [""] + good[4:]),
            joined([record.rstrip() for record in good]),
            joined([record + "   " for record in good], b"\r\n"),
            changed(standard(), (end, 8, "000099")),
        ]:
            with self.subTest(data[:120]):
                written = self.done("write", "--normalise", "-", stdin=data).stdout
                self.assertEqual(written, standard())
        self.accepted(self.done("write", "--normalise", "-", stdin=joined(good[:end])).stdout)

    def test_refused_files_write_nothing(self):
        bad = self.keep("bad.ach", changed(standard(), (3, 2, "20")))
        kept = self.keep("kept.ach", b"as it was")
        commands = [["write"], ["write", "--normalise"], ["json"], ["json", "--reveal"], ["merge"],
                    ["flatten"], ["reverse"], ["split"],
                    ["balance", "--routing", "021000021", "--account", "1", "--name", "CITY"]]
        for command in commands:
            with self.subTest(command):
                done = self.done(*command, bad, "-o", "new.ach", code=2)
                self.assertEqual(done.stdout, b"")
                self.assertIn(b"line 3: entryTransactionCode", done.stderr)
                self.done(*command, bad, "-o", "kept.ach", code=2)
                self.assertEqual(self.done(*command, bad, "-o", "-", code=2).stdout, b"")
                self.assertEqual(self.names(), ["bad.ach", "kept.ach"])
                self.assertEqual(kept.read_bytes(), b"as it was")

    def test_f_11_output_is_readable_to_its_owner_alone(self):
        """F-11: mode 0600, also where a readable file stood before, and no copies beside it."""
        path = self.keep("in.ach", standard())
        self.keep("out.ach", b"old").chmod(0o644)
        for command in (["write", path], ["merge", path], ["flatten", path], ["json", path],
                        ["json", "--reveal", path], ["sample"], ["reverse", path]):
            self.done(*command, "-o", "out.ach")
            mode = stat.S_IMODE((self.folder / "out.ach").stat().st_mode)
            self.assertEqual(oct(mode), oct(0o600), command)
        self.done("split", path, "-o", "side.ach")
        for side in ("side-credits.ach", "side-debits.ach"):
            self.assertEqual(stat.S_IMODE((self.folder / side).stat().st_mode), 0o600)
        self.assertEqual(self.names(), ["in.ach", "out.ach", "side-credits.ach", "side-debits.ach"])

    def test_onto_itself(self):
        data = joined(lines(standard()), b"\r\n")
        path = self.keep("in.ach", data)
        self.done("write", path, "-o", path)
        self.assertEqual(path.read_bytes(), data)
        self.done("write", "--normalise", path, "-o", path)
        self.assertEqual(path.read_bytes(), standard())

    def test_where_nothing_can_be_written(self):
        path = self.keep("in.ach", standard())
        for name in ("missing/out.ach", self.folder, "in.ach/out.ach", "", "x" * 300):
            with self.subTest(name):
                self.done("write", path, "-o", name, code=4)
                self.assertEqual(self.names(), ["in.ach"])

    def test_what_is_no_plain_file_stays_what_it_is(self):
        """An output that is a pipe or a device is written into or refused, never put away."""
        path = self.keep("in.ach", standard())
        pipe = self.folder / "pipe"
        os.mkfifo(pipe, 0o600)
        for command in ("write", "json", "merge", "flatten"):
            reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
            try:
                done = ach(command, path, "-o", pipe)
                self.assertTrue(stat.S_ISFIFO(pipe.stat().st_mode), command)
                self.assertTrue(done.returncode in (2, 4) or os.read(reader, 94), command)
            finally:
                os.close(reader)

    def test_stopped_writers_leave_nothing(self):
        """A draft with account numbers does not stay behind where an operator stops the command."""
        running = subprocess.Popen([BINARY, "ach", "write", "-", "-o", "out.ach"],
                                   stdin=subprocess.PIPE, cwd=self.folder, stderr=subprocess.DEVNULL)
        running.stdin.write(standard())
        running.stdin.flush()
        # Nothing has a name before it is complete.
        for _ in range(50):
            self.assertEqual(self.names(), [])
            threading.Event().wait(0.01)
        running.terminate()
        running.wait(10)
        running.stdin.close()
        self.assertEqual(self.names(), [])

    def test_a_pipe_closed_early(self):
        done = subprocess.run(f"'{BINARY}' ach sample --entries 5000 | head -c 94", shell=True,
                              capture_output=True, timeout=30)
        self.assertEqual(done.stderr, b"")
        self.assertEqual(len(done.stdout), 94)


FILE_HEADER = {
    "immediate_destination": "121042882", "immediate_origin": "1234567890",
    "file_creation_date": "260601", "file_creation_time": "0900", "file_id_modifier": "A",
    "immediate_destination_name": "CITY BANK", "immediate_origin_name": "CITY OF EXAMPLE",
}


def payments(rows, header=None, **batch):
    """The document of one PPD batch, with nothing in it that can be computed."""
    return json.dumps({
        "format": "bursar-ach/1", "build": True, "file_header": {**FILE_HEADER, **(header or {})},
        "batches": [{
            "header": {"company_name": "CITY OF EXAMPLE", "company_identification": "1234567890",
                       "standard_entry_class_code": "PPD", "company_entry_description": "TUITION",
                       "effective_entry_date": "260602",
                       "originating_dfi_identification": "12104288", **batch},
            "entries": rows,
        }],
    }, ensure_ascii=False).encode()


def row(**members):
    return {"transaction_code": "27", "routing_number": "021000021", "account_number": "123456789",
            "amount_minor_units": 12500, "receiver_name": "ANN LEE", **members}


def payment(**members):
    return payments([row(**members)])


class Documents(Case):
    def test_round_trip_of_every_class(self):
        """With --reveal nothing is lost: the same bytes come back."""
        files = [sample("--sec", sec, "--batches", "2", "--entries", "3") for sec in CLASSES]
        files += [sample("--answer", answer, "--entries", "3") for answer in ANSWERS]
        files += [joined(lines(standard()), *form) for form in FORMS.values()]
        good = lines(standard())
        files += [joined([record.rstrip() for record in good]), b"\xef\xbb\xbf" + standard(),
                  joined(good[:4] + [""] + good[4:place(standard(), "9")])]

        def back(data):
            document = ach("json", "--reveal", "-", stdin=data).stdout
            json.loads(document)
            return ach("json", "--to-ach", "-", stdin=document)

        for number, (data, done) in enumerate(zip(files, together(back, files))):
            with self.subTest(number):
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stdout, data)

    def test_a_masked_document_goes_no_way_back(self):
        document = self.done("json", "-", stdin=standard()).stdout
        self.assertTrue(json.loads(document)["masked"])
        done = self.done("json", "--to-ach", "-", "-o", "out.ach", stdin=document, code=2)
        self.assertIn(b"mask", done.stderr)
        self.assertEqual(self.names(), [])

    def test_one_payment(self):
        """A short document with "build": true gives a file in which nothing is found."""
        data = self.done("json", "--to-ach", "-", stdin=payment()).stdout
        self.assertEqual(self.judged(data, code=0), [])
        file = nacha_reader.read(data)
        entry = file.entries[0]
        self.assertEqual((entry.code, entry.bank, entry.amount, entry.trace),
                         ("27", "02100002", 12500, "121042880000001"))
        self.assertEqual(file.batches[0].service_class, "225")
        self.assertEqual(sums(file), (12500, 0))
        self.assertEqual(len(file.records), 10)
        self.assertEqual(field(file.header, 4, 23), " 1210428821234567890")

    def test_every_fault_at_once(self):
        document = json.loads(payment(account_number="1" * 18, amount_minor_units=-1,
                                      routing_number="021000020", surprise=1))
        document["file_header"]["file_creation_date"] = "2026-06-01"
        document["file_header"]["odd"] = "x"
        del document["batches"][0]["header"]["company_name"]
        done = self.done("json", "--to-ach", "-", "-o", "out.ach", code=2,
                         stdin=json.dumps(document).encode())
        found = set(re.findall(r"(?m)^  (/\S*): ", done.stderr.decode()))
        self.assertLessEqual({
            "/file_header/file_creation_date", "/file_header/odd", "/batches/0/header/company_name",
            "/batches/0/entries/0/account_number", "/batches/0/entries/0/amount_minor_units",
            "/batches/0/entries/0/routing_number", "/batches/0/entries/0/surprise",
        }, found)
        self.assertEqual(self.names(), [])

    def test_i_05_accounts_and_banks(self):
        """I-05: a wrong check digit, spaces, letters, 18 characters, digits of another script."""
        for name, value in [
            ("routing_number", "021000020"), ("routing_number", " 021000021"),
            ("routing_number", "02100002 "), ("routing_number", "02100002A"),
            ("routing_number", "0210000211"), ("routing_number", "02100002"), ("routing_number", ""),
            ("routing_number", "\u0660\u0662\u0661\u0660\u0660\u0660\u0660\u0662\u0661"),
            ("routing_number", 21000021), ("routing_number", None),
            ("account_number", "1" * 18), ("account_number", "\u0661\u0662\u0663"),
            ("account_number", "12\n34"), ("account_number", "12\u0000"), ("account_number", 123),
        ]:
            with self.subTest(name, value=value):
                done = self.done("json", "--to-ach", "-", "-o", "out.ach", code=2,
                                 stdin=payment(**{name: value}))
                self.assertIn(f"/batches/0/entries/0/{name}".encode(), done.stderr)
                self.assertEqual(self.names(), [])

    def test_what_is_built_is_valid(self):
        """A document that would give a file with faults gives none: nothing invalid leaves."""
        for document in [
            payment(account_number=""), payment(account_number="   "), payment(account_number="000"),
            payment(amount_minor_units=0), payment(transaction_code="28"), payment(receiver_name=""),
            payments([row()], {"file_id_modifier": "a"}), payments([row()], effective_entry_date="260231"),
            payments([row()], service_class_code="220"), payments([row()], company_name=" "),
            payments([row(trace_number="121042880000002"), row(trace_number="121042880000002")]),
            payments([row()], {"immediate_destination": "121042883"}),
        ]:
            with self.subTest(document):
                self.done("json", "--to-ach", "-", "-o", "out.ach", stdin=document, code=2)
                self.assertEqual(self.names(), [])

    def test_f_06_names(self):
        """F-06: a name is written as it is or refused, never bent; small letters are letters."""
        data = self.done("json", "--to-ach", "-", stdin=payment(receiver_name="ann o'lee")).stdout
        self.assertEqual(field(nacha_reader.read(data).entries[0].record, 55, 76).rstrip(), "ann o'lee")
        for name in ("Zo\u00eb", "X" * 23, "A\tB", "\u674e\u5b89"):
            self.done("json", "--to-ach", "-", stdin=payment(receiver_name=name), code=2)

    def test_i_01_documents_that_are_no_json(self):
        """I-01, I-04: keys that stand twice, half a document, marks, other encodings."""
        good = payment()
        for data in (b"", b"[", good[:-1], good + b"x", b"\xef\xbb\xbf" + good,
                     good.decode().encode("utf-16"), good.replace(b"ANN", b"\xff"),
                     good.replace(b'"account_number"', b'"account_number":"1","account_number"'),
                     b"[" * 100000):
            with self.subTest(data[:20]):
                self.done("json", "--to-ach", "-", stdin=data, code=2)

    def test_f_05_totals_beyond_their_fields(self):
        """F-05: twelve digits hold a batch of a hundred largest entries and no more."""
        most = row(amount_minor_units=9999999999)
        file = self.accepted(self.done("json", "--to-ach", "-", stdin=payments([most] * 100)).stdout)
        self.assertEqual(sums(file), (999999999900, 0))
        done = self.done("json", "--to-ach", "-", "-o", "out.ach", stdin=payments([most] * 101), code=2)
        self.assertIn(b"/batches/0", done.stderr)
        self.done("json", "--to-ach", "-", stdin=payment(amount_minor_units=10 ** 10), code=2)
        document = json.loads(payments([most] * 60))
        document["batches"] *= 2
        self.done("json", "--to-ach", "-", "-o", "out.ach", stdin=json.dumps(document).encode(), code=2)
        self.assertEqual(self.names(), [])

    def test_f_05_traces_do_not_wrap(self):
        """F-05: behind 9,999,999 no trace number is left, and none is made up."""
        last = row(trace_number="121042889999999")
        self.accepted(self.done("json", "--to-ach", "-", stdin=payments([last])).stdout)
        self.done("json", "--to-ach", "-", stdin=payments([last, row()]), code=2)
        data = self.done("json", "--to-ach", "-", stdin=payments([last])).stdout
        done = self.done("balance", "-", "--routing", "021000021", "--account", "1", "--name", "CITY",
                         stdin=data, code=2)
        self.assertIn(b"trace number", done.stderr)
        self.done("reverse", "-", "--trace-from", "10000000", stdin=data, code=2)
        self.done("reverse", "-", "--trace-from", "9999999", stdin=standard(), code=2)
        self.accepted(self.done("reverse", "-", "--trace-from", "9999999", stdin=data).stdout)
        self.done("json", "--to-ach", "-", stdin=payments([row()], batch_number=10 ** 7), code=2)


class Merging(Case):
    def test_nothing_is_lost(self):
        """F-02: files with equal traces keep every entry, and each batch ascends strictly."""
        first = sample("--batches", "2", "--entries", "30")
        second = sample("--entries", "20", "--modifier", "B", "--addenda", "all")
        third = sample("--sec", "CTX", "--entries", "5")
        inputs = [first, second, first, third]
        names = [self.keep(f"{number}.ach", data).name for number, data in enumerate(inputs)]
        self.done("merge", *names, "-o", "out.ach")
        whole = self.accepted((self.folder / "out.ach").read_bytes())
        files = [nacha_reader.read(data) for data in inputs]
        self.assertEqual(entries(whole), sum((entries(file) for file in files), Counter()))
        self.assertEqual(sums(whole), sums(*files))
        self.assertEqual(len(whole.traces), 145)
        self.assertGreater(len(whole.traces), len(set(whole.traces)))
        for batch in whole.batches:
            traces = [entry.trace for entry in batch.entries]
            self.assertEqual(traces, sorted(set(traces)))

    def test_f_02_a_file_with_itself(self):
        path = self.keep("one.ach", standard())
        whole = self.accepted(self.done("merge", path, path, path).stdout)
        one = nacha_reader.read(standard())
        self.assertEqual(entries(whole), Counter({key: 3 * count
                                                  for key, count in entries(one).items()}))

    def test_limits(self):
        path = self.keep("one.ach", sample("--entries", "60", "--batches", "2"))
        before = nacha_reader.read(path.read_bytes())
        for options in (["--max-lines", "20"], ["--max-lines", "50"], ["--max-amount", "12000.00"],
                        ["--max-lines", "40", "--max-amount", "15000"]):
            with self.subTest(options):
                done = self.done("merge", path, *options, "-o", "out.ach")
                names = [line.split()[-1] for line in done.stderr.decode().splitlines()]
                files = [nacha_reader.read((self.folder / name).read_bytes()) for name in names]
                self.done("validate", *names)
                self.assertGreater(len(files), 1)
                self.assertEqual(sum((entries(file) for file in files), Counter()), entries(before))
                self.assertEqual(sums(*files), sums(before))
                for file in files:
                    if "--max-lines" in options:
                        self.assertLessEqual(len(file.records), int(options[1]))
                    if "--max-amount" in options:
                        self.assertLessEqual(max(sums(file)), int(float(options[-1]) * 100))
                for name in names:
                    (self.folder / name).unlink()
        self.done("merge", path, "--max-amount", "0.01", code=2)
        self.done("merge", path, "--max-lines", "5", code=2)
        self.done("merge", path, "--max-lines", "20", code=2)  # several files, one standard output

    def test_f_04_thirty_six_modifiers(self):
        """F-04: A to Z, then 0 to 9; a thirty-seventh file is refused and nothing is written."""
        order = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        data = sample("--entries", str(36 * 6), "--addenda", "necessary")
        path = self.keep("all.ach", data)
        self.done("merge", path, "--max-lines", "10", "-o", "out.ach")
        wanted = [f"out-{modifier}.ach" for modifier in order]
        self.assertEqual(self.names(), sorted(["all.ach"] + wanted))
        files = [nacha_reader.read((self.folder / name).read_bytes()) for name in wanted]
        self.done("validate", *wanted)
        self.assertEqual("".join(file.header[33] for file in files), order)
        self.assertEqual([trace for file in files for trace in file.traces],
                         nacha_reader.read(data).traces)
        for name in wanted:
            (self.folder / name).unlink()
        self.keep("out-A.ach", b"as it was")
        self.done("merge", path, "--max-lines", "10", "--modifier", "B", "-o", "out.ach", code=2)
        path.write_bytes(sample("--entries", str(36 * 6 + 1), "--addenda", "necessary"))
        self.done("merge", path, "--max-lines", "10", "-o", "out.ach", code=2)
        self.assertEqual(self.names(), ["all.ach", "out-A.ach"])
        self.assertEqual((self.folder / "out-A.ach").read_bytes(), b"as it was")

    def test_f_05_totals_are_split_over_files(self):
        """F-05: two files whose totals together need a thirteenth digit stay two."""
        most = row(amount_minor_units=9999999999)
        data = self.done("json", "--to-ach", "-", stdin=payments([most] * 60)).stdout
        names = [self.keep(name, data) for name in ("1.ach", "2.ach")]
        self.done("merge", *names, "-o", "out.ach")
        files = [self.accepted((self.folder / name).read_bytes())
                 for name in ("out-A.ach", "out-B.ach")]
        self.assertEqual(sums(*files), (2 * 60 * 9999999999, 0))

    def test_banks_are_not_mixed(self):
        """Files for another bank are not merged into one for this bank."""
        data = self.done("json", "--to-ach", "-", stdin=payment()).stdout
        names = [self.keep("1.ach", standard()), self.keep("2.ach", data)]
        done = ach("merge", *names, "-o", "out.ach", cwd=self.folder)
        if done.returncode == 0:
            made = [path for path in self.folder.iterdir() if path.name.startswith("out")]
            banks = Counter(nacha_reader.read(path.read_bytes()).header[3:23] for path in made)
            self.assertEqual(len(made), 2)
            self.assertEqual(len(banks), 2)
        else:
            self.assertEqual(done.returncode, 2)
            self.assertEqual(self.names(), ["1.ach", "2.ach"])

    def test_split(self):
        for sec in ("PPD", "CTX", "IAT"):
            data = sample("--sec", sec, "--batches", "2", "--entries", "12")
            path = self.keep("in.ach", data)
            self.done("split", path, "-o", "out.ach")
            credits, debits = [self.accepted((self.folder / f"out-{side}.ach").read_bytes())
                               for side in ("credits", "debits")]
            before = nacha_reader.read(data)
            self.assertEqual(entries(credits) + entries(debits), entries(before))
            self.assertEqual(sums(credits), (0, before.total(False)))
            self.assertEqual(sums(debits), (before.total(True), 0))
            self.assertEqual({batch.service_class for batch in credits.batches}, {"220"})
            self.assertEqual({batch.service_class for batch in debits.batches}, {"225"})
            self.assertEqual((credits.header[33], debits.header[33]), ("A", "B"))

    def test_split_of_one_side(self):
        path = self.keep("in.ach", sample("--sides", "debits"))
        self.done("split", path)
        self.assertEqual(self.names(), ["in-debits.ach", "in.ach"])

    def test_split_makes_no_odd_names(self):
        """Standard output takes no two files, and none is called after the dash."""
        self.done("split", self.keep("in.ach", standard()), "-o", "-", code=2)
        self.assertEqual(self.names(), ["in.ach"])

    def test_split_writes_both_or_none(self):
        (self.folder / "out-debits.ach").mkdir()
        self.done("split", self.keep("in.ach", standard()), "-o", "out.ach", code=4)
        self.assertEqual(self.names(), ["in.ach", "out-debits.ach"])

    def test_flatten(self):
        data = standard()
        first, other = lines(data)[1], place(data, "5", 1)
        control = place(data, "8", 1)
        twins = changed(data, (other, 5, first[4:87]), (control, 45, field(first, 41, 50)))
        before = self.accepted(twins)
        after = self.accepted(self.done("flatten", "-", stdin=twins).stdout)
        self.assertEqual((len(before.batches), len(after.batches)), (2, 1))
        self.assertEqual(entries(after), entries(before))
        self.assertEqual(sums(after), sums(before))
        self.assertEqual(after.traces, sorted(after.traces))
        apart = self.accepted(self.done("flatten", "-", stdin=data).stdout)
        self.assertEqual(len(apart.batches), 2)


class Reversing(Case):
    OTHER = {"22": "27", "27": "22", "32": "37", "37": "32", "42": "47", "47": "42", "52": "55"}

    def test_a_whole_file(self):
        data = standard()
        credit = place(data, "6", 0, lambda record: record[1:3] == "22")
        data = changed(data, (credit, 2, "52"))
        before = self.accepted(data)
        done = self.done("reverse", "-", "--effective-date", "2026-06-08", "--modifier", "C", stdin=data)
        after = self.accepted(done.stdout)
        self.assertEqual(sums(after), tuple(reversed(sums(before))))
        self.assertEqual([entry.code for entry in after.entries],
                         [self.OTHER[entry.code] for entry in before.entries])
        self.assertEqual(after.traces, before.traces)
        self.assertEqual([field(entry.record, 4, 76) for entry in after.entries],
                         [field(entry.record, 4, 76) for entry in before.entries])
        for batch in after.batches:
            self.assertEqual(batch.description, "REVERSAL")
            self.assertEqual(batch.service_class, "200")
            self.assertEqual(field(batch.header, 70, 75), "260608")
        self.assertEqual(after.header[33], "C")

    def test_classes_change_sides(self):
        for side, service_class in (("debits", "220"), ("credits", "225")):
            for sec in ("PPD", "CCD", "WEB", "CTX"):
                data = sample("--sec", sec, "--sides", side, "--entries", "5")
                after = self.accepted(self.done("reverse", "-", stdin=data).stdout)
                self.assertEqual({batch.service_class for batch in after.batches}, {service_class})

    def test_tel_debits_come_back_as_credits(self):
        data = sample("--sec", "TEL", "--entries", "5")
        after = self.accepted(self.done("reverse", "-", stdin=data).stdout)
        self.assertEqual(sums(after), (0, nacha_reader.read(data).total(True)))

    def test_some_entries(self):
        before = nacha_reader.read(standard())
        chosen = [before.entries[2], before.entries[9]]
        after = self.accepted(self.done(
            "reverse", "-", "--trace", chosen[0].trace, "--trace", chosen[1].trace,
            "--trace-from", "501", stdin=standard()).stdout)
        self.assertEqual(sum(sums(after)), sum(entry.amount for entry in chosen))
        self.assertEqual([trace[8:] for trace in after.traces], ["0000501", "0000502"])
        done = self.done("reverse", "-", "--trace", "121042880000009", stdin=standard(), code=2)
        self.assertIn(b"121042880000009", done.stderr)

    def test_what_moved_no_money(self):
        data = sample("--prenotes", "--entries", "8")
        done = self.done("reverse", "-", "-o", "out.ach", stdin=data, code=2)
        self.assertIn(b"prenote", done.stderr)
        self.assertEqual(self.names(), [])
        done = self.done("reverse", "-", "--skip", stdin=data)
        live = [entry for entry in nacha_reader.read(data).entries if entry.amount]
        self.assertEqual(len(self.accepted(done.stdout).entries), len(live))
        self.assertEqual(done.stderr.count(b"not reversed"), 8 - len(live))
        for answer in ANSWERS:
            self.done("reverse", "-", stdin=sample("--answer", answer, "--entries", "2"), code=2)

    def test_a_late_reversal_is_warned_of(self):
        done = self.done("reverse", "-", stdin=sample("--date", "2020-06-01"))
        self.assertIn(b"warning: batch 1", done.stderr)

    def test_balance(self):
        for options in ((), ("--sides", "debits"), ("--sides", "credits"), ("--batches", "3")):
            data = sample(*options)
            before = nacha_reader.read(data)
            after = self.accepted(self.done(
                "balance", "-", "--routing", "021000021", "--account", "987654321", "--kind", "savings",
                "--name", "CITY", stdin=data).stdout)
            for old, new in zip(before.batches, after.batches):
                self.assertEqual(new.total(True), new.total(False))
                self.assertEqual(new.service_class, "200")
                self.assertEqual(len(new.entries), len(old.entries) + 1)
                offset = new.entries[-1]
                self.assertEqual(field(offset.record, 4, 29).rstrip(), "021000021987654321")
                self.assertEqual(offset.amount, abs(old.total(True) - old.total(False)))
                self.assertEqual(offset.code, "37" if old.total(False) > old.total(True) else "32")
        for wrong in (["--routing", "021000020"], ["--routing", "02100002"], ["--account", ""],
                      ["--account", "1" * 18], ["--name", "X" * 23]):
            asked = {"--routing": "021000021", "--account": "1", "--name": "CITY"}
            asked[wrong[0]] = wrong[1]
            self.done("balance", "-", *[word for pair in asked.items() for word in pair],
                      stdin=standard(), code=2)


class Differences(Case):
    def diff(self, old, new, code, *options):
        first, second = self.keep("old.ach", old), self.keep("new.ach", new)
        return self.done("diff", *options, first, second, code=code).stdout.decode()

    def test_forms_mean_nothing(self):
        good = lines(standard())
        for form in FORMS.values():
            text = self.diff(standard(), joined(good, *form), 0)
            self.assertIn("The files say the same.", text)
        self.diff(standard(), joined(good[:place(standard(), "9")]), 0)
        document = json.loads(self.diff(standard(), standard(), 0, "--json"))
        self.assertEqual(document, {"same": True, "differences": []})

    def test_an_altered_account_is_named(self):
        """Totals do not notice it; a comparison does, and shows the last four alone."""
        account = field(lines(standard())[2], 13, 29).rstrip()
        new = changed(standard(), (3, 13, ("55" + account[2:])))
        text = self.diff(standard(), new, 1)
        self.assertRegex(text, r"(?m)^line 3 -> 3, .*account number")
        self.assertIn(nacha_reader.read(new).traces[0], text)
        self.assertNotIn(account, text)
        document = json.loads(self.diff(standard(), new, 1, "--json"))
        self.assertFalse(document["same"])
        one = document["differences"][0]
        self.assertEqual((one["field"], one["from"], one["to"], one["old_line"], one["new_line"]),
                         ("account_number", 13, 29, 3, 3))
        self.assertIn(account, self.diff(standard(), new, 1, "--reveal"))

    def test_an_entry_more(self):
        rows = [row(trace_number=f"12104288000000{number}") for number in range(1, 5)]
        more = self.done("json", "--to-ach", "-", stdin=payments(rows)).stdout
        less = self.done("json", "--to-ach", "-", stdin=payments(rows[:2] + rows[3:])).stdout
        self.assertRegex(self.diff(more, less, 1), "entry 121042880000003: entry removed")
        self.assertRegex(self.diff(less, more, 1), "entry 121042880000003: entry added")

    def test_an_amount(self):
        one = self.done("json", "--to-ach", "-", stdin=payment()).stdout
        two = self.done("json", "--to-ach", "-", stdin=payment(amount_minor_units=12501)).stdout
        text = self.diff(one, two, 1)
        self.assertRegex(text, r"amount.*12500.*12501|amount.*125\.00.*125\.01")
        self.assertIn("debits 125.00", text)
        self.assertIn("debits 125.01", text)

    def test_headers(self):
        text = self.diff(standard(), changed(standard(), (1, 34, "B")), 1)
        self.assertRegex(text, "file id modifier: 'A' -> 'B'")

    def test_order_alone_is_told(self):
        """Batches in another order, numbered again, say the same."""
        good = lines(standard())
        first, second = place(standard(), "5"), place(standard(), "5", 1)
        end = place(standard(), "9")
        one, two = good[first - 1:second - 1], good[second - 1:end - 1]
        swapped = [put(record, 88, "0000001") if record[0] in "58" else record for record in two]
        swapped += [put(record, 88, "0000002") if record[0] in "58" else record for record in one]
        new = joined(good[:1] + swapped + good[end - 1:])
        self.accepted(new)
        text = self.diff(standard(), new, 0)
        self.assertIn("The files say the same.", text)
        self.assertGreater(len(text.splitlines()), 3)

    def test_invalid_files_are_refused(self):
        bad = self.keep("bad.ach", changed(standard(), (3, 2, "20")))
        self.done("diff", bad, bad, code=2)


if __name__ == "__main__":
    unittest.main()
