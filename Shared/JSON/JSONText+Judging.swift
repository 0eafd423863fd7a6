internal import CSimdjson

/// Judging a JSON text of another process as a whole, before anything of it is used.
extension JSONText {
    /// How deep arrays and objects may stand in each other (design 4.3).
    package static let maximumDepth = 64

    /// The first fault of a text, or nil: UTF-8, grammar, depth, equal keys, trailing bytes.
    ///
    /// `integersOnly` also refuses numbers with a fraction or an exponent, which no method of our
    /// own uses: amounts inside are integers of minor units.
    package static func fault(
        in bytes: UnsafeRawBufferPointer,
        integersOnly: Bool = false
    ) -> JSONScanner.Fault? {
        var offset = 0
        let verdict = bursar_json_validate(
            bytes.bindMemory(to: CChar.self).baseAddress,
            bytes.count,
            bytes.count,
            Int32(maximumDepth),
            &offset
        )
        if verdict == 0, !integersOnly || !holdsFraction(bytes) { return nil }
        return locate(bytes, integersOnly: integersOnly)
            ?? JSONScanner.Fault(reason: .malformed, offset: offset)
    }

    /// Reads a faulty text again, slowly, to name the place at fault.
    private static func locate(
        _ bytes: UnsafeRawBufferPointer,
        integersOnly: Bool
    ) -> JSONScanner.Fault? {
        var scanner = JSONScanner(bytes)
        do {
            _ = try scanner.skipValue(
                rules: integersOnly ? [.uniqueKeys, .integersOnly] : .uniqueKeys
            )
        } catch {
            return error
        }
        return scanner.isAtEnd() ? nil : scanner.malformed
    }

    /// Whether any number of a valid text has a fraction or an exponent.
    private static func holdsFraction(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var isInString = false
        var isInNumber = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isInString {
                if byte == UInt8(ascii: "\\") { index += 1 }
                if byte == UInt8(ascii: "\"") { isInString = false }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "."): return true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                if isInNumber { return true }
            default: break
            }
            isInNumber = (0x30...0x39).contains(byte)
        }
        return false
    }
}
