internal import ServiceStore

/// The tables of payment batches, in the store of batch-service.
///
/// Days count from 1 January 1970, moments are milliseconds since then, amounts minor units. A number
/// is never used again: batches and payments keep their rows when they are deleted.
package enum PaymentSchema {
    package static let tables =
        batches + payments + workflow + drawers + journal + requests + AuditOutbox.table

    /// One open batch of a key, whoever makes it (contract A0-9; design 1.6, invariant 1).
    ///
    /// `operations` counts the rows ever put into `ledger_outbox` for the batch that change its total
    /// (records and withdrawals): what the ledger must hold before the batch is fed. `content_hash`
    /// follows every change of its payments; `reviewed_hash` is what was released or approved last
    /// (fault A-10). `payment_batch_maker` holds who beside `created_by` has entered a payment: they
    /// judge the batch no more than its creator does.
    private static let batches = """
        CREATE TABLE payment_batch(
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('payment', 'reversal')),
            username TEXT NOT NULL,
            entry_date BIGINT NOT NULL,
            department TEXT NOT NULL,
            deposit_number TEXT,
            step BIGINT NOT NULL CHECK (step IN (0, 10, 20, 30, 40)),
            status TEXT NOT NULL CHECK (status IN ('Open', 'Workflow', 'In Review', 'Approved',
                'Released', 'POST_IN_PROGRESS', 'Posted', 'Deleted')),
            payment_count BIGINT NOT NULL,
            total BIGINT NOT NULL,
            operations BIGINT NOT NULL,
            created_by TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            closed_by TEXT,
            closed_at BIGINT,
            released_by TEXT,
            released_at BIGINT,
            posted_by TEXT,
            posted_at BIGINT,
            gl_effective_date BIGINT NOT NULL,
            gl_period TEXT,
            journal_run_id BIGINT,
            journal_id BIGINT,
            lock_owner TEXT,
            workflow_step BIGINT,
            workflow_locked BIGINT NOT NULL,
            content_hash BLOB NOT NULL,
            reviewed_hash BLOB,
            row_version BIGINT NOT NULL,
            CHECK ((status = 'POST_IN_PROGRESS') = (lock_owner IS NOT NULL)),
            CHECK ((step = 40) = (status = 'Posted'))
        );
        CREATE UNIQUE INDEX payment_batch_open ON payment_batch(kind, username, entry_date)
            WHERE step = 10;
        CREATE INDEX payment_batch_key ON payment_batch(username, entry_date);
        CREATE INDEX payment_batch_step ON payment_batch(step, id);

        CREATE TABLE payment_batch_tender(
            batch_id BIGINT NOT NULL REFERENCES payment_batch(id),
            payment_type TEXT NOT NULL,
            payment_count BIGINT NOT NULL,
            total BIGINT NOT NULL,
            PRIMARY KEY (batch_id, payment_type)
        );

        CREATE TABLE payment_batch_maker(
            batch_id BIGINT NOT NULL REFERENCES payment_batch(id),
            account TEXT NOT NULL,
            PRIMARY KEY (batch_id, account)
        );

        CREATE TABLE payment_batch_history(
            id INTEGER PRIMARY KEY,
            batch_id BIGINT NOT NULL REFERENCES payment_batch(id),
            at BIGINT NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            from_status TEXT NOT NULL,
            to_status TEXT NOT NULL,
            workflow_step BIGINT,
            note TEXT NOT NULL,
            content_hash BLOB NOT NULL
        );
        CREATE INDEX payment_batch_history_batch ON payment_batch_history(batch_id, id);

        """

    /// Payments that posting-service hands over bring their entry, and an award: once by that entry.
    ///
    /// Others get theirs later, where an index would cost every payment and be asked by none.
    /// The outbox has no key of its own for the same reason: the ledger books a payment's operation once.
    ///
    /// A payment is posted with its batch, so that posting a batch of any size changes one row here:
    /// `NonPosted` reads as `Posted` where the batch is at step 40.
    private static let payments = """
        CREATE TABLE payment(
            id INTEGER PRIMARY KEY,
            batch_id BIGINT NOT NULL REFERENCES payment_batch(id),
            account_id TEXT NOT NULL,
            amount BIGINT NOT NULL,
            payment_type TEXT NOT NULL,
            check_number TEXT,
            description TEXT NOT NULL,
            transaction_date BIGINT NOT NULL,
            entered_by TEXT NOT NULL,
            entered_at BIGINT NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('NonPosted', 'Deleted', 'ReversedInBatch', 'Reversed')),
            reverses_payment_id BIGINT REFERENCES payment(id),
            reason_code TEXT,
            note TEXT,
            cash_drawer_id BIGINT,
            cash_drawer_session_id BIGINT,
            cashier_user_id BIGINT,
            student_award_id BIGINT,
            ach_entry_id BIGINT,
            ledger_entry_id BIGINT,
            row_version BIGINT NOT NULL
        );
        CREATE INDEX payment_in_batch ON payment(batch_id, id);
        CREATE UNIQUE INDEX payment_of_award ON payment(ledger_entry_id)
            WHERE student_award_id IS NOT NULL;
        CREATE UNIQUE INDEX payment_reversed_once ON payment(reverses_payment_id)
            WHERE reverses_payment_id IS NOT NULL AND state <> 'Deleted';

        CREATE TABLE ledger_outbox(
            id INTEGER PRIMARY KEY,
            payment_id BIGINT NOT NULL REFERENCES payment(id),
            kind TEXT NOT NULL CHECK (kind IN ('record', 'withdraw', 'charge')),
            charge_amount BIGINT,
            charge_code TEXT
        );

        """

    /// `entry` is the place of a rule's list of approvers that an approval fills, `approver` the
    /// account that gave it.
    private static let workflow = """
        CREATE TABLE workflow_rule(
            id INTEGER PRIMARY KEY,
            step BIGINT NOT NULL,
            min_amount BIGINT,
            max_amount BIGINT,
            catch_all BIGINT NOT NULL,
            any_of_group BIGINT NOT NULL,
            approvers TEXT NOT NULL
        );

        CREATE TABLE workflow_approval(
            batch_id BIGINT NOT NULL REFERENCES payment_batch(id),
            step BIGINT NOT NULL,
            entry TEXT NOT NULL,
            approver TEXT NOT NULL,
            at BIGINT NOT NULL,
            content_hash BLOB NOT NULL,
            PRIMARY KEY (batch_id, step, entry)
        );

        CREATE TABLE payment_setting(
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        );

        """

    private static let drawers = """
        CREATE TABLE cash_drawer(
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            campus_id BIGINT NOT NULL,
            warning_amount BIGINT,
            restrict_amount BIGINT
        );

        CREATE TABLE cash_drawer_session(
            id INTEGER PRIMARY KEY,
            cash_drawer_id BIGINT NOT NULL REFERENCES cash_drawer(id),
            cashier_user_id BIGINT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('Open', 'Closed', 'Reconciled')),
            opening_amount BIGINT NOT NULL,
            total BIGINT NOT NULL,
            reserved BIGINT NOT NULL,
            payment_count BIGINT NOT NULL,
            counted_amount BIGINT,
            note TEXT,
            opened_by TEXT NOT NULL,
            opened_at BIGINT NOT NULL,
            closed_by TEXT,
            closed_at BIGINT,
            reconciled_by TEXT,
            reconciled_at BIGINT,
            row_version BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX cash_drawer_one_open ON cash_drawer_session(cash_drawer_id)
            WHERE status = 'Open';

        CREATE TABLE drawer_reservation(
            id TEXT PRIMARY KEY,
            cash_drawer_session_id BIGINT NOT NULL REFERENCES cash_drawer_session(id),
            amount BIGINT NOT NULL,
            made_at BIGINT NOT NULL
        );

        """

    private static let journal = """
        CREATE TABLE journal_run(
            id INTEGER PRIMARY KEY,
            proof BIGINT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('Running', 'Posted', 'Failed')),
            requested_by TEXT NOT NULL,
            requested_at BIGINT NOT NULL,
            gl_effective_date BIGINT NOT NULL,
            overrides_period BIGINT NOT NULL,
            owner TEXT,
            lease_until BIGINT NOT NULL,
            epoch BIGINT NOT NULL,
            attempts BIGINT NOT NULL,
            not_before BIGINT NOT NULL,
            journal_id BIGINT,
            gl_period TEXT,
            payment_count BIGINT NOT NULL,
            total BIGINT NOT NULL,
            lines BLOB,
            error_reason TEXT,
            error_message TEXT,
            finished_at BIGINT
        );
        CREATE INDEX journal_run_running ON journal_run(status, not_before)
            WHERE status = 'Running';

        CREATE TABLE journal_run_batch(
            run_id BIGINT NOT NULL REFERENCES journal_run(id),
            batch_id BIGINT NOT NULL REFERENCES payment_batch(id),
            operations BIGINT NOT NULL,
            payment_count BIGINT NOT NULL,
            total BIGINT NOT NULL,
            PRIMARY KEY (run_id, batch_id)
        );

        """

    /// Answers by idempotency key, kept for ever (design 1.8), and who does the work of the clock.
    private static let requests = RequestKeys.table + "\n\n" + WorkLease.table + "\n"
}
