import ServiceStore
package import Storage

/// The tables of posting.db.
///
/// Entries are the truth; blocks and GL balances are sums of them, kept in
/// the same transaction; runs are derived and can be made again.
package enum LedgerSchema {
    package static let migrations = [
        Migration(1, "ledger", ledger),
        Migration(2, "reference data", reference),
        Migration(3, "duplicates", duplicates),
        Migration(4, "payments", payments),
        Migration(5, "students", StudentSchema.tables),
        // Runs made of ids as they stood: opening makes them again of their normal forms.
        Migration(6, "duplicates by normal form", "DELETE FROM dup_run; DELETE FROM dup_run_dir;"),
        Migration(7, "request keys", StudentSchema.requestKeys),
        Migration(8, "continuation secret", ContinuationKeys.table),
        Migration(9, "hand-over", StudentSchema.handover),
    ]

    /// Pages as large as a block of balances or a part of a run; the rest as measured (design 8.8).
    package static var options: SQLiteOptions {
        var options = SQLiteOptions()
        options.pageSize = 16_384
        return options
    }

    // `entry` has no index: an account's card is a chain by `prev` from its newest entry, which stands
    // in `account_block` (512 accounts of balance and newest entry, 8 bytes each, little end first). A
    // `gl_line` is found by its journal: `id` = journal × 2²⁰ + GL account.
    private static let ledger = """
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY,
            account INTEGER NOT NULL,
            code INTEGER NOT NULL,
            amount INTEGER NOT NULL,
            date INTEGER NOT NULL,
            source INTEGER NOT NULL,
            source_tx TEXT NOT NULL,
            description TEXT NOT NULL,
            set_id INTEGER NOT NULL,
            prev INTEGER NOT NULL
        );
        CREATE TABLE posting (
            set_id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL,
            first_entry INTEGER NOT NULL,
            entries INTEGER NOT NULL,
            journal_id INTEGER,
            result BLOB NOT NULL
        );
        CREATE TABLE gl_line (
            id INTEGER PRIMARY KEY,
            journal_id INTEGER NOT NULL,
            gl INTEGER NOT NULL,
            debit INTEGER NOT NULL,
            credit INTEGER NOT NULL
        );
        CREATE TABLE gl_balance (
            gl INTEGER PRIMARY KEY,
            debit_high INTEGER NOT NULL,
            debit_low INTEGER NOT NULL,
            credit_high INTEGER NOT NULL,
            credit_low INTEGER NOT NULL
        );
        CREATE TABLE account_block (
            id INTEGER PRIMARY KEY,
            b BLOB NOT NULL
        );
        """

    /// A detail code is never changed: a change adds a version, and entries name the version.
    private static let reference = """
        CREATE TABLE account (
            id INTEGER PRIMARY KEY,
            account_id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            inactive INTEGER NOT NULL,
            alert_code TEXT,
            warning_code TEXT
        );
        CREATE TABLE gl_account (
            id INTEGER PRIMARY KEY,
            gl_account TEXT NOT NULL UNIQUE
        );
        CREATE TABLE detail_code (
            id INTEGER PRIMARY KEY,
            detail_code TEXT NOT NULL,
            version INTEGER NOT NULL,
            description TEXT NOT NULL,
            type TEXT NOT NULL,
            gl INTEGER NOT NULL,
            active INTEGER NOT NULL,
            subsystem TEXT,
            UNIQUE (detail_code, version)
        );
        CREATE TABLE source (
            id INTEGER PRIMARY KEY,
            source_name TEXT NOT NULL UNIQUE
        );
        """

    // `state`: 0 building, 1 live, 2 obsolete. `secret` holds the key of the hash.
    private static let duplicates = """
        CREATE TABLE secret (
            id INTEGER PRIMARY KEY,
            hash_key BLOB NOT NULL
        );
        CREATE TABLE dup_run (
            id INTEGER PRIMARY KEY,
            b BLOB NOT NULL
        );
        CREATE TABLE dup_run_dir (
            id INTEGER PRIMARY KEY,
            level INTEGER NOT NULL,
            first_entry INTEGER NOT NULL,
            entries INTEGER NOT NULL,
            state INTEGER NOT NULL
        );
        """
}
