import Dates
import Money
import Testing

@testable import Protocol

@Suite("Reading the members of a request")
struct FieldReaderTests {
    private func reader(_ text: String) throws -> FieldReader {
        try Array(text.utf8).withUnsafeBytes { try FieldReader($0) }
    }

    private func faults(_ text: String, _ read: (inout FieldReader) -> Void) throws -> [String] {
        var reader = try reader(text)
        read(&reader)
        do throws(RPCError) {
            try reader.finish()
            return []
        } catch {
            return error.details.map { "\($0.field) \($0.code)" }
        }
    }

    @Test("Values are read by name, amounts to the last digit")
    func values() throws {
        var reader = try reader(
            #"{"amount":92233720368547758.07,"date":"2024-02-29","count":3,"on":true,"type":"H"}"#
        )
        #expect(reader.amount("amount", required: true)?.minorUnits == .max)
        #expect(reader.day("date")?.text == "2024-02-29")
        #expect(reader.integer("count") == 3)
        #expect(reader.boolean("on") == true)
        #expect(reader.word("type", as: PaymentType.self) == .check)
        #expect(reader.string("absent") == nil)
        try reader.finish()
    }

    @Test("Every fault is told at once, the members that nobody knows too")
    func allFaults() throws {
        let found = try faults(
            #"{"a":"1","b":1.5,"c":1.234,"d":"2024-02-30","e":1,"f":"","g":null,"h":"X","z~/":0}"#
        ) { reader in
            _ = reader.amount("a")
            _ = reader.integer("b")
            _ = reader.amount("c")
            _ = reader.day("d")
            _ = reader.boolean("e")
            _ = reader.string("f", required: true)
            _ = reader.string("g", required: true)
            _ = reader.word("h", as: PaymentType.self)
            _ = reader.integer("i", required: true)
        }
        #expect(
            found == [
                "/a wrong_type", "/b wrong_type", "/c too_many_decimals", "/d malformed",
                "/e wrong_type", "/f missing", "/g missing", "/h unknown_value", "/i missing",
                "/z~0~1 unknown_field",
            ]
        )
    }

    @Test(
        "What is no object, or holds a member twice, is refused",
        arguments: ["", "[]", "1", "{", #"{"a":1,"a":2}"#, #"{"a":01}"#, "{}x"]
    )
    func refused(text: String) throws {
        #expect(throws: RPCError.self) { _ = try reader(text) }
    }
}
