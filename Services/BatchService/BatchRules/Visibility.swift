package import Identity

/// Who sees which task and which set.
///
/// What a caller may not see does not exist for it (contract A1-12, A1-19; fault A-08).
package enum Visibility {
    /// A task: its submitter and the auditors.
    package static func showsTask(submittedBy account: String, to caller: Principal) -> Bool {
        ByteText(caller.account) == ByteText(account) || caller.isAuditor
    }

    /// A finished set: its submitter, every account approved for its source, and the auditors.
    package static func showsSet(
        submittedBy account: String,
        sourceName: String,
        to caller: Principal
    )
        -> Bool
    {
        showsTask(submittedBy: account, to: caller) || caller.sources.contains(sourceName)
    }

    package enum Sources: Sendable, Equatable {
        case all
        case only(Set<ByteText>)
    }

    /// The sources whose finished sets stand in the caller's history (contract A1-22).
    package static func history(of caller: Principal) -> Sources {
        caller.isAuditor ? .all : .only(caller.sources)
    }

    /// Whether the caller may ask at all: it holds the scope of seed 001, or is an auditor.
    package static func mayRead(_ caller: Principal) -> Bool {
        caller.scopes.contains(.postingBatchesWrite) || caller.isAuditor
    }
}
