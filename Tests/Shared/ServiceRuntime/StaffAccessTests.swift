import Foundation
import Identity
import Protocol
import ServiceRuntime
import Testing

@Suite("Staff users and roles reach every service with the snapshot")
struct StaffAccessTests {
    let forge: TokenForge
    let gate: AccessGate
    let clock = ManualClock()
    let cashier = StaffRole(
        name: "Cashier",
        releaseBatchStatus: .released,
        postingLevel: .department,
        actsForOthers: true,
        tasks: [.newTransaction]
    )

    init() throws {
        forge = try TokenForge()
        gate = AccessGate(clock: clock.access)
    }

    private func user(
        _ id: Int64,
        account: String,
        role: String = "Cashier",
        isActive: Bool = true
    ) -> StaffUser {
        StaffUser(
            userID: id,
            username: "user\(id)",
            account: account,
            role: role,
            department: "BURSAR",
            isCashier: true,
            isActive: isActive
        )
    }

    private func principal() throws -> Principal {
        try gate.verify(token: forge.token()).principal
    }

    @Test("A token acts with the user and the role of its account")
    func principalHasRole() throws {
        let user = user(7, account: TokenForge.account)
        gate.install(forge.snapshot(roles: [cashier], staff: [user]))
        #expect(try principal().staff == user)
        #expect(try principal().role == cashier)
    }

    @Test("An account without a user, and one whose user is inactive, has no role")
    func noRole() throws {
        gate.install(forge.snapshot(roles: [cashier], staff: [user(7, account: "another")]))
        #expect(try principal().staff == nil)
        #expect(try principal().role == .none)
        let inactive = user(7, account: TokenForge.account, isActive: false)
        gate.install(forge.snapshot(version: 2, roles: [cashier], staff: [inactive]))
        #expect(try principal().staff == nil)
        #expect(try principal().role == .none)
    }

    @Test("A user whose role is empty or not known has none")
    func unknownRole() throws {
        let users = [
            user(7, account: TokenForge.account, role: ""), user(8, account: "", role: "?"),
        ]
        gate.install(forge.snapshot(roles: [cashier], staff: users))
        #expect(try principal().staff?.userID == 7)
        #expect(try principal().role == .none)
        #expect(gate.staff(userID: 8)?.role == StaffRole.none)
    }

    @Test("A remembered token changes its role with the next snapshot")
    func changedRole() throws {
        let user = user(7, account: TokenForge.account)
        gate.install(forge.snapshot(roles: [cashier], staff: [user]))
        #expect(try principal().role.releaseBatchStatus == .released)
        var stricter = cashier
        stricter.releaseBatchStatus = .inReview
        gate.install(forge.snapshot(version: 2, roles: [stricter], staff: [user]))
        #expect(try principal().role == stricter)
    }

    @Test("Active users are found by number, name and account; others by none")
    func finding() {
        let users = [
            user(7, account: "a"), user(8, account: ""), user(9, account: "c", isActive: false),
        ]
        #expect(gate.staff(userID: 7) == nil)
        gate.install(forge.snapshot(roles: [cashier], staff: users))
        #expect(gate.staff(userID: 7)?.user == users[0])
        #expect(gate.staff(username: "user7")?.role == cashier)
        #expect(gate.staff(account: "a")?.user == users[0])
        #expect(gate.staff(username: "user8")?.user == users[1])
        #expect(gate.staff(account: "") == nil)
        #expect(gate.staff(username: "USER7") == nil)
        #expect(gate.staff(userID: 9) == nil)
        #expect(gate.staff(username: "user9") == nil)
        #expect(gate.staff(account: "c") == nil)
    }

    @Test("A snapshot crosses the wire whole, and one of a version without staff still reads")
    func wire() throws {
        let plain = StaffRole(name: "Plain")
        let snapshot = forge.snapshot(
            roles: [cashier, plain],
            staff: [user(7, account: "a"), user(8, account: "", role: "", isActive: false)]
        )
        func decode(_ bytes: some Sequence<UInt8>) throws -> AccessSnapshot {
            try Array(bytes).withUnsafeBytes {
                try StrictJSON.decodeReply(AccessSnapshot.self, from: $0)
            }
        }
        let bytes = try StrictJSON.encode(snapshot)
        let read = try decode(bytes)
        #expect(read.roles == snapshot.roles)
        #expect(read.staff == snapshot.staff)
        var members = try #require(
            JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        )
        members["roles"] = nil
        members["staff"] = nil
        let older = try decode(JSONSerialization.data(withJSONObject: members))
        #expect(older.roles.isEmpty)
        #expect(older.staff.isEmpty)
        #expect(older.accounts == snapshot.accounts)
        #expect(older.sources == snapshot.sources)
    }
}
