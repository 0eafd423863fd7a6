extension LedgerSchema {
    /// What the ledger knows of payments beside their entries.
    ///
    /// `payment_entry` stands beside an entry that has no set: `payment_id` and `batch_id` are
    /// batch-service's, and null until it knows a payment that was booked here first; `amount` is
    /// that of the entry, money received above zero; `cash_gl` is the account that the money is in.
    /// `journal_id` is null until the batch was fed. A batch stands in `fed_batch` once: that it has
    /// been fed does not depend on a journal, which batches that come to zero do not have.
    static let payments = """
        CREATE TABLE payment_entry (
            entry_id INTEGER PRIMARY KEY,
            payment_id BIGINT,
            kind TEXT NOT NULL CHECK (kind IN ('record', 'withdraw', 'charge')),
            batch_id BIGINT,
            amount BIGINT NOT NULL,
            cash_gl BIGINT NOT NULL,
            digest BLOB NOT NULL,
            reverses_entry BIGINT,
            journal_id BIGINT
        );
        CREATE UNIQUE INDEX payment_entry_once ON payment_entry (payment_id, kind)
            WHERE payment_id IS NOT NULL;
        CREATE INDEX payment_entry_batch ON payment_entry (batch_id);
        CREATE TABLE journal_run (
            run_id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL,
            gl_date BIGINT NOT NULL,
            period TEXT,
            journal_id BIGINT,
            result BLOB NOT NULL
        );
        CREATE TABLE fed_batch (
            batch_id BIGINT PRIMARY KEY,
            run_id BIGINT NOT NULL REFERENCES journal_run (run_id)
        );
        CREATE TABLE gl_period (
            year BIGINT NOT NULL,
            period BIGINT NOT NULL,
            first_day BIGINT NOT NULL,
            last_day BIGINT NOT NULL,
            is_closed BIGINT NOT NULL,
            PRIMARY KEY (year, period),
            CHECK (first_day <= last_day)
        );
        CREATE TABLE ledger_setting (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        );
        """
}
