@testable import Nacha
import Testing

@Suite("Profiles")
struct ProfileTests {
    @Test("The two profiles differ in what only origination refuses", arguments: RuleCatalogue.all)
    func builtIn(_ rule: Rule) {
        let strict = Profile.strict.severity(rule.id)
        let lenient = Profile.lenient.severity(rule.id)
        switch rule.weight {
        case .error: #expect([strict, lenient] == [.error, .error])
        case .strictOnly: #expect([strict, lenient] == [.error, .warning])
        case .warning: #expect([strict, lenient] == [.warning, .warning])
        }
    }

    @Test("What is let pass of what comes in is what the design names")
    func lenientRules() {
        let relaxed = RuleCatalogue.all.filter { $0.weight == .strictOnly }.map(\.id)
        #expect(
            Set(relaxed) == [
                .lineShort, .lineBlankTail, .lineBlank, .lineByteOrderMark, .fileHeaderMissing,
                .fileControlMissing, .fileBlocking, .fileControlBlockCount,
            ]
        )
    }

    @Test("What is only warned of is what the design names")
    func warnings() {
        let warned = RuleCatalogue.all.filter { $0.weight == .warning }.map(\.id)
        #expect(
            Set(warned) == [
                .batchEffectiveDateBlank, .entryAmountSameDay, .entryNameWanted,
                .entryPaymentTypeWanted, .entryTraceRepeated, .addendaDateOfDeath,
                .addendaCorrectedDataForm,
            ]
        )
    }

    @Test("A bank's profile names what it changes and takes the rest from another")
    func changed() {
        let bank = Profile.lenient.changed(
            name: "first bank",
            [.entryName: .warning, .fileBlocking: .error, .entryTraceOrder: .off]
        )
        #expect(bank.name == "first bank")
        #expect(bank.severity(.entryName) == .warning)
        #expect(bank.severity(.fileBlocking) == .error)
        #expect(bank.severity(.entryTraceOrder) == .off)
        #expect(bank.severity(.lineShort) == .warning)
        #expect(bank.severity(.entryAccount) == .error)
        let second = bank.changed(name: "second bank", [.entryName: .error])
        #expect(second.severity(.entryName) == .error)
        #expect(second.severity(.entryTraceOrder) == .off)
    }

    @Test("A rule has the severity that its profile gives it", arguments: Severity.allCases)
    func severities(_ severity: Severity) throws {
        var text = try NachaText(.plain(.ppd))
        text.count(3, at: 12)
        text.fill(" ", 2, 70, 75)
        let profile = Profile.strict.changed(
            name: "bank",
            [.entryCheckDigit: severity, .batchEffectiveDateBlank: severity]
        )
        let report = text.report(profile)
        #expect(
            report.diagnostics.map(\.severity) == (severity == .off ? [] : [severity, severity])
        )
        #expect(report.isValid == (severity != .error))
        #expect(report.errorCount == (severity == .error ? 2 : 0))
        #expect(report.warningCount == (severity == .warning ? 2 : 0))
    }

    @Test(
        "A rule that is relaxed changes nothing of what is read",
        arguments: RuleTests.cases.filter { ![.lineLong, .lineBlankTail].contains($0.rule) }
    )
    func readingIsTheSame(_ example: RuleCase) throws {
        let strict = try example.report(.strict).totals
        for severity in [Severity.off, .warning] {
            let profile = Profile.strict.changed(name: "bank", [example.rule: severity])
            #expect(try example.report(profile).totals == strict)
        }
    }

    @Test(
        "A line that is too long is read for what it says where it may be, so that totals are kept"
    )
    func longLine() throws {
        var text = try NachaText(.plain(.ppd))
        text.lines[2] += Array("X".utf8)
        let profile = Profile.strict.changed(name: "bank", [.lineLong: .off])
        #expect(text.report(profile).isValid)
        text.write(999, 3, 30, 39)
        #expect(!text.report(profile).isValid)
    }

    @Test("An entry under blanks is missed by those who let blank lines pass")
    func blankedEntry() throws {
        var text = try NachaText(.plain(.ppd))
        text.fill(" ", 3, 1, 94)
        #expect(!text.report(.lenient).isValid)
        #expect(!text.report(.strict.changed(name: "bank", [.lineBlank: .off])).isValid)
    }

    @Test("A same-day limit of one's own is kept")
    func sameDayLimit() throws {
        var text = try NachaText(.plain(.ppd))
        text.write("SD1300", 2, at: 64)
        text.write(5_001, 3, 30, 39)
        text = text.resealed()
        #expect(text.report().places == [])
        var reader = FileReader(profile: .strict, sameDayLimitMinorUnits: 5_000)
        reader.read(text.bytes)
        #expect(reader.finish().places.contains("entryAmountSameDay warning 3:30-39"))
    }
}
