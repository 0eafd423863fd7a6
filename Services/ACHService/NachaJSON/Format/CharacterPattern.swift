internal import Nacha

/// Which characters each position of a record may hold so that its fields give it back.
///
/// Digits where digits belong, constants and blanks as they must be, printable ASCII elsewhere: what
/// fits is the same again when it is written from its fields.
struct CharacterPattern: Sendable {
    private typealias Lanes = SIMD16<UInt8>

    /// How many bytes are looked at: the record, and blanks behind it.
    static let size = 96

    private var lowest = InlineArray<6, SIMD16<UInt8>>(repeating: SIMD16())
    private var span = InlineArray<6, SIMD16<UInt8>>(repeating: SIMD16())

    init(_ layout: RecordLayout) {
        var lowest = [UInt8](repeating: UInt8(ascii: " "), count: Self.size)
        var span = [UInt8](repeating: 0, count: Self.size)
        for field in layout.fields {
            let range = (field.from - 1)..<field.to
            switch field.content {
            case .constant(let text): lowest.replaceSubrange(range, with: text.utf8)
            case .digits:
                for index in range { (lowest[index], span[index]) = (UInt8(ascii: "0"), 9) }
            case .text: for index in range { span[index] = 0x7E - 0x20 }
            case .blank: break
            }
        }
        for lane in 0..<6 {
            self.lowest[lane] = Lanes(lowest[(lane * 16)..<(lane * 16 + 16)])
            self.span[lane] = Lanes(span[(lane * 16)..<(lane * 16 + 16)])
        }
    }

    /// Whether 94 characters and two blanks behind them fit.
    @inline(__always)
    func fits(_ text: UnsafeRawPointer) -> Bool {
        var excess = Lanes()
        for lane in 0..<6 {
            let above =
                text.loadUnaligned(fromByteOffset: lane &* 16, as: Lanes.self) &- lowest[lane]
            excess |= pointwiseMax(above, span[lane]) &- span[lane]
        }
        return excess.isZero
    }

    /// Whether a quote or a backslash is among the characters, which JSON escapes.
    @inline(__always)
    static func needsEscapes(_ text: UnsafeRawPointer) -> Bool {
        let quote = Lanes(repeating: UInt8(ascii: "\""))
        let backslash = Lanes(repeating: UInt8(ascii: "\\"))
        // Zero where a byte is one of the two.
        var product = Lanes(repeating: 0xFF)
        for lane in 0..<6 {
            let bytes = text.loadUnaligned(fromByteOffset: lane &* 16, as: Lanes.self)
            product = pointwiseMin(product, pointwiseMin(bytes ^ quote, bytes ^ backslash))
        }
        return product.holdsZero
    }
}

extension SIMD16<UInt8> {
    @inline(__always)
    fileprivate var isZero: Bool {
        let words = unsafeBitCast(self, to: SIMD2<UInt64>.self)
        return words[0] | words[1] == 0
    }

    @inline(__always)
    fileprivate var holdsZero: Bool { any(self .== SIMD16(repeating: 0)) }
}
