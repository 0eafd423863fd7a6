/// Eight decimal digits in one word, the first in the lowest byte: written and checked at once.
enum DecimalWord {
    private static let zeros: UInt64 = 0x3030_3030_3030_3030

    /// The digits of a number below 10^8, one in each byte, as values from 0 to 9.
    ///
    /// Halved three times: into fours, pairs and digits, all lanes by one multiplication each. The
    /// quotients by 100 and by 10 are exact for lanes below 10^4 and 100.
    @inline(__always)
    static func digits(_ number: UInt32) -> UInt64 {
        let fours = UInt64(number / 10_000) | UInt64(number % 10_000) &<< 32
        let hundreds = (fours &* 10_486) &>> 20 & 0x0000_007F_0000_007F
        let pairs = (fours &- hundreds &* 100) &<< 16 | hundreds
        let tens = (pairs &* 103) &>> 10 & 0x000F_000F_000F_000F
        return (pairs &- tens &* 10) &<< 8 | tens
    }

    /// The digits as characters.
    @inline(__always)
    static func characters(_ digits: UInt64) -> UInt64 { digits | zeros }

    /// The sum of eight digits by the weights 3, 7 and 1 in turn (design 3.2), at most 288.
    @inline(__always)
    static func weightedSum(_ digits: UInt64) -> UInt64 {
        let even = digits & 0x00FF_00FF_00FF_00FF
        let odd = digits &>> 8 & 0x00FF_00FF_00FF_00FF
        // The highest lane of a product gathers each digit times the weight of the opposite lane:
        // digits 1, 3, 5, 7 weigh 3, 1, 7, 3 and digits 2, 4, 6, 8 weigh 7, 3, 1, 7.
        let evenSum = (even &* 0x0003_0001_0007_0003) &>> 48
        let oddSum = (odd &* 0x0007_0003_0001_0007) &>> 48
        return evenSum &+ oddSum
    }
}

extension UnsafeMutableRawPointer {
    /// Writes eight digits, given as values, at an offset.
    @inline(__always)
    func storeDigits(_ digits: UInt64, at offset: Int) {
        storeBytes(
            of: DecimalWord.characters(digits).littleEndian,
            toByteOffset: offset,
            as: UInt64.self
        )
    }

    /// Writes a number below 100 in two digits at an offset.
    @inline(__always)
    func storeTwoDigits(_ number: UInt32, at offset: Int) {
        let tens = (number &* 103) &>> 10
        let digits = tens | (number &- tens &* 10) &<< 8 | 0x3030
        storeBytes(
            of: UInt16(truncatingIfNeeded: digits).littleEndian,
            toByteOffset: offset,
            as: UInt16.self
        )
    }
}
