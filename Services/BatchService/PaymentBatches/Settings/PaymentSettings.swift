internal import JSON
package import ServiceStore
internal import NIOCore
internal import Protocol
package import ServiceRuntime
internal import Storage
internal import Transport

/// Reads and changes the settings of payments (`batch.settings.*`).
package struct PaymentSettings: Sendable {
    private let parts: PaymentParts

    package init(_ parts: PaymentParts) { self.parts = parts }

    /// Every setting with its value.
    package func list() async throws -> [UInt8] {
        try await parts.store.read { transaction in
            try JSONWriter.array { text in
                for setting in PaymentSetting.allCases {
                    let value = try Self.value(of: setting, in: transaction)
                    text.object { text in
                        text.member("name", setting.rawValue)
                        setting.append(value, to: &text)
                        text.member("description", setting.description)
                    }
                }
            }
        }
    }

    /// Changes one setting, with its audit event; one that has the value already has none.
    package func put(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        let now = parts.environment.now()
        return try await parts.keyed(
            caller,
            prepare: {
                let request = try Self.read(body)
                try await requireUsable(request.setting, request.text)
                return request
            },
            change: { request, transaction in
                let (setting, text) = request
                let before = try Self.value(of: setting, in: transaction)
                if before != text {
                    try Self.save(setting, text, in: transaction)
                    let change = JSONWriter.objectText { change in
                        setting.append(before, as: "before", to: &change)
                        setting.append(text, as: "after", to: &change)
                    }
                    try AuditOutbox.add(
                        caller.event(subject: "setting/\(setting.rawValue)", change: change),
                        at: now,
                        in: transaction
                    )
                }
                let reply = JSONWriter.object { reply in
                    reply.member("name", setting.rawValue)
                    setting.append(text, to: &reply)
                }
                return KeyedReply(body: reply)
            }
        )
    }

    /// A detail code must be one that charges can be booked under.
    private func requireUsable(_ setting: PaymentSetting, _ text: String) async throws {
        guard setting == .nsfDetailCode, !text.isEmpty,
            try await !parts.environment.accounts.isChargeCode(text)
        else { return }
        throw RPCError.ruleBroken([NSFCode.unusable(text, field: "/value")])
    }

    private static func read(_ body: [UInt8]) throws -> (setting: PaymentSetting, text: String) {
        var fields = try FieldReader.reading(body)
        let setting = fields.word("name", required: true, as: PaymentSetting.self)
        let value = fields.node("value", required: true)
        var text = ""
        if let setting, let value {
            switch setting.text(of: value) {
            case .text(let found): text = found
            case .fault(let message): fields.fail("value", "malformed", message)
            }
        }
        try fields.finish()
        guard let setting else {
            preconditionFailure("a required member is absent without a fault")
        }
        return (setting, text)
    }

    private static func value(
        of setting: PaymentSetting,
        in transaction: ReadTransaction
    ) throws -> String {
        try transaction.first(
            "SELECT value FROM payment_setting WHERE name = ?1",
            [.text(setting.rawValue)]
        ) { $0.string(0) } ?? setting.defaultText
    }

    private static func save(
        _ setting: PaymentSetting,
        _ text: String,
        in transaction: WriteTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO payment_setting(name, value) VALUES(?1, ?2)
            ON CONFLICT(name) DO UPDATE SET value = excluded.value
            """,
            [.text(setting.rawValue), .text(text)]
        )
    }
}

/// The methods of settings.
package struct SettingBindings: Sendable {
    private let settings: PaymentSettings

    package init(_ settings: PaymentSettings) { self.settings = settings }

    package var all: [AuthorizedBinding] {
        [
            AuthorizedBinding(PaymentMethods.getSettings) { _ in
                OutgoingReply(body: ByteBuffer(bytes: try await settings.list()))
            },
            AuthorizedBinding(PaymentMethods.putSetting) { call in
                let body = try await call.call.body.collect()
                let caller = try PaymentCaller(call, body: body)
                return try await settings.put(Array(buffer: body), by: caller).outgoing
            },
        ]
    }
}
