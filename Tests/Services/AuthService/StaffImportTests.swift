import Foundation
import Identity
import Protocol
import ServiceRuntime
import Testing

@testable import AuthService

@Suite("Roles and staff users are imported whole or not at all")
struct StaffImportTests {
    private static let roles = """
        role,release_batch_status,batch_posting_level,deposit_number_policy,overrides_gl_periods,\
        acts_for_others,tasks
        Cashier,released,,,no,no,student accounts - student account transaction - new
        Head Cashier,In Review,DEPARTMENT,required on post,no,yes,"Student Accounts - Student Account \
        Transaction - Edit | Student Accounts - Student Account Transaction - New"
        Clerk,,all,Always Required,true,false,

        """
    private static let users = """
        user_id,username,account,role,department,cashier,active
        7,jdoe,till-7,Cashier,BURSAR,yes,
        8,asmith,,Head Cashier,BURSAR,true,1
        9,gone,till-9,Clerk,,no,no

        """

    private func load(
        _ harness: AuthHarness,
        _ method: MethodDescriptor,
        _ file: String,
        format: String = "csv"
    ) async throws -> String {
        try await harness.call(
            method,
            file,
            token: try await harness.token().jwt,
            params: #"{"format":"\#(format)"}"#
        )
    }

    private func counts(_ text: String) throws -> [Int] {
        let reply = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Int]
        return ["imported", "created", "changed"].compactMap { reply?[$0] }
    }

    private func faults(
        _ harness: AuthHarness,
        _ method: MethodDescriptor,
        _ file: String,
        format: String = "csv"
    ) async -> [String]? {
        await harness.refusal { try await load(harness, method, file, format: format) }?
            .details.map { "\($0.field) \($0.code)" }
    }

    private func withStaff(_ work: (AuthHarness) async throws -> Void) async throws {
        let harness = try await AuthHarness()
        _ = try await load(harness, AuthMethods.importRoles, Self.roles)
        _ = try await load(harness, AuthMethods.importUsers, Self.users)
        try await work(harness)
        await harness.end()
    }

    @Test("A1-26: a user or role whose name is another's twin in Unicode is another")
    func twins() async throws {
        let harness = try await AuthHarness()
        let roles = try await load(
            harness,
            AuthMethods.importRoles,
            "role,batch_posting_level\nDESK,all\nDES\u{212A},own\n"
        )
        #expect(try counts(roles) == [2, 2, 0])
        let users = try await load(
            harness,
            AuthMethods.importUsers,
            "user_id,username,role\n1,KAY,DESK\n2,\u{212A}AY,DES\u{212A}\n"
        )
        #expect(try counts(users) == [2, 2, 0])
        let access = harness.context.access
        #expect(access.staff(userID: 1)?.role.postingLevel == .all)
        #expect(access.staff(userID: 2)?.role.postingLevel == .own)
        let renamed = try await load(
            harness,
            AuthMethods.importUsers,
            "user_id,username,role\n3,\u{C5}SA,DESK\n"
        )
        #expect(try counts(renamed) == [1, 1, 0])
        let respelt = try await load(
            harness,
            AuthMethods.importUsers,
            "user_id,username,role\n3,\u{212B}SA,DESK\n"
        )
        #expect(try counts(respelt) == [1, 0, 1])
        await harness.end()
    }

    @Test("A file of each is stored, listed, and stands in the snapshot; again it changes nothing")
    func importing() async throws {
        let harness = try await AuthHarness()
        for expected in [[3, 3, 0], [3, 0, 0]] {
            let reply = try await load(harness, AuthMethods.importRoles, Self.roles)
            #expect(try counts(reply) == expected)
        }
        for expected in [[3, 3, 0], [3, 0, 0]] {
            let reply = try await load(harness, AuthMethods.importUsers, Self.users)
            #expect(try counts(reply) == expected)
        }
        let snapshot = try #require(harness.context.access.snapshot)
        #expect(snapshot.roles.map(\.name) == ["Cashier", "Clerk", "Head Cashier"])
        #expect(
            snapshot.roles[0]
                == StaffRole(
                    name: "Cashier",
                    releaseBatchStatus: .released,
                    tasks: [.newTransaction]
                )
        )
        #expect(
            snapshot.roles[1]
                == StaffRole(
                    name: "Clerk",
                    postingLevel: .all,
                    depositNumbers: .alwaysRequired,
                    overridesGLPeriods: true
                )
        )
        #expect(snapshot.roles[2].tasks == NamedTask.all)
        #expect(snapshot.roles[2].depositNumbers == .requiredOnPost)
        #expect(snapshot.staff.map(\.userID) == [7, 8, 9])
        #expect(snapshot.staff.map(\.isActive) == [true, true, false])
        #expect(harness.context.access.staff(account: "till-7")?.role == snapshot.roles[0])
        #expect(harness.context.access.staff(account: "till-9") == nil)
        let admin = try await harness.token().jwt
        let roles = try harness.list(try await harness.call(AuthMethods.listRoles, token: admin))
        #expect(roles.map { $0["role"] as? String } == ["Cashier", "Clerk", "Head Cashier"])
        #expect(roles[1]["release_batch_status"] is NSNull)
        #expect(roles[1]["batch_posting_level"] as? String == "All")
        let users = try harness.list(try await harness.call(AuthMethods.listUsers, token: admin))
        #expect(users.map { $0["username"] as? String } == ["jdoe", "asmith", "gone"])
        #expect(users[2]["active"] as? Bool == false)
        await harness.end()
    }

    @Test("JSON serves as well, and the store outlives a new start")
    func json() async throws {
        let harness = try await AuthHarness()
        _ = try await load(
            harness,
            AuthMethods.importRoles,
            #"[{"role":"Cashier","acts_for_others":true,"release_batch_status":null}]"#,
            format: "json"
        )
        _ = try await load(
            harness,
            AuthMethods.importUsers,
            #"[{"user_id":7,"username":"jdoe","role":"Cashier","cashier":true}]"#,
            format: "json"
        )
        await harness.stop()
        let again = try await AuthHarness(folder: harness.folder)
        let held = again.context.access.staff(username: "jdoe")
        #expect(held?.user.isCashier == true)
        #expect(held?.role == StaffRole(name: "Cashier", actsForOthers: true))
        await again.end()
    }

    @Test("Every fault of a file of roles is told at once, and nothing of it is kept")
    func faultyRoles() async throws {
        let harness = try await AuthHarness()
        let file = """
            role,release_batch_status,batch_posting_level,deposit_number_policy,\
            overrides_gl_periods,acts_for_others,tasks
            Good,,,,,,
            ,Open,Mine,Never,maybe,2,Everything|
            Good,,,,,,
             Blank,,,,,,
            Short,,

            """
        #expect(
            await faults(harness, AuthMethods.importRoles, file) == [
                "line 6, column 1 field_count", "line 3, column 1 missing",
                "line 3, column 2 unknown_word", "line 3, column 7 unknown_word",
                "line 3, column 12 unknown_word", "line 3, column 18 unknown_word",
                "line 3, column 24 unknown_word", "line 3, column 26 unknown_task",
                "line 3, column 26 unknown_task", "line 4, column 1 repeated",
                "line 5, column 1 malformed",
            ]
        )
        #expect(harness.context.access.snapshot?.roles == [])
        #expect(
            await faults(harness, AuthMethods.importRoles, "role,level\nA,Own\n")
                == ["line 1, column 6 unknown_column"]
        )
        #expect(
            await faults(harness, AuthMethods.importRoles, #"[{"rol":"A"}]"#, format: "json")
                == ["/0/rol unknown_field", "/0/role missing"]
        )
        await harness.end()
    }

    @Test("Every fault of a file of users is told at once, and nothing of it is kept")
    func faultyUsers() async throws {
        try await withStaff { harness in
            let before = harness.context.access.snapshot?.staff
            let file = """
                user_id,username,account,role,department,cashier,active
                20,new,,Cashier,,,
                0,jdoe,till-9,Boss,,perhaps,
                20,new,Bad Account,Cashier,,,
                21,other,batch-service,,,,
                22,third,till-22,,,,
                23,fourth,till-22,,,,
                x,,,,,,2

                """
            #expect(
                await faults(harness, AuthMethods.importUsers, file) == [
                    "line 3, column 1 out_of_range", "line 3, column 3 taken",
                    "line 3, column 8 taken", "line 3, column 15 unknown_role",
                    "line 3, column 21 unknown_word", "line 4, column 1 repeated",
                    "line 4, column 4 repeated", "line 4, column 8 malformed",
                    "line 5, column 10 reserved", "line 7, column 11 repeated",
                    "line 8, column 1 out_of_range", "line 8, column 3 missing",
                    "line 8, column 8 unknown_word",
                ]
            )
            #expect(harness.context.access.snapshot?.staff == before)
        }
    }

    @Test("Users of one file may change names and accounts with each other")
    func exchange() async throws {
        try await withStaff { harness in
            let file = """
                user_id,username,account,role,department,cashier,active
                7,gone,till-9,Cashier,BURSAR,yes,
                9,jdoe,till-7,Clerk,,no,yes

                """
            let reply = try await load(harness, AuthMethods.importUsers, file)
            #expect(try counts(reply) == [2, 0, 2])
            #expect(harness.context.access.staff(account: "till-7")?.user.userID == 9)
            #expect(harness.context.access.staff(username: "gone")?.user.userID == 7)
        }
    }

    @Test("An import is one event with its changed rows, bounded; one without a change is none")
    func audited() async throws {
        try await withStaff { harness in
            let stricter = Self.users.replacingOccurrences(of: "7,jdoe", with: "7,jane")
            _ = try await load(harness, AuthMethods.importUsers, stricter)
            _ = try await load(harness, AuthMethods.importUsers, stricter)
            let many = (100..<400).map { "\($0),user\($0),,Clerk,BURSAR,," }
            let header = "user_id,username,account,role,department,cashier,active\n"
            _ = try await load(
                harness,
                AuthMethods.importUsers,
                header + many.joined(separator: "\n")
            )
            let events = try await harness.audit().filter {
                $0["action"] as? String == "auth.users.import"
            }
            #expect(events.count == 3)
            let large = events[0]["change"] as? String ?? ""
            #expect(large.utf8.count < 16 << 10)
            let largeChange = try harness.json(large)
            let told = (largeChange["rows"] as? [Any])?.count ?? 0
            #expect(told > 0)
            #expect(largeChange["rows_left_out"] as? Int == 300 - told)
            #expect((largeChange["file_sha256"] as? String)?.count == 64)
            #expect(events[1]["subject"] as? String == "users")
            let change = try harness.json(events[1]["change"] as? String ?? "")
            let rows = change["rows"] as? [[String: Any]]
            #expect(rows?.count == 1)
            let before = rows?.first?["before"] as? [String: Any]
            let after = rows?.first?["after"] as? [String: Any]
            #expect(before?["username"] as? String == "jdoe")
            #expect(after?["username"] as? String == "jane")
            let first = try harness.json(events[2]["change"] as? String ?? "")
            let created = first["rows"] as? [[String: Any]]
            #expect(created?.allSatisfy { $0["before"] is NSNull } == true)
        }
    }

    @Test("A caller learns its user and its role; one without learns that it has none")
    func me() async throws {
        try await withStaff { harness in
            let key = try await harness.makeAccount("till-7")
            let token = try await harness.token(key.key).jwt
            let text = try await harness.call(AuthMethods.me, token: token)
            let me = try harness.json(text)
            let staff = me["staff"] as? [String: Any]
            #expect(staff?["user_id"] as? Int == 7)
            #expect(staff?["username"] as? String == "jdoe")
            #expect(staff?["role"] as? String == "Cashier")
            #expect(staff?["department"] as? String == "BURSAR")
            #expect(staff?["cashier"] as? Bool == true)
            #expect(me["release_batch_status"] as? String == "Released")
            #expect(me["batch_posting_level"] as? String == "Own")
            let read = try JSONDecoder().decode(CallerDescription.self, from: Data(text.utf8))
            #expect(read.postingLevel == .own)
            for account in ["till-9", "nobody"] {
                let key = try await harness.makeAccount(account)
                let token = try await harness.token(key.key).jwt
                let me = try harness.json(try await harness.call(AuthMethods.me, token: token))
                #expect(me["staff"] is NSNull)
                #expect(me["release_batch_status"] == nil)
                #expect(me["batch_posting_level"] == nil)
            }
        }
    }

    @Test("An import without its format, or with a member too many, is refused")
    func parameters() async throws {
        let harness = try await AuthHarness()
        let token = try await harness.token().jwt
        for params in ["{}", #"{"format":"xml"}"#, #"{"format":"csv","dry_run":1}"#] {
            let error = await harness.refusal {
                try await harness.call(
                    AuthMethods.importRoles,
                    "role\nA\n",
                    token: token,
                    params: params
                )
            }
            #expect(error?.status == .invalidArgument, "\(params)")
        }
        #expect(harness.context.access.snapshot?.roles == [])
        await harness.end()
    }
}
