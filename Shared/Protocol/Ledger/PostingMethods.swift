import Identity

/// The methods of posting-service: posting a set, reference data, and what the ledger says.
package enum PostingMethods {
    package static let all: [MethodDescriptor] = [
        postSet, withdrawSet, setProgress, anchor, getAccount, accountLedger, getDetailCode,
        trialBalance, importAccounts, importDetailCodes, exportEntries,
    ]

    package static let postSet = MethodDescriptor(
        "posting.sets.post",
        "Post a set once: the same set_id again gives the first result. TRIAL leaves no trace.",
        callers: .services([.batch]),
        authority: .scope(.postingTasksWrite),
        changesMoney: true,
        maximumRequestBytes: 1 << 30,
        maximumReplyBytes: 256 << 20,
        defaultTimeoutSeconds: 600,
        request: "params {set_id, commit_policy, digest, attempt}; the set itself as body",
        reply: "PostSetResult"
    )
    package static let withdrawSet = MethodDescriptor(
        "posting.sets.withdraw",
        "Refuse a set for ever; one that is posted already stays so, and its result is given.",
        callers: .services([.batch]),
        authority: .scope(.postingTasksWrite),
        changesMoney: true,
        maximumReplyBytes: 256 << 20,
        request: "{set_id: integer, digest: string}",
        reply: "{withdrawn: boolean, result?: PostSetResult where it was posted}"
    )
    package static let setProgress = MethodDescriptor(
        "posting.sets.progress",
        "How far posting-service has come with sets that it is working on.",
        callers: .services([.batch]),
        authority: .scope(.postingTasksWrite),
        request: "{set_ids: [integer]}",
        reply: "[{set_id, total, done, failed}]"
    )
    package static let anchor = MethodDescriptor(
        "posting.anchor",
        "The newest committed set: batch-service compares it to find a restored, older store.",
        callers: .services([.batch]),
        authority: .scope(.postingTasksWrite),
        request: "{}",
        reply: "{store_id: string, highest_set_id: integer, entries: integer}"
    )
    package static let getAccount = MethodDescriptor(
        "posting.accounts.get",
        "An account with its balance.",
        callers: .edgeAndClients,
        authority: .scope(.accountsRead),
        request: "{account_id: string}",
        reply: "{account_id, name, inactive, alert_code, warning_code, balance}"
    )
    package static let accountLedger = MethodDescriptor(
        "posting.accounts.ledger",
        "The ledger card of an account, newest entry first.",
        callers: .edgeAndClients,
        authority: .scope(.accountsRead),
        request: "{account_id: string, pagesize?: string, continuation_key?: string}",
        reply: "[LedgerEntry]; header document {continuation_key?: string}"
    )
    package static let getDetailCode = MethodDescriptor(
        "posting.detail_codes.get",
        "A detail code, active or not.",
        callers: .edgeAndClients,
        authority: .scope(.accountsRead),
        request: "{detail_code: string}",
        reply: "{detail_code, description, type, gl_account, active}"
    )
    package static let trialBalance = MethodDescriptor(
        "posting.trial_balance",
        "Debits and credits of every GL account; their difference is zero.",
        callers: .edgeAndClients,
        authority: .scope(.generalLedgerRead),
        maximumReplyBytes: 64 << 20,
        request: "{}",
        reply: "{debits, credits, difference, accounts: [{gl_account, debits, credits, balance}]}"
    )
    package static let importAccounts = MethodDescriptor(
        "posting.accounts.import",
        "Create or replace accounts from CSV or JSON, whole or not at all.",
        callers: .edgeAndClients,
        authority: .scope(.accountsWrite),
        maximumRequestBytes: 64 << 20,
        defaultTimeoutSeconds: 120,
        request: "params {format: csv|json}; the file as body",
        reply: "{imported: integer, created: integer, changed: integer}"
    )
    package static let importDetailCodes = MethodDescriptor(
        "posting.detail_codes.import",
        "Create or replace detail codes from CSV or JSON, whole or not at all.",
        callers: .edgeAndClients,
        authority: .scope(.accountsWrite),
        maximumRequestBytes: 64 << 20,
        defaultTimeoutSeconds: 120,
        request: "params {format: csv|json}; the file as body",
        reply: "{imported: integer, created: integer, changed: integer}"
    )
    package static let exportEntries = MethodDescriptor(
        "posting.entries.export",
        "Ledger entries in order of their ids as JSON lines, a page at a time.",
        callers: .edgeAndClients,
        authority: .scope(.generalLedgerRead),
        maximumReplyBytes: 64 << 20,
        defaultTimeoutSeconds: 120,
        request: "{after?: integer, limit?: 1...100000}",
        reply: "JSON lines; header document {last_entry_id: integer, more: boolean}"
    )
}
