internal import Nacha

/// A record as far as its JSON object says it.
struct RecordDraft {
    var record: Record
    /// One bit for each member of the plan whose value was taken.
    var given: UInt64 = 0
    /// One bit for each member that is there, right or wrong.
    var present: UInt64 = 0
    /// Whether `record` gave all 94 characters.
    var isWhole = false

    // Members that are no fields: where their values stand
    var kind: Int?
    var type: Int?
    var addenda: Int?
    var routingNumber: Int?

    init(_ plan: RecordPlan) { record = plan.template }

    /// Writes bytes left-justified into a field and blanks behind them; there are not too many.
    @inline(__always)
    mutating func write(_ bytes: UnsafeRawBufferPointer, _ member: RecordPlan.Member) {
        Self.withBytes(of: &record) { record in
            let target = record + member.offset
            for index in 0..<bytes.count {
                target.storeBytes(of: bytes[index], toByteOffset: index, as: UInt8.self)
            }
            for index in bytes.count..<member.length {
                target.storeBytes(of: UInt8(ascii: " "), toByteOffset: index, as: UInt8.self)
            }
        }
    }

    /// Writes digits right-justified into a field and zeros before them; there are not too many.
    @inline(__always)
    mutating func writeNumber(_ digits: UnsafeRawBufferPointer, _ member: RecordPlan.Member) {
        Self.withBytes(of: &record) { record in
            let zeros = member.length - digits.count
            let target = record + member.offset
            for index in 0..<zeros {
                target.storeBytes(of: UInt8(ascii: "0"), toByteOffset: index, as: UInt8.self)
            }
            for index in 0..<digits.count {
                target.storeBytes(of: digits[index], toByteOffset: zeros + index, as: UInt8.self)
            }
        }
    }

    /// Writes a text that is computed, and counts it as given.
    mutating func fill(_ text: String, _ index: Int, _ plan: RecordPlan) {
        let member = plan.members[index]
        precondition(text.utf8.count <= member.length, "A value that is computed fits its field.")
        record.write(text, member.offset + 1, member.offset + member.length)
        given |= 1 &<< UInt64(index)
    }

    /// Hands out the 94 bytes of a record, which is nothing else.
    @inline(__always)
    private static func withBytes(
        of record: inout Record,
        _ body: (UnsafeMutableRawPointer) -> Void
    ) {
        withUnsafeMutableBytes(of: &record) { bytes in
            precondition(bytes.count == RecordView.length, "A record is its characters alone.")
            if let start = bytes.baseAddress { body(start) }
        }
    }
}
