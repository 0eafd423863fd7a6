// What posting-service is asked about its books; it answers in the edge's JSON.

/// The request of `posting.accounts.get`, and of `posting.accounts.ledger` with its page.
package struct AccountRequest: Decodable, Sendable {
    package var accountID: String
    package var pagesize: String?
    package var continuationKey: String?

    private enum CodingKeys: String, CodingKey {
        case accountID = "account_id"
        case pagesize
        case continuationKey = "continuation_key"
    }
}

/// The request of `posting.detail_codes.get`.
package struct DetailCodeRequest: Decodable, Sendable {
    package var detailCode: String

    private enum CodingKeys: String, CodingKey {
        case detailCode = "detail_code"
    }
}

/// The request of `posting.entries.export`: entries with a larger id; `PageLimits.exportSizes`.
package struct ExportEntriesRequest: Decodable, Sendable {
    package var after: Int64?
    package var limit: Int?
}

/// A setting as it is listed; the reply to a change has no description.
package struct SettingDescription<Value: Encodable & Sendable>: Encodable, Sendable {
    package var name: String
    package var value: Value
    package var description: String?

    package init(name: String, value: Value, description: String? = nil) {
        self.name = name
        self.value = value
        self.description = description
    }
}
