/// Why the store did not do what it was asked for.
package enum StoreError: Error, Sendable, Hashable {
    /// A rule of the schema refused the row; the text is the engine's and names the rule, for
    /// example `UNIQUE constraint failed: task.id`. Only the failed statement is undone.
    case constraint(String)
    /// The disk is full: nothing of this call was kept, and it may be tried again later.
    case full
    /// Too many calls wait for the store: nothing was done, try again later.
    case overloaded
    /// The store was closed before the work was done; nothing of it was kept.
    case closed
    /// Another process, named by its id where it is known, holds this store (fault C-14).
    case inUse(path: String, holder: String)
    /// The files do not belong together or are not what was left behind; the text says what and how
    /// to go on (faults D-06, D-07).
    case damaged(String)
    /// A migration that was applied has another text now, or is not known to this program.
    case schema(String)
    /// Reading or writing failed: what is on disk is unknown, so the process must stop (D-01).
    case inputOutput(String)
    /// The program asked for something that the engine cannot do: a bug.
    case misuse(String)
}

extension StoreError {
    /// Whether the process must end: after such an error the next success proves nothing
    /// (faults 7.1, item 3).
    package var isFatal: Bool {
        switch self {
        case .inputOutput, .damaged: true
        case .constraint, .full, .overloaded, .closed, .inUse, .schema, .misuse: false
        }
    }

    /// Whether the whole transaction is lost with the statement that met this error.
    var endsTransaction: Bool { self == .full || isFatal }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .constraint(let text): "a rule of the store refused the row: \(text)"
        case .full: "the disk is full"
        case .overloaded: "too many calls wait for the store"
        case .closed: "the store is closed"
        case .inUse(let path, let holder):
            "\(path) is in use by process \(holder): one process may hold a store; stop it first"
        case .damaged(let text): text
        case .schema(let text): text
        case .inputOutput(let text): "the store cannot read or write: \(text)"
        case .misuse(let text): "the store was misused: \(text)"
        }
    }
}
