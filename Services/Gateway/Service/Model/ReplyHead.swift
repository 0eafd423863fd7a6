internal import Dates
internal import NIOCore

/// The header fields of an answer, the same for HTTP/2 and HTTP/1.1.
enum ReplyHead {
    /// Calls `add` for each field, names in lower case.
    static func fields(
        of reply: EdgeReply,
        request requestID: String,
        date: String,
        add: (_ name: String, _ value: String) -> Void
    ) {
        add("date", date)
        add("x-request-id", reply.continuationKey ?? requestID)
        if let type = reply.contentType { add("content-type", type) }
        if case .bytes(let bytes) = reply.body, reply.status != 204 {
            add("content-length", String(bytes.readableBytes))
        }
        add("cache-control", "no-store")
        add("x-content-type-options", "nosniff")
        add("strict-transport-security", "max-age=31536000")
        for (name, value) in reply.headers { add(name, value) }
    }
}

/// The text of the `Date` field, made anew at most once a second (RFC 9110 §5.6.7).
struct DateText {
    private var second: Int = -1
    private var text = ""

    mutating func text(at secondsSince1970: Int) -> String {
        if secondsSince1970 != second {
            second = secondsSince1970
            text = Self.format(secondsSince1970)
        }
        return text
    }

    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func format(_ seconds: Int) -> String {
        let days = seconds / 86_400
        let rest = seconds % 86_400
        let (year, month, day) = Gregorian.date(daysSince1970: days)
        let clock = "\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
        return "\(weekdays[days % 7]), \(two(day)) \(months[month - 1]) \(year) \(clock) GMT"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
