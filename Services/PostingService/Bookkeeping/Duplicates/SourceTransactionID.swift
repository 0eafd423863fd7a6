import Foundation

/// How source transaction ids are compared: by the bytes of their normal form C (contract A1-26).
///
/// ASCII is in that form as it stands, so that nearly every id costs one pass over its bytes.
enum SourceTransactionID {
    static func areSame(
        _ one: UnsafeRawBufferPointer,
        _ other: UnsafeRawBufferPointer
    ) -> Bool {
        if one.elementsEqual(other) { return true }
        if isASCII(one), isASCII(other) { return false }
        // `String` holds exactly those texts for equal that share a normal form.
        return String(decoding: one, as: UTF8.self) == String(decoding: other, as: UTF8.self)
    }

    fileprivate static func isASCII(_ text: UnsafeRawBufferPointer) -> Bool {
        var bits: UInt64 = 0
        var offset = 0
        while offset + 8 <= text.count {
            bits |= text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        while offset < text.count {
            bits |= UInt64(text[offset])
            offset += 1
        }
        return bits & 0x8080_8080_8080_8080 == 0
    }
}

extension KeyedHash {
    /// The hash of an entry's key: ids that count as the same have the same.
    func hash(source: Int64, transactionID text: UnsafeRawBufferPointer) -> UInt64 {
        if SourceTransactionID.isASCII(text) { return hash(source: source, text: text) }
        var normal = String(decoding: text, as: UTF8.self).precomposedStringWithCanonicalMapping
        return normal.withUTF8 { hash(source: source, text: UnsafeRawBufferPointer($0)) }
    }
}
