/// Writes the digits of dates and times of day, in memory of which the caller knows that it is
/// enough: nothing is allocated.
struct DateDigits {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func put(_ character: Unicode.Scalar) {
        bytes[count] = UInt8(ascii: character)
        count += 1
    }

    /// The last `width` digits of a number that is not negative.
    mutating func put(_ number: Int, _ width: Int) {
        var rest = number
        for place in stride(from: count + width - 1, through: count, by: -1) {
            bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += width
    }

    /// `YYYY-MM-DD`; a year beyond 0 to 9999 shows as the nearest of them.
    mutating func put(_ day: CalendarDay) {
        let (year, month, day) = day.components
        put(min(max(year, 0), 9_999), 4)
        put("-")
        put(month, 2)
        put("-")
        put(day, 2)
    }
}
