internal import CSimdjson

/// One thing wrong with a document that should be a posting set.
package struct SetFault: Sendable, Hashable {
    /// Most faults reported of one document; one more says how many were left out.
    package static let maximumReported = Int(BURSAR_SET_MAXIMUM_FAULTS)

    /// JSON pointer (RFC 6901), for example `/transactions/3/amount`; empty for the whole document.
    ///
    /// A long name of an unknown field is cut.
    package let pointer: String
    /// Stable word for programs: a raw value of `SetFaultCode`.
    package let code: String
    /// What is wrong and how to mend it, for people; the value is quoted up to 60 bytes.
    package let message: String

    package init(pointer: String, code: SetFaultCode, message: String) {
        self.pointer = pointer
        self.code = code.rawValue
        self.message = message
    }
}

/// The kinds of fault of a document.
package enum SetFaultCode: String, Sendable, CaseIterable {
    case duplicateKey = "duplicate_key"
    case unknownField = "unknown_field"
    case missing
    case wrongType = "wrong_type"
    case unknownValue = "unknown_value"
    case empty
    case tooLong = "too_long"
    case invalidDate = "invalid_date"
    case notAnInteger = "not_an_integer"
    case negative
    case tooManyDecimals = "too_many_decimals"
    case outOfRange = "out_of_range"
    case controlCharacter = "control_character"
    case bidirectionalControl = "bidirectional_control"
    case loneSurrogate = "lone_surrogate"
    /// Not JSON: at a field where only its value is none, else for the whole document.
    case malformed
    case tooDeep = "too_deep"
    case tooLarge = "too_large"
    case moreFaults = "more_faults"
}

extension SetFault {
    static func all(of reading: bursar_set_reading) -> [SetFault] {
        let kept = min(Int(clamping: reading.fault_count), maximumReported)
        var faults = UnsafeBufferPointer(start: reading.faults, count: kept).map(SetFault.init)
        let more = reading.fault_count - UInt64(kept)
        if more > 0 {
            faults.append(
                SetFault(
                    pointer: "",
                    code: .moreFaults,
                    message: "\(more) more faults are not listed; mend these first."
                )
            )
        }
        return faults
    }

    static let tooLarge = SetFault(
        pointer: "",
        code: .tooLarge,
        message: "The body is larger than 4 GiB; send it in several sets."
    )

    static func broken(
        _ reading: bursar_set_reading,
        _ bytes: UnsafeRawBufferPointer
    ) -> SetFault {
        let offset = min(reading.broken_offset, bytes.count)
        let kind = bursar_json_fault(rawValue: UInt32(reading.broken))
        let before = bytes[..<offset]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let place = "byte \(offset) (line \(line), column \(offset - lineStart + 1))"
        let next = offset < bytes.count ? bytes[offset] : nil
        return SetFault(
            pointer: "",
            code: kind == BURSAR_JSON_TOO_DEEP ? .tooDeep : .malformed,
            message: "The body is not valid JSON at \(place): \(reason(kind, next))."
        )
    }

    private static func reason(_ kind: bursar_json_fault, _ next: UInt8?) -> String {
        switch kind {
        case BURSAR_JSON_UTF8: "the text is not UTF-8"
        case BURSAR_JSON_BYTE_ORDER_MARK: "send it without a byte order mark"
        case BURSAR_JSON_TOO_DEEP: "arrays and objects stand inside each other too deep"
        case BURSAR_JSON_TRAILING_BYTES: "something follows the end of the object"
        case BURSAR_JSON_NUMBER_TOO_LONG: "the number has more than 1,000 bytes"
        case BURSAR_JSON_CONTROL_CHARACTER:
            "a string holds a control character; write it as an escape or leave it out"
        default: unexpected(next)
        }
    }

    private static func unexpected(_ next: UInt8?) -> String {
        switch next {
        case nil: "it ends too early"
        case .some(let byte) where (0x21...0x7E).contains(byte):
            "\(Character(Unicode.Scalar(byte))) is not expected here"
        default: "what stands here is not expected"
        }
    }
}
