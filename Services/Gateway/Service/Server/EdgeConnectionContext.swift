internal import Glibc
internal import NIOCore

/// What both protocols' handlers need of the server; one for each connection.
struct EdgeConnectionContext: Sendable {
    let limits: EdgeLimits
    let rules: HeadRules
    let clientAddress: String
    let responder: any EdgeResponder
    let clock: EdgeClock
    let abuseFound: @Sendable (AbuseBudgets.Kind) -> Void
}

/// Events that travel through a connection's pipeline.
enum EdgeEvent: Sendable {
    /// The process is going to end: finish what runs, take nothing new.
    case drain
}

/// The wall clock for `Date` fields; belongs to one event loop and is used only there, which is why
/// it may be passed along.
final class EdgeClock: @unchecked Sendable {
    private var date = DateText()

    func dateText() -> String { date.text(at: time(nil)) }
}
