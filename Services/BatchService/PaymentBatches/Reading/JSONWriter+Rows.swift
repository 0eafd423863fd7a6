internal import Dates
internal import JSON
internal import Money

/// Members as rows keep them: amounts in minor units, days since 1970, hashes as bytes.
extension JSONWriter {
    mutating func member(_ name: StaticString, amount minorUnits: Int64?) {
        member(name, amount: minorUnits.map { Amount(minorUnits: $0) })
    }

    mutating func member(_ name: StaticString, day: Int64) {
        member(name, day: CalendarDay(daysSince1970: Int(day)))
    }

    mutating func member(_ name: StaticString, hash: [UInt8]) {
        member(name, HashText.text(hash))
    }
}
