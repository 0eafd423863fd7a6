/// Copies texts into fields and tells whether every character may stand there, words at a time.
enum PrintableText {
    /// Copies `count` bytes; the result is zero where none lies outside `lowest...0x7E`.
    ///
    /// `lowest` is the blank, or `!` where a blank calls for another treatment. Texts are copied in
    /// two words that overlap where they are no multiple of a word.
    @inline(__always)
    static func copy(
        _ source: UnsafeRawPointer,
        _ count: Int,
        to target: UnsafeMutableRawPointer,
        lowest: UInt8 = Character.blank
    ) -> UInt64 {
        if count >= 8 {
            var excess: UInt64 = 0
            var offset = 0
            while offset &+ 16 <= count {
                excess |= copySixteen(source + offset, to: target + offset, lowest)
                offset &+= 16
            }
            if count &- offset > 8 {
                excess |= copyWord(UInt64.self, source + offset, to: target + offset, lowest)
            }
            return excess
                | copyWord(UInt64.self, source + (count &- 8), to: target + (count &- 8), lowest)
        }
        if count >= 4 {
            return copyWord(UInt32.self, source, to: target, lowest)
                | copyWord(UInt32.self, source + (count &- 4), to: target + (count &- 4), lowest)
        }
        guard count > 0 else { return 0 }
        // One to three bytes: the first, the middle one and the last, which may be the same.
        return copyWord(UInt8.self, source, to: target, lowest)
            | copyWord(UInt8.self, source + count &>> 1, to: target + count &>> 1, lowest)
            | copyWord(UInt8.self, source + (count &- 1), to: target + (count &- 1), lowest)
    }

    @inline(__always)
    private static func copySixteen(
        _ source: UnsafeRawPointer,
        to target: UnsafeMutableRawPointer,
        _ lowest: UInt8
    ) -> UInt64 {
        let lanes = source.loadUnaligned(as: SIMD16<UInt8>.self)
        target.storeBytes(of: lanes, as: SIMD16<UInt8>.self)
        let span = SIMD16<UInt8>(repeating: Character.printable.upperBound &- lowest)
        let excess = pointwiseMax(lanes &- SIMD16(repeating: lowest), span) &- span
        let words = unsafeBitCast(excess, to: SIMD2<UInt64>.self)
        return words[0] | words[1]
    }

    /// Copies a word, or a single byte.
    @inline(__always)
    private static func copyWord<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _: Word.Type,
        _ source: UnsafeRawPointer,
        to target: UnsafeMutableRawPointer,
        _ lowest: UInt8
    ) -> UInt64 {
        let word = source.loadUnaligned(as: Word.self)
        target.storeBytes(of: word, as: Word.self)
        // A byte's high bit comes up in the word where it is no ASCII, in the sum where it is 0x7F,
        // in the difference where it is too low; carries begin only at a byte that is wrong itself.
        let ones = Word(truncatingIfNeeded: 0x0101_0101_0101_0101 as UInt64)
        let sum = word &+ ones
        let difference = word &- ones &* Word(truncatingIfNeeded: lowest)
        return UInt64(truncatingIfNeeded: (word | sum | difference) & ones &<< 7)
    }
}
