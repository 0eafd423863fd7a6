package import Identity

/// Which scopes a request for a token gets, and which a grant may name.
package enum Grants {
    /// The scopes of `requested` that are granted, in the order asked for, each once.
    ///
    /// Others are dropped without a word, and no request means no scope (contract 2b).
    package static func accepted(requested: [String], granted: Set<Scope>) -> [Scope] {
        var seen: Set<Scope> = []
        return requested.compactMap { name in
            let scope = Scope(rawValue: name)
            return granted.contains(scope) && seen.insert(scope).inserted ? scope : nil
        }
    }

    /// Why `name` cannot be granted to an account, or nil.
    ///
    /// The worker's scope belongs to batch-service alone (design 1.4).
    package static func problem(with name: String) -> String? {
        let scope = Scope(rawValue: name)
        if scope == .postingTasksWrite {
            return "This scope belongs to batch-service's worker and cannot be granted."
        }
        guard Scope.all.contains(scope) else {
            let known = Scope.all.filter { $0 != .postingTasksWrite }.map(\.rawValue)
            return "Unknown scope; the scopes are \(known.joined(separator: ", "))."
        }
        return nil
    }
}
