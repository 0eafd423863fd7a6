internal import Nacha

/// Writes one record after another as the members of a JSON object.
struct RecordText: ~Copyable {
    private let isMasked: Bool
    /// The record that is being written, blanks behind it: room for copying in strides.
    private let text: UnsafeMutableRawPointer

    private static let size = 128
    private static let blank = UInt8(ascii: " ")
    /// More bytes than any record takes with all its names, every character escaped.
    private static let limit = 4_096

    init(isMasked: Bool) {
        self.isMasked = isMasked
        text = .allocate(byteCount: Self.size, alignment: 16)
        text.initializeMemory(as: UInt8.self, repeating: Self.blank, count: Self.size)
    }

    deinit { text.deallocate() }

    /// Appends `{` and the members of a record; the object stays open.
    @inline(__always)
    func append(_ record: UnsafeRawPointer, _ plan: RecordPlan, to out: inout OutputBuffer) {
        text.copyMemory(from: record, byteCount: RecordView.length)
        out.reserve(Self.limit)
        let start = out.end
        if !plan.head.isEmpty { out.append(plan.head) }
        if plan.pattern.fits(text) {
            if isMasked { mask(plan) }
            let needsEscapes = CharacterPattern.needsEscapes(text)
            out.write { putAtOnce(plan, needsEscapes, with: &$0) }
        } else {
            appendWithCare(plan, to: &out)
        }
        // Every member begins with a comma; the first one's is the brace.
        start.storeBytes(of: UInt8(ascii: "{"), as: UInt8.self)
    }

    /// Appends a record of no known kind, which has no fields.
    func appendUnknown(_ record: UnsafeRawPointer, to out: inout OutputBuffer) {
        text.copyMemory(from: record, byteCount: RecordView.length)
        out.append("{\"kind\":\"unknown\"")
        if !isMasked { appendWhole(to: &out) }
    }

    /// A record that its fields give back.
    @inline(__always)
    private func putAtOnce(
        _ plan: RecordPlan,
        _ needsEscapes: Bool,
        with pen: inout JSONPen
    ) {
        plan.prefixes.withUnsafeBytes { prefixes in
            guard let prefixes = prefixes.baseAddress else { return }
            for member in plan.members {
                pen.put(prefixes + member.prefix, member.prefixCount)
                let value = UnsafeRawPointer(text + member.offset)
                if member.isNumber {
                    let zeros = Self.leadingZeros(value, member.length)
                    pen.put(value + zeros, member.length &- zeros)
                    continue
                }
                let length = Self.trimmedLength(value, member.length)
                if needsEscapes {
                    pen.putLatin1(UnsafeRawBufferPointer(start: value, count: length))
                } else {
                    pen.put(value, length)
                }
                pen.put(UInt8(ascii: "\""))
            }
        }
    }

    /// A record that its fields do not give back: an unusual one.
    @inline(never)
    private func appendWithCare(_ plan: RecordPlan, to out: inout OutputBuffer) {
        if !isMasked { appendWhole(to: &out) }
        // A record that is not what it should be may hold anything anywhere.
        if isMasked, !plan.privates.isEmpty { mask(0..<RecordView.length, .name) }
        for (member, field) in zip(plan.members, plan.fields) {
            out.append(",\"")
            out.append(Array(field.name.utf8))
            out.append("\":")
            if member.isNumber {
                appendNumber(member, to: &out)
            } else {
                out.append("\"")
                appendText(member, to: &out)
                out.append("\"")
            }
        }
    }

    /// A number; null where the characters are none.
    private func appendNumber(_ member: RecordPlan.Member, to out: inout OutputBuffer) {
        let value = UnsafeRawBufferPointer(start: text + member.offset, count: member.length)
        let isNumber = value.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isNumber else { return out.append("null") }
        let zeros = Self.leadingZeros(text + member.offset, member.length)
        out.append(UnsafeRawBufferPointer(rebasing: value.dropFirst(zeros)))
    }

    private func appendText(_ member: RecordPlan.Member, to out: inout OutputBuffer) {
        let length = Self.trimmedLength(text + member.offset, member.length)
        out.appendLatin1(UnsafeRawBufferPointer(start: text + member.offset, count: length))
    }

    /// Masks accounts and names of the record that is being written.
    @inline(__always)
    private func mask(_ plan: RecordPlan) {
        for field in plan.privates { mask(field.range, field.privacy) }
    }

    private func mask(_ range: Range<Int>, _ privacy: Field.Privacy) {
        let bytes = UnsafeMutableRawBufferPointer(
            start: text + range.lowerBound,
            count: range.count
        )
        Masking.mask(bytes, privacy)
    }

    private func appendWhole(to out: inout OutputBuffer) {
        out.append(",\"record\":\"")
        out.appendLatin1(UnsafeRawBufferPointer(start: text, count: RecordView.length))
        out.append("\"")
    }

    /// How many zeros stand before a number's first digit that counts; the last digit always does.
    @inline(__always)
    private static func leadingZeros(_ value: UnsafeRawPointer, _ length: Int) -> Int {
        var zeros = 0
        while zeros < length &- 1,
            value.load(fromByteOffset: zeros, as: UInt8.self) == UInt8(ascii: "0")
        {
            zeros &+= 1
        }
        return zeros
    }

    /// The length without the blanks behind the text.
    @inline(__always)
    private static func trimmedLength(_ value: UnsafeRawPointer, _ length: Int) -> Int {
        var length = length
        while length >= 8,
            value.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
                == 0x2020_2020_2020_2020
        {
            length &-= 8
        }
        while length > 0, value.load(fromByteOffset: length &- 1, as: UInt8.self) == blank {
            length &-= 1
        }
        return length
    }
}
