internal import Identity
internal import JSON
internal import Protocol

/// Loads the demo data of payments, each part once and by itself: what is there is left alone.
struct DemoPaymentLoader {
    let session: RPCSession
    /// The administrator's.
    let token: String

    static let patience = Duration.seconds(15)
    static let pause = Duration.milliseconds(100)

    func load(_ demo: DemoEnvironment) async throws {
        try await students()
        let isNew = try await staff()
        try await drawers()
        try await openSession(demo)
        if isNew { try await waitForEdge(demo) }
    }

    private func students() async throws {
        let code = JSONNode(members: [("detail_code", .string(DemoPaymentData.lastDetailCode))])
        guard try await find(.posting, PostingMethods.getDetailCode, code) == nil else { return }
        var missing: [(id: String, name: String)] = []
        for account in DemoPaymentData.accounts {
            let asked = JSONNode(members: [("account_id", .string(account.id))])
            if try await find(.posting, PostingMethods.getAccount, asked) == nil {
                missing.append(account)
            }
        }
        if !missing.isEmpty {
            try await upload(
                .posting,
                PostingMethods.importAccounts,
                DemoPaymentData.accountFile(missing)
            )
        }
        for file in DemoPaymentData.reference {
            try await upload(
                .posting,
                LedgerPaymentMethods.importReference,
                Array(file.csv.utf8),
                kind: file.kind
            )
        }
        try await upload(
            .posting,
            PostingMethods.importDetailCodes,
            Array(DemoPaymentData.detailCodes.utf8)
        )
    }

    /// Returns whether anything was new.
    ///
    /// Users come last: where they are there, their roles and grants have been, and what a person has
    /// taken away since stays away.
    private func staff() async throws -> Bool {
        let held = try await list(.auth, AuthMethods.listUsers)
        let missing = DemoPaymentData.users.filter { user in
            !held.contains { row in
                row["user_id"]?.integer == user.id || row["username"]?.cell == user.username
                    || row["account"]?.cell == user.account
            }
        }
        guard !missing.isEmpty else { return false }
        try await grant(to: Set(missing.map(\.account)))
        let roles = try await list(.auth, AuthMethods.listRoles).compactMap { $0["role"]?.cell }
        let newRoles = DemoPaymentData.roles.filter { !roles.contains($0.name) }
        if !newRoles.isEmpty {
            try await upload(
                .auth,
                AuthMethods.importRoles,
                Self.file(DemoPaymentData.roleColumns, newRoles.map(\.line))
            )
        }
        try await upload(
            .auth,
            AuthMethods.importUsers,
            Self.file(DemoPaymentData.userColumns, missing.map(\.line))
        )
        return true
    }

    private func grant(to accounts: Set<String>) async throws {
        let held = try await list(.auth, AuthMethods.listAccounts)
        for source in DemoData.sources where accounts.contains(source.account) {
            let row = held.first { $0["account"]?.cell == source.account }
            let before = row?["scopes"]?.elements.map(\.cell) ?? []
            let new = source.paymentScopes.map(\.rawValue).filter { !before.contains($0) }
            guard !new.isEmpty else { continue }
            let body = JSONNode(members: [
                ("account", .string(source.account)),
                ("scopes", .array((before + new).map { .string($0) })),
            ])
            _ = try await session.call(
                .auth,
                AuthMethods.putAccount,
                body: body.bytes,
                token: token
            )
        }
    }

    /// The drawer comes last: where it is there, the settings have been.
    private func drawers() async throws {
        let held = try await list(.batch, PaymentMethods.listDrawers)
        guard !held.contains(where: { $0["cash_drawer_id"]?.integer == DemoPaymentData.drawer })
        else { return }
        for setting in DemoPaymentData.settings {
            let body = JSONNode(members: [
                ("name", .string(setting.name)), ("value", setting.value),
            ])
            _ = try await session.call(
                .batch,
                PaymentMethods.putSetting,
                body: body.bytes,
                token: token
            )
        }
        try await upload(
            .batch,
            PaymentMethods.importDrawers,
            Array(DemoPaymentData.drawers.utf8)
        )
    }

    /// Opens the sample's session for the cashier, unless it has ever been opened.
    private func openSession(_ demo: DemoEnvironment) async throws {
        let place = JSONNode(members: [
            ("cash_drawer_id", .string(String(DemoPaymentData.drawer))),
            ("cash_drawer_session_id", .string(String(DemoPaymentData.session))),
        ])
        guard try await find(.batch, PaymentMethods.getSession, place) == nil else { return }
        let body = JSONNode(members: [
            ("cash_drawer_id", .string(String(DemoPaymentData.drawer))),
            ("cashier_user_id", .number(String(DemoPaymentData.cashier.id))),
            ("cash_drawer_session_id", .number(String(DemoPaymentData.session))),
        ])
        guard let key = demo.keys[KeyChoice.source.variable] else { return }
        let cashier = try await session.token(key: key, scopes: [.drawersWrite]).jwt
        // batch-service hears of new users and grants within seconds.
        try await repeating(while: { error in
            error.transition == nil
                && [
                    .permissionDenied, .unauthenticated, .invalidArgument,
                    .failedPrecondition,
                ].contains(error.status)
        }) {
            _ = try await ask(.batch, PaymentMethods.openSession, body, cashier)
        }
    }

    /// Returns when the edge and batch-service know the new grants.
    private func waitForEdge(_ demo: DemoEnvironment) async throws {
        for source in DemoData.sources {
            let edge = try await PaymentEdge(
                demo.settings,
                key: source.key,
                scopes: [.batchesRead]
            )
            let deadline = ContinuousClock.now.advanced(by: Self.patience)
            while true {
                do {
                    _ = try await edge.get(
                        PaymentEdge.root + "/drawers",
                        action: "reading the drawers"
                    )
                    break
                } catch let failure as CommandFailure where failure.status == .refused {
                    guard ContinuousClock.now < deadline else { throw failure }
                    try await Task.sleep(for: Self.pause)
                }
            }
        }
    }
}
