internal import ArgumentParser
internal import Protocol
internal import Supervision

/// How a command ends, for scripts (design 1.8).
package enum CommandEnd: Int32, Sendable {
    case done = 0
    /// The server understood and said no; nothing was loaded.
    case refused = 2
    /// Some transactions of a set were loaded and some were not.
    case partlyLoaded = 3
    /// Network, server or file trouble: trying again may help.
    case trouble = 4
}

/// Why a command does not end well: what, and what to do about it.
package struct CommandFailure: Error, Sendable, CustomStringConvertible {
    package let status: CommandEnd
    package let message: String
    /// One line for each single fault: the field, the value and the remedy.
    package let details: [String]

    package init(_ status: CommandEnd, _ message: String, details: [String] = []) {
        self.status = status
        // Names and values of others stand in it: they may not redraw an operator's screen.
        self.message = Table.printable(message)
        self.details = details.map(Table.printable)
    }

    package static func trouble(_ message: String) -> CommandFailure {
        CommandFailure(.trouble, message)
    }

    package static func refused(_ message: String) -> CommandFailure {
        CommandFailure(.refused, message)
    }

    package var description: String {
        ([message] + details.map { "  " + $0 }).joined(separator: "\n")
    }
}

extension CommandFailure {
    /// Puts the error of a call into an operator's words.
    init(_ error: RPCError, calling method: String) {
        let details = error.details.map { "\($0.field.isEmpty ? "/" : $0.field): \($0.message)" }
        let remedy = Self.remedies[error.status].map { " " + $0 } ?? ""
        self.init(
            Self.isRefusal(error.status) ? .refused : .trouble,
            "\(method): \(Self.words(error.message)) (\(error.status.name)).\(remedy)",
            details: details
        )
    }

    /// A server's sentence without its end, and without its hint at faults that are listed below.
    static func words(_ message: String) -> String {
        var words = message[...]
        for ending in [".", ": see errors"] where words.hasSuffix(ending) {
            words = words.dropLast(ending.count)
        }
        return String(words)
    }

    /// Whether the server said no: for a script, so is a conflict that may pass.
    private static func isRefusal(_ status: RPCStatus) -> Bool {
        switch status.retry {
        case .mend, .permit: true
        case .wait: status == .aborted
        case .sameKey: false
        }
    }

    private static let remedies: [RPCStatus: String] = [
        .unauthenticated:
            "The API key is unknown, expired or revoked: see `bursar keys list`.",
        .permissionDenied:
            "The account lacks the scope, or the certificate may not call this: see "
            + "`bursar accounts list`.",
        .unimplemented: "See `bursar describe SERVICE` for its methods.",
        .unavailable: "See `bursar health`.",
        .deadlineExceeded: "See `bursar health`.",
    ]

    /// Turns whatever a command threw into a failure; nil for what belongs to the argument parser.
    package static func from(_ error: any Error) -> CommandFailure? {
        switch error {
        case let failure as CommandFailure: failure
        case let error as RPCError: CommandFailure(error, calling: "the call")
        case let failure as SystemFailure: .trouble(failure.description)
        case let trouble as EdgeTrouble:
            .trouble("\(trouble.url) gives no answer: \(trouble.reason). See `bursar health`.")
        case is ExitCode, is ValidationError, is CleanExit: nil
        default: isParserError(error) ? nil : .trouble("\(error)")
        }
    }

    private static func isParserError(_ error: any Error) -> Bool {
        String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}
