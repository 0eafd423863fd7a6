internal import CSimdjson

/// A field of the document, in the order of `bursar_field`.
private struct Field {
    let name: String
    let expectation: String

    private static let date = #"a date such as "2018-02-01" or "2018-02-01T04:00:00Z""#
    private static let money = "a number with at most two decimals, such as 6599.94"

    static let all = [
        Field(name: "accounting_date", expectation: date),
        Field(name: "batch_name", expectation: "a string of at most 200 bytes"),
        Field(name: "billing_type", expectation: #""BANNER""#),
        Field(name: "posting_type", expectation: #""TRIAL" or "COMMIT""#),
        Field(name: "record_count", expectation: "an integer between 0 and 2^63 - 1"),
        Field(name: "source_batch_id", expectation: "a string of at most 200 bytes"),
        Field(name: "source_name", expectation: "a string of at most 100 bytes"),
        Field(name: "total_amount", expectation: money),
        Field(name: "transactions", expectation: "an array of at least one transaction"),
        Field(name: "amount", expectation: money),
        Field(name: "account_id", expectation: "a string or an integer of 1 to 64 bytes"),
        Field(name: "description", expectation: "a string of at most 1000 bytes"),
        Field(name: "detail_code", expectation: "a string of 1 to 16 bytes"),
        Field(name: "source_transaction_id", expectation: "a string of 1 to 128 bytes"),
        Field(name: "source_transaction_date", expectation: date),
        Field(name: "The body", expectation: "an object"),
        Field(name: "The transaction", expectation: "an object"),
    ]
}

extension SetFaultCode {
    /// In the order of `bursar_set_fault_code`, which begins with 1.
    private static let ofReader: [SetFaultCode] = [
        .duplicateKey, .unknownField, .missing, .wrongType, .unknownValue, .empty, .tooLong,
        .invalidDate, .notAnInteger, .negative, .tooManyDecimals, .outOfRange, .controlCharacter,
        .bidirectionalControl, .loneSurrogate, .malformed,
    ]

    fileprivate init(_ fault: bursar_set_fault) { self = Self.ofReader[Int(fault.code) - 1] }
}

extension SetFault {
    init(_ fault: bursar_set_fault) {
        let code = SetFaultCode(fault)
        let isUnknown = fault.field == Int32(BURSAR_FIELD_UNKNOWN.rawValue)
        let isInTransaction = fault.transaction >= 0
        var pointer = isInTransaction ? "/transactions/\(fault.transaction)" : ""
        guard !isUnknown else {
            let name = QuotedText.key(fault.value)
            let owner = isInTransaction ? "a transaction" : "a posting set"
            self.init(
                pointer: pointer + "/" + QuotedText.pointerStep(name),
                code: code,
                message: "\(name) is not a field of \(owner); leave it out."
            )
            return
        }
        let field = Field.all[Int(fault.field)]
        if fault.field < Int32(BURSAR_FIELD_DOCUMENT.rawValue) { pointer += "/" + field.name }
        self.init(
            pointer: pointer,
            code: code,
            message: "\(field.name) \(Self.problem(code, fault.value, field))."
        )
    }

    private static func problem(
        _ code: SetFaultCode,
        _ value: bursar_text,
        _ field: Field
    ) -> String {
        let quoted = QuotedText.value(value)
        let must = "it must be \(field.expectation)"
        switch code {
        case .duplicateKey: return "stands twice; give it once"
        case .missing: return "is missing; \(must)"
        case .wrongType: return "is \(QuotedText.typed(value)); \(must)"
        case .empty: return "is empty; \(must)"
        case .tooLong: return "is too long (\(quoted)); \(must)"
        case .controlCharacter: return "has a control character (\(quoted)); leave it out"
        case .bidirectionalControl:
            return "has a character that turns the direction of text (\(quoted)); leave it out"
        case .loneSurrogate: return "has half of a surrogate pair (\(quoted)); mend the escape"
        case .malformed: return "is not JSON (\(quoted)); \(must)"
        case .outOfRange: return "is too large (\(quoted)); it must fit in 64 bits"
        default: return "is \(quoted); \(must)"
        }
    }
}

/// Pieces of a document as they may stand in a message or a log line: short and without characters
/// that change how the rest is shown.
private enum QuotedText {
    private static let maximumValueBytes = 60
    private static let maximumKeyBytes = 100

    static func value(_ text: bursar_text) -> String { shortened(text, to: maximumValueBytes) }

    static func key(_ text: bursar_text) -> String {
        // Each byte of the name takes at most six in the document.
        let length = min(text.length, maximumKeyBytes * 6)
        let name = [CChar](unsafeUninitializedCapacity: length) { out, count in
            count = bursar_json_unescape(text.start, length, out.baseAddress)
        }
        return name.withUnsafeBufferPointer { name in
            let whole = bursar_text(start: name.baseAddress, length: name.count)
            return shortened(whole, to: maximumKeyBytes, isCut: length < text.length)
        }
    }

    static func typed(_ text: bursar_text) -> String {
        switch text.slice.raw.first {
        case UInt8(ascii: "{"): "an object"
        case UInt8(ascii: "["): "an array"
        case UInt8(ascii: "n"): "null"
        case UInt8(ascii: "\""): "a string (\(value(text)))"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): "a boolean (\(value(text)))"
        default: "a number (\(value(text)))"
        }
    }

    /// One step of a JSON pointer (RFC 6901 section 3).
    static func pointerStep(_ name: String) -> String {
        var step = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": step += "~0"
            case "/": step += "~1"
            default: step.unicodeScalars.append(scalar)
            }
        }
        return step
    }

    private static func shortened(
        _ text: bursar_text,
        to limit: Int,
        isCut: Bool = false
    ) -> String {
        var bytes = text.slice.raw[...]
        let isLong = bytes.count > limit
        if isLong {
            bytes = bytes.prefix(limit)
            // A character that was cut in two goes as a whole.
            while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
            if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        }
        var shown = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            shown.unicodeScalars.append(isHarmless(scalar) ? scalar : "\u{FFFD}")
        }
        return isLong || isCut ? shown + "…" : shown
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029: false
        default: true
        }
    }
}
