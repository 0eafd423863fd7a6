package import Dates

/// The dates of command requests.
///
/// Taken are `yyyy/MM/dd HH:mm:ss` as the sample has them, an ISO date, and an ISO date-time
/// (contract A2-4). What is meant is the day as it is written, whatever the offset.
package enum CommandDate {
    package enum Fault: Error, Sendable {
        case malformed
        /// The time is not 00:00:00 (contract S2-18).
        case notMidnight
    }

    package static func day(_ text: String) throws(Fault) -> CalendarDay {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10 else { throw .malformed }
        let isSlashed = bytes[4] == UInt8(ascii: "/")
        let date = text.utf8.prefix(10).map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "-") : $0 }
        guard (bytes[7] == UInt8(ascii: "/")) == isSlashed,
            let day = CalendarDay(text: String(decoding: date, as: UTF8.self))
        else { throw .malformed }
        if bytes.count == 10, !isSlashed { return day }
        guard bytes.count >= 19,
            isSlashed
                ? bytes[10] == UInt8(ascii: " ")
                : [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10])
        else { throw .malformed }
        guard bytes.count == 19 || !isSlashed else { throw .malformed }
        guard try isMidnight(bytes[11...]) else { throw .notMidnight }
        return day
    }

    /// `HH:mm:ss`, with a fraction and an offset or `Z` behind it.
    private static func isMidnight(_ bytes: ArraySlice<UInt8>) throws(Fault) -> Bool {
        let time = Array(bytes.prefix(8))
        guard let hour = number(time[0..<2], below: 24), time[2] == UInt8(ascii: ":"),
            let minute = number(time[3..<5], below: 60), time[5] == UInt8(ascii: ":"),
            let second = number(time[6..<8], below: 60)
        else { throw .malformed }
        var rest = bytes.dropFirst(8)
        var isWhole = true
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { throw .malformed }
            isWhole = digits.allSatisfy { $0 == 0x30 }
            rest = rest.dropFirst(1 + digits.count)
        }
        guard rest.isEmpty || isOffset(Array(rest)) else { throw .malformed }
        return hour == 0 && minute == 0 && second == 0 && isWhole
    }

    private static func isOffset(_ bytes: [UInt8]) -> Bool {
        if bytes == [UInt8(ascii: "Z")] || bytes == [UInt8(ascii: "z")] { return true }
        guard bytes.count == 6, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[0]) else {
            return false
        }
        return number(bytes[1..<3], below: 24) != nil && bytes[3] == UInt8(ascii: ":")
            && number(bytes[4..<6], below: 60) != nil
    }

    private static func number(_ digits: ArraySlice<UInt8>, below limit: Int) -> Int? {
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return value < limit ? value : nil
    }

    /// The day as the sample of contract 3b writes it.
    package static func text(_ day: CalendarDay) -> String {
        let date = day.text.map { $0 == "-" ? "/" : $0 }
        return String(date) + " 00:00:00"
    }
}
