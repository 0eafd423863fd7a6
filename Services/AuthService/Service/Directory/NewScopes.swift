internal import Identity
internal import Protocol
internal import ServiceRuntime
internal import Storage

/// Gives an administrator whom an earlier version has made the scopes that this one brings along,
/// once: the store remembers which scopes were known, so that what a person takes away stays away.
///
/// Scopes that move money are never given (design 1.4).
enum NewScopes {
    static let setting = "known_scopes"

    /// The scopes of the versions that did not remember them.
    private static let beforeRemembering: Set<Scope> = [
        .postingBatchesWrite, .accountsRead, .accountsWrite, .generalLedgerRead, .keysManage,
        .tokensIntrospect, .auditRead, .achRead, .postingTasksWrite,
    ]

    /// Grants what is new since the last start; in a new store nothing is.
    static func grant(
        isNewStore: Bool,
        now: Int64,
        _ transaction: WriteTransaction
    ) throws {
        let remembered = try Settings.value(setting, transaction)?
            .split(separator: " ").map { Scope(rawValue: String($0)) }
        let known = isNewStore ? Set(Scope.all) : remembered.map(Set.init) ?? beforeRemembering
        let all = known.union(Scope.all)
        let new = Scope.all.filter { !known.contains($0) && !Scope.money.contains($0) }
        if !new.isEmpty { try grantAdministrator(new, now: now, transaction) }
        guard remembered.map(Set.init) != all else { return }
        let text = all.map(\.rawValue).sorted().joined(separator: " ")
        try Settings.set(setting, text, transaction)
    }

    private static func grantAdministrator(
        _ new: [Scope],
        now: Int64,
        _ transaction: WriteTransaction
    ) throws {
        let name = FirstStart.administrator
        guard let before = try AccountDescription.load(name, transaction) else { return }
        let scopes = Set(before.scopes).union(new.map(\.rawValue))
        let after = AccountDescription(
            account: name,
            scopes: Scope.all.map(\.rawValue).filter(scopes.contains),
            active: before.active
        )
        try after.store(createdAt: now, transaction)
        try AuditLog.append(
            action: "new scopes",
            subject: name,
            AuditChange(before: before, after: after),
            now: now,
            to: transaction
        )
        try Settings.advanceVersion(transaction, now: now)
    }
}
