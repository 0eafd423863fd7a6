internal import PaymentBatches
internal import ServiceStore
package import Storage

/// The tables of batch-service.
///
/// A set's row never changes after its insert; everything that moves stands in its task's row. Each
/// end of an attempt adds a row to `attempt`, whose rising id is also the order in which sets
/// finished: `task.final_attempt` is what a history's found set is bounded by.
package enum BatchSchema {
    package static let migrations = [
        Migration(1, "sets, tasks and attempts", tables),
        Migration(2, "payments", PaymentSchema.tables),
        Migration(3, "continuation secret", continuations),
    ]

    /// Keys that were given before are not known any more: whoever has one starts again.
    private static let continuations =
        ContinuationKeys.table + " DELETE FROM setting WHERE name = 'continuation_secret';"

    private static let tables = """
        CREATE TABLE posting_set(
            id INTEGER PRIMARY KEY,
            task_id TEXT NOT NULL,
            account TEXT NOT NULL,
            idempotency_key TEXT,
            key_id TEXT NOT NULL,
            token_id TEXT NOT NULL,
            peer TEXT NOT NULL,
            client_address TEXT NOT NULL,
            request_id TEXT NOT NULL,
            submitted_at BIGINT NOT NULL,
            commit_policy TEXT NOT NULL,
            source_name TEXT NOT NULL,
            source_batch_id TEXT NOT NULL,
            batch_name TEXT NOT NULL,
            billing_type TEXT NOT NULL,
            posting_type TEXT NOT NULL,
            accounting_day BIGINT NOT NULL,
            accounting_instant BIGINT,
            record_count BIGINT NOT NULL,
            total_amount BIGINT NOT NULL,
            transaction_count BIGINT NOT NULL,
            digest BLOB NOT NULL,
            body_bytes BIGINT NOT NULL,
            body_file BIGINT,
            body_offset BIGINT,
            body BLOB,
            CHECK ((body IS NULL) = (body_file IS NOT NULL))
        );
        CREATE UNIQUE INDEX posting_set_task ON posting_set(task_id);
        CREATE UNIQUE INDEX posting_set_key ON posting_set(account, idempotency_key)
            WHERE idempotency_key IS NOT NULL;
        CREATE INDEX posting_set_source ON posting_set(source_name, id);
        CREATE INDEX posting_set_source_batch ON posting_set(source_batch_id);
        CREATE INDEX posting_set_submitted ON posting_set(submitted_at);
        CREATE INDEX posting_set_body ON posting_set(body_file, body_offset)
            WHERE body_file IS NOT NULL;

        CREATE TABLE task(
            set_id INTEGER PRIMARY KEY REFERENCES posting_set(id),
            large BIGINT NOT NULL,
            status TEXT NOT NULL
                CHECK (status IN ('accepted', 'processing', 'complete', 'error')),
            attempts BIGINT NOT NULL,
            failures BIGINT NOT NULL,
            faults BIGINT NOT NULL,
            owner TEXT,
            lease_until BIGINT,
            not_before BIGINT NOT NULL,
            done BIGINT NOT NULL,
            failed BIGINT NOT NULL,
            loaded BIGINT,
            final_attempt BIGINT,
            finished_at BIGINT,
            error_message TEXT,
            failure_list BLOB,
            CHECK ((status IN ('complete', 'error')) = (final_attempt IS NOT NULL)),
            CHECK ((status = 'processing') = (owner IS NOT NULL))
        );
        CREATE INDEX task_unfinished ON task(status, large, not_before)
            WHERE final_attempt IS NULL;

        CREATE TABLE attempt(
            id INTEGER PRIMARY KEY,
            set_id BIGINT NOT NULL REFERENCES posting_set(id),
            number BIGINT NOT NULL,
            owner TEXT NOT NULL,
            ended_at BIGINT NOT NULL,
            outcome TEXT NOT NULL,
            detail TEXT NOT NULL
        );

        CREATE TABLE setting(
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        );
        """
}
