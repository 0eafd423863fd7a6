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
    /// How many characters of an account number stay, where it has more.
    private static let shown = 4

    init(isMasked: Bool) {
        self.isMasked = isMasked
        text = .allocate(byteCount: Self.size, alignment: 16)
        text.initializeMemory(as: UInt8.self, repeating: Self.blank, count: Self.size)
    }

    deinit { text.deallocate() }

    /// Appends `{` and the members of a record; the object stays open.
    @inline(__always)
    func append(_ record: UnsafeRawPointer, _ plan: RecordPlan, to out: inout JSONBuffer) {
        text.copyMemory(from: record, byteCount: RecordView.length)
        out.reserve(Self.limit)
        let start = out.end
        if !plan.head.isEmpty { out.append(plan.head) }
        if plan.pattern.fits(text) {
            appendAtOnce(plan, CharacterPattern.needsEscapes(text), to: &out)
        } else {
            appendWithCare(plan, to: &out)
        }
        // Every member begins with a comma; the first one's is the brace.
        start.storeBytes(of: UInt8(ascii: "{"), as: UInt8.self)
    }

    /// Appends a record of no known kind, which has no fields.
    func appendUnknown(_ record: UnsafeRawPointer, to out: inout JSONBuffer) {
        text.copyMemory(from: record, byteCount: RecordView.length)
        out.append("{\"kind\":\"unknown\"")
        if !isMasked { appendWhole(to: &out) }
    }

    /// A record that its fields give back.
    @inline(__always)
    private func appendAtOnce(
        _ plan: RecordPlan,
        _ needsEscapes: Bool,
        to out: inout JSONBuffer
    ) {
        plan.prefixes.withUnsafeBytes { prefixes in
            guard let prefixes = prefixes.baseAddress else { return }
            for member in plan.members {
                out.put(prefixes + member.prefix, member.prefixCount)
                let value = UnsafeRawPointer(text + member.offset)
                if member.isNumber {
                    let zeros = Self.leadingZeros(value, member.length)
                    out.put(value + zeros, member.length &- zeros)
                    continue
                }
                let length = Self.trimmedLength(value, member.length)
                if isMasked && member.isPrivate {
                    appendMasked(value, length, member, to: &out)
                } else if needsEscapes {
                    out.appendLatin1(UnsafeRawBufferPointer(start: value, count: length))
                } else {
                    out.put(value, length)
                }
                out.put(UInt8(ascii: "\""))
            }
        }
    }

    /// A record that its fields do not give back: an unusual one.
    @inline(never)
    private func appendWithCare(_ plan: RecordPlan, to out: inout JSONBuffer) {
        if !isMasked { appendWhole(to: &out) }
        // A record that is not what it should be may hold anything anywhere.
        let isHidden = isMasked && plan.isPrivate
        for (member, field) in zip(plan.members, plan.fields) {
            out.append(",\"")
            out.append(Array(field.name.utf8))
            out.append("\":")
            if member.isNumber {
                appendNumber(member, isHidden, to: &out)
            } else {
                out.append("\"")
                appendText(member, isHidden, to: &out)
                out.append("\"")
            }
        }
    }

    /// A number; null where the characters are none.
    private func appendNumber(
        _ member: RecordPlan.Member,
        _ isHidden: Bool,
        to out: inout JSONBuffer
    ) {
        let value = UnsafeRawBufferPointer(start: text + member.offset, count: member.length)
        let isNumber = value.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isNumber, !isHidden else { return out.append("null") }
        let zeros = Self.leadingZeros(text + member.offset, member.length)
        out.append(UnsafeRawBufferPointer(rebasing: value.dropFirst(zeros)))
    }

    private func appendText(
        _ member: RecordPlan.Member,
        _ isHidden: Bool,
        to out: inout JSONBuffer
    ) {
        let length = Self.trimmedLength(text + member.offset, member.length)
        let value = UnsafeRawBufferPointer(start: text + member.offset, count: length)
        if isHidden, length > 0 { return out.append("****") }
        out.appendLatin1(value)
    }

    /// A value that somebody else need not see: of an account the last four characters.
    private func appendMasked(
        _ value: UnsafeRawPointer,
        _ length: Int,
        _ member: RecordPlan.Member,
        to out: inout JSONBuffer
    ) {
        guard length > 0 else { return }
        guard member.isAccount else { return out.append("****") }
        out.append("*****")
        let text = UnsafeRawBufferPointer(start: value, count: length)
        let account = UnsafeRawBufferPointer(rebasing: text.drop { $0 == Self.blank })
        guard account.count > Self.shown else { return }
        out.appendLatin1(UnsafeRawBufferPointer(rebasing: account.suffix(Self.shown)))
    }

    private func appendWhole(to out: inout JSONBuffer) {
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
