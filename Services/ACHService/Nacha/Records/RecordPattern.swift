/// Which characters each of the 94 positions may hold, tested sixteen at a time.
///
/// A position has a lowest character and a span above it: a digit is `0` and 9, a constant its own
/// character and 0, free text the blank and all that is printable. A record fits when no character
/// lies further above its lowest than its span. Six loads of sixteen bytes cover a record, the last
/// two overlapping.
package struct RecordPattern: Sendable {
    private typealias Lanes = SIMD16<UInt8>

    private var lowest: (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)
    private var span: (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)

    /// A pattern from 94 pairs.
    init(lowest: [UInt8], span: [UInt8]) {
        precondition(lowest.count == RecordView.length && span.count == RecordView.length)
        func lanes(_ bytes: [UInt8], _ offset: Int) -> Lanes {
            Lanes(bytes[offset..<(offset + 16)])
        }
        self.lowest = (
            lanes(lowest, 0), lanes(lowest, 16), lanes(lowest, 32), lanes(lowest, 48),
            lanes(lowest, 64), lanes(lowest, 78)
        )
        self.span = (
            lanes(span, 0), lanes(span, 16), lanes(span, 32), lanes(span, 48), lanes(span, 64),
            lanes(span, 78)
        )
    }

    /// Whether every character of a record is one that its position allows.
    @inline(__always)
    func fits(_ record: RecordView) -> Bool {
        @inline(__always)
        func excess(_ offset: Int, _ lowest: Lanes, _ span: Lanes) -> Lanes {
            let above =
                record.base.loadUnaligned(fromByteOffset: offset, as: Lanes.self) &- lowest
            // Zero where `above` is no more than the span.
            return pointwiseMax(above, span) &- span
        }
        let rest =
            excess(0, lowest.0, span.0) | excess(16, lowest.1, span.1)
            | excess(32, lowest.2, span.2) | excess(48, lowest.3, span.3)
            | excess(64, lowest.4, span.4) | excess(78, lowest.5, span.5)
        let words = unsafeBitCast(rest, to: SIMD2<UInt64>.self)
        return words[0] | words[1] == 0
    }
}
