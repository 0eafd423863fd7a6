import Foundation
import Identity
import Protocol
import ServiceRuntime
import Storage
import Testing

@testable import AuthService

@Suite("A new version gives the administrator its new scopes once")
struct NewScopesTests {
    private static let introduced: [Scope] = [.batchesRead, .reportsRead, .settingsWrite]

    private func edit(
        _ folder: AuthHarness,
        _ work: @escaping @Sendable (WriteTransaction) throws -> Void
    ) async throws {
        await folder.stop()
        let store = try folder.openStore()
        try await store.write { try work($0) }
        await store.close()
    }

    /// Makes the store as an earlier version has left it.
    private func makeOld(_ transaction: WriteTransaction) throws {
        try transaction.execute("DELETE FROM setting WHERE name = 'known_scopes'")
        for scope in Self.introduced {
            try transaction.execute(
                "DELETE FROM account_scope WHERE scope = ?1",
                [.text(scope.rawValue)]
            )
        }
    }

    private func granted(_ harness: AuthHarness) -> Set<String> {
        let accounts = harness.context.access.snapshot?.accounts ?? []
        return Set(accounts.first { $0.account == FirstStart.administrator }?.scopes ?? [])
    }

    @Test("The administrator of a version that did not remember scopes gets those that it lacks")
    func upgrade() async throws {
        let full = Set(Scope.all.filter { !Scope.money.contains($0) }.map(\.rawValue))
        let first = try await AuthHarness()
        #expect(granted(first) == full)
        try await edit(first) { transaction in
            try makeOld(transaction)
            // An old scope that a person has taken away.
            try transaction.execute(
                "DELETE FROM account_scope WHERE scope = ?1",
                [.text(Scope.achRead.rawValue)]
            )
        }
        let second = try await AuthHarness(folder: first.folder)
        let expected = full.subtracting([Scope.achRead.rawValue])
        #expect(granted(second) == expected)
        let events = try await second.audit().filter { $0["action"] as? String == "new scopes" }
        #expect(events.count == 1)
        #expect(events.first?["subject"] as? String == "administrator")
        let change = try second.json(events.first?["change"] as? String ?? "")
        let before = (change["before"] as? [String: Any])?["scopes"] as? [String]
        let after = (change["after"] as? [String: Any])?["scopes"] as? [String]
        #expect(
            Set(after ?? []).subtracting(before ?? []) == Set(Self.introduced.map(\.rawValue))
        )
        // Taken away by a person: it stays away.
        let kept = expected.subtracting([Scope.reportsRead.rawValue])
        let list = kept.sorted().map { "\"\($0)\"" }.joined(separator: ",")
        _ = try await second.call(
            AuthMethods.putAccount,
            #"{"account":"administrator","scopes":[\#(list)]}"#,
            token: try await second.token().jwt
        )
        await second.stop()
        let third = try await AuthHarness(folder: first.folder)
        #expect(granted(third) == kept)
        await third.end()
    }

    @Test("Only a scope that was not known at the last start is new; a money scope is never given")
    func newerVersion() async throws {
        let first = try await AuthHarness()
        try await edit(first) { transaction in
            let known = Scope.all.filter { ![.reportsRead, .paymentsWrite].contains($0) }
            let text = known.map(\.rawValue).joined(separator: " ") + " api:of.later:version"
            try transaction.execute(
                "UPDATE setting SET value = ?1 WHERE name = 'known_scopes'",
                [.text(text)]
            )
            try transaction.execute(
                "DELETE FROM account_scope WHERE account = 'administrator' AND scope IN (?1, ?2)",
                [.text(Scope.reportsRead.rawValue), .text(Scope.settingsWrite.rawValue)]
            )
        }
        let second = try await AuthHarness(folder: first.folder)
        #expect(granted(second).contains(Scope.reportsRead.rawValue))
        #expect(!granted(second).contains(Scope.settingsWrite.rawValue))
        #expect(!granted(second).contains(Scope.paymentsWrite.rawValue))
        await second.stop()
        let store = try second.openStore()
        let known = try await store.read { try Settings.value(NewScopes.setting, $0) }
        let words = Set((known ?? "").split(separator: " ").map(String.init))
        #expect(words == Set(Scope.all.map(\.rawValue) + ["api:of.later:version"]))
        await store.close()
        await second.end()
    }

    @Test("Without an administrator nobody is given anything")
    func nobody() async throws {
        let first = try await AuthHarness(bootstrap: nil)
        try await edit(first) { try makeOld($0) }
        let second = try await AuthHarness(folder: first.folder, bootstrap: nil)
        let accounts = second.context.access.snapshot?.accounts.map(\.account)
        #expect(accounts == ["ach-service", "batch-service", "posting-service"])
        await second.end()
    }
}
