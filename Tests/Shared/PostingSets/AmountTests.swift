import CSimdjson
import Money
import PostingSets
import Testing

@Suite("Amounts in both readers")
struct AmountTests {
    /// Odd inputs with their value in cents or the fault of either reader.
    static let table: [(text: String, outcome: Result<Int64, AmountFault>)] = [
        ("0", .success(0)), ("-0", .success(0)), ("-0.00", .success(0)), ("0e400", .success(0)),
        ("-1", .success(-100)), ("0.1", .success(10)), ("1.0", .success(100)),
        ("1.10", .success(110)), ("1.100", .success(110)), ("1.1000000", .success(110)),
        ("-5", .success(-500)), ("-5.05", .success(-505)), ("1198.00", .success(119_800)),
        ("1e2", .success(10_000)), ("1E2", .success(10_000)), ("1e+2", .success(10_000)),
        ("12e-1", .success(120)), ("1200e-3", .success(120)), ("0.012e2", .success(120)),
        ("12345678.90", .success(1_234_567_890)), ("123456789.01", .success(12_345_678_901)),
        ("12345678901234.56", .success(1_234_567_890_123_456)),
        ("9007199254740993", .success(900_719_925_474_099_300)),
        ("92233720368547758.07", .success(.max)), ("-92233720368547758.07", .success(-.max)),
        ("0.07", .success(7)), ("10.01", .success(1_001)),
        ("100000000.00", .success(10_000_000_000)),
        ("1.999", .failure(.moreThanTwoDecimals)), ("0.001", .failure(.moreThanTwoDecimals)),
        ("1e-3", .failure(.moreThanTwoDecimals)), ("1E-400", .failure(.moreThanTwoDecimals)),
        ("1E400", .failure(.outOfRange)), ("9223372036854775808", .failure(.outOfRange)),
        ("18446744073709551616", .failure(.outOfRange)),
        ("92233720368547758.08", .failure(.outOfRange)),
        ("-92233720368547758.08", .failure(.outOfRange)),
        ("1000000000000000000000", .failure(.outOfRange)),
        ("NaN", .failure(.notANumber)), ("nan", .failure(.notANumber)),
        ("Infinity", .failure(.notANumber)), ("-Infinity", .failure(.notANumber)),
        ("01", .failure(.notANumber)), ("00.10", .failure(.notANumber)),
        ("01.10", .failure(.notANumber)), ("-01.10", .failure(.notANumber)),
        ("1.", .failure(.notANumber)), (".5", .failure(.notANumber)), ("-", .failure(.notANumber)),
        ("-.50", .failure(.notANumber)), ("+1", .failure(.notANumber)),
        ("1e", .failure(.notANumber)),
        ("1.0.0", .failure(.notANumber)), ("1_000", .failure(.notANumber)),
        ("0x10", .failure(.notANumber)), ("1.5f", .failure(.notANumber)),
        ("12/4.50", .failure(.notANumber)), ("12a4.50", .failure(.notANumber)),
        ("--1", .failure(.notANumber)), ("1-1.00", .failure(.notANumber)),
        ("１.00", .failure(.notANumber)),
        (String(repeating: "9", count: 1_000), .failure(.outOfRange)),
        (String(repeating: "9", count: 1_001), .failure(.tooLong)),
        ("1." + String(repeating: "0", count: 998), .success(100)),
        ("1." + String(repeating: "0", count: 999), .failure(.tooLong)),
    ]

    @Test("I-02: an odd number is exact or refused, the same in Swift and in C++", arguments: table)
    func oddNumbers(text: String, outcome: Result<Int64, AmountFault>) throws {
        #expect(inSwift(text) == outcome)
        #expect(inCxx(text) == outcome)
        try expectField("amount", text, outcome)
        try expectField("total_amount", text, outcome)
    }

    private func expectField(
        _ name: String,
        _ text: String,
        _ outcome: Result<Int64, AmountFault>
    ) throws {
        let field = try #require(FieldCase.all.first { $0.name == name })
        let document = field.changed { $0[name] = text }
        switch outcome {
        case .success(let cents):
            try set(document) { set in
                let amount =
                    field.isInTransaction ? set.amounts[0] : set.header.totalAmount.minorUnits
                #expect(amount == cents)
            }
        case .failure(let fault):
            #expect(findings(document) == [Finding(field.pointer, code(fault))])
        }
    }

    private func code(_ fault: AmountFault) -> SetFaultCode {
        switch fault {
        case .notANumber: .malformed
        case .tooLong: .tooLong
        case .moreThanTwoDecimals: .tooManyDecimals
        case .outOfRange: .outOfRange
        }
    }

    @Test("A hundred thousand made-up numbers mean the same in Swift and in C++")
    func agreement() {
        var random = SplitMix(seed: 20_260_731)
        let pieces = [
            "0", "1", "9", "00", "25", "99", ".", "-", "e", "E", "+", "e2", "e-2", "12345678",
        ]
        for _ in 0..<100_000 {
            let count = Int.random(in: 1...7, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let (swift, cxx) = (inSwift(text), inCxx(text))
            #expect(swift == cxx, "\(text)")
            if case .success(let cents) = swift {
                let amount = Amount(minorUnits: cents)
                #expect(inSwift(amount.jsonNumber) == .success(cents))
                #expect(writtenInCxx(amount) == amount.jsonNumber)
            }
        }
    }

    @Test(
        "I-02: a string, a boolean and null are no amounts",
        arguments: ["\"5\"", "true", "null"]
    )
    func otherTypes(value: String) {
        let pointer = "/transactions/0/amount"
        #expect(findings(.field("amount", value)) == [Finding(pointer, .wrongType)])
    }

    @Test("I-03: a sum beyond 64 bits is none; one that comes back is exact")
    func sums() throws {
        let largest = "92233720368547758.07"
        func sum(_ amounts: [String]) throws -> Int64? {
            let document = SetDocument.with { document in
                document.transactions = amounts.map { amount in
                    var transaction = SetDocument.transaction
                    transaction["amount"] = amount
                    return transaction
                }
            }
            return try set(document) { $0.sum()?.minorUnits }
        }
        #expect(try sum([largest, "0.01"]) == nil)
        #expect(try sum(["-\(largest)", "-0.02"]) == nil)
        #expect(try sum([largest, largest, "-\(largest)"]) == .max)
        #expect(try sum(["0.1", "0.2"]) == 30)
        #expect(try sum(Array(repeating: largest, count: 1_000)) == nil)
    }

    private func inSwift(_ text: String) -> Result<Int64, AmountFault> {
        do throws(AmountFault) {
            return .success(try Amount(text).minorUnits)
        } catch {
            return .failure(error)
        }
    }

    private func inCxx(_ text: String) -> Result<Int64, AmountFault> {
        var cents: Int64 = 0
        let fault = bursar_amount_parse(text, text.utf8.count, &cents)
        return fault == 0 ? .success(cents) : .failure(AmountFault.allCases[Int(fault) - 1])
    }

    private func writtenInCxx(_ amount: Amount) -> String {
        var bytes = [CChar](repeating: 0, count: 25)
        let count = bursar_amount_write(amount.minorUnits, &bytes)
        return String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// A generator whose numbers follow from its seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
