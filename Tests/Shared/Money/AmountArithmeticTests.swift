import Money
import Testing

@Suite("Amounts in texts and sums")
struct AmountArithmeticTests {
    @Test(
        "An amount is printed as the seed prints it, and with two decimals (contract S1-36)",
        arguments: [
            (119_800, "1198.0", "1198.00"), (119_820, "1198.2", "1198.20"),
            (659_994, "6599.94", "6599.94"), (-500, "-5.0", "-5.00"), (0, "0.0", "0.00"),
            (5, "0.05", "0.05"), (-5, "-0.05", "-0.05"), (50, "0.5", "0.50"),
            (Int64.max, "92233720368547758.07", "92233720368547758.07"),
            (Int64.min, "-92233720368547758.08", "-92233720368547758.08"),
        ]
    )
    func printed(minorUnits: Int64, json: String, fixed: String) {
        let amount = Amount(minorUnits: minorUnits)
        #expect(amount.jsonNumber == json)
        #expect(amount.fixedDecimal == fixed)
    }

    @Test("What is printed is read as the same amount")
    func roundTrip() throws {
        for minorUnits: Int64 in [0, 1, 9, 10, 99, 100, 101, -1, -99, 1_234_567_890, .max, -.max] {
            let amount = Amount(minorUnits: minorUnits)
            #expect(try Amount(amount.jsonNumber) == amount)
            #expect(try Amount(amount.fixedDecimal) == amount)
        }
    }

    @Test("0.1 + 0.2 is 0.3, and the seed's sums come out to the cent (contract S1-12, S1-35)")
    func exactSums() throws {
        #expect(try Amount("0.1").adding(Amount("0.2")) == Amount("0.3"))
        #expect(try Amount.sum(of: [Amount("1198.00"), Amount("6599.94")]) == Amount("7797.94"))
        #expect(try Amount.sum(of: [Amount("1198.2"), Amount("6599.94")]) == Amount("7798.14"))
    }

    @Test("I-03: a sum that does not fit is none, and nothing traps")
    func overflow() {
        let largest = Amount(minorUnits: .max)
        let smallest = Amount(minorUnits: .min)
        let one = Amount(minorUnits: 1)
        #expect(largest.adding(one) == nil)
        #expect(smallest.negated() == nil)
        #expect(Amount.sum(of: [largest, one]) == nil)
        #expect(Amount.sum(of: [largest, one, Amount(minorUnits: -1)]) == largest)
        #expect(Amount.sum(of: []) == .zero)
    }
}
