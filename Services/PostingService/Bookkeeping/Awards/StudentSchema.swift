import ServiceStore

/// The tables of unscheduled payments, in the store of posting-service (seed 002).
///
/// Days count from 1 January 1970, moments are milliseconds since then, amounts minor units.
enum StudentSchema {
    static let tables = reference + awards + transactions + commands + AuditOutbox.table

    /// An account is one student's, so that no payment counts for two campuses.
    private static let reference = """
        CREATE TABLE campus(
            id BIGINT PRIMARY KEY,
            name TEXT NOT NULL,
            cashiering BIGINT NOT NULL
        );
        CREATE TABLE student(
            id BIGINT PRIMARY KEY,
            account_id TEXT NOT NULL UNIQUE REFERENCES account(account_id),
            name TEXT NOT NULL,
            campus_id BIGINT NOT NULL REFERENCES campus(id)
        );
        CREATE INDEX student_campus ON student(campus_id);
        CREATE TABLE enrollment_period(
            id BIGINT PRIMARY KEY,
            student_id BIGINT NOT NULL REFERENCES student(id),
            campus_id BIGINT NOT NULL REFERENCES campus(id),
            name TEXT
        );
        CREATE TABLE student_academic_year(
            id BIGINT PRIMARY KEY,
            student_id BIGINT NOT NULL REFERENCES student(id),
            sequence BIGINT NOT NULL,
            UNIQUE (student_id, sequence)
        );
        CREATE TABLE fund_source(
            id BIGINT PRIMARY KEY,
            name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('federal', 'non_federal'))
        );
        CREATE TABLE bank(
            id BIGINT PRIMARY KEY,
            campus_id BIGINT NOT NULL REFERENCES campus(id),
            name TEXT NOT NULL
        );
        CREATE TABLE bank_account(
            id BIGINT PRIMARY KEY,
            bank_id BIGINT NOT NULL REFERENCES bank(id),
            name TEXT NOT NULL,
            gl_account TEXT NOT NULL
        );

        """

    /// One award of a period, fund source and award year, whoever makes it (contract S2-13).
    private static let awards = """
        CREATE TABLE student_award(
            id INTEGER PRIMARY KEY,
            student_enrollment_period_id BIGINT NOT NULL REFERENCES enrollment_period(id),
            fund_source_id BIGINT NOT NULL REFERENCES fund_source(id),
            award_year TEXT NOT NULL,
            student_academic_year_id BIGINT NOT NULL REFERENCES student_academic_year(id),
            amount_received BIGINT NOT NULL,
            row_version BIGINT NOT NULL,
            UNIQUE (student_enrollment_period_id, fund_source_id, award_year)
        );

        """

    /// A row for each ledger entry of an unscheduled payment and for each that undoes one; it
    /// changes only in `payment_id` and `batch_id`, once, when batch-service has the payment.
    private static let transactions = """
        CREATE TABLE student_transaction(
            entry_id BIGINT PRIMARY KEY,
            student_id BIGINT NOT NULL REFERENCES student(id),
            student_enrollment_period_id BIGINT NOT NULL REFERENCES enrollment_period(id),
            student_academic_year_id BIGINT NOT NULL REFERENCES student_academic_year(id),
            academic_year_sequence BIGINT NOT NULL,
            award_year TEXT NOT NULL,
            fund_source_id BIGINT NOT NULL REFERENCES fund_source(id),
            student_award_id BIGINT NOT NULL REFERENCES student_award(id),
            bank_account_id BIGINT NOT NULL REFERENCES bank_account(id),
            campus_id BIGINT NOT NULL REFERENCES campus(id),
            amount BIGINT NOT NULL,
            payment_type TEXT NOT NULL,
            check_number TEXT,
            description TEXT NOT NULL,
            transaction_date BIGINT NOT NULL,
            term_id BIGINT,
            cash_drawer_id BIGINT,
            cash_drawer_session_id BIGINT,
            cashier_user_id BIGINT,
            entered_by TEXT NOT NULL,
            reservation_id TEXT UNIQUE,
            reverses_entry BIGINT REFERENCES student_transaction(entry_id),
            payment_id BIGINT,
            batch_id BIGINT,
            row_version BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            CHECK (reverses_entry IS NOT NULL OR amount > 0)
        );
        CREATE INDEX student_transaction_campus ON student_transaction(campus_id, transaction_date);
        CREATE INDEX student_transaction_student ON student_transaction(student_id);
        CREATE INDEX student_transaction_reverses ON student_transaction(reverses_entry)
            WHERE reverses_entry IS NOT NULL;

        CREATE TABLE payment_outbox(
            entry_id BIGINT PRIMARY KEY REFERENCES student_transaction(entry_id),
            payment BLOB NOT NULL,
            attempts BIGINT NOT NULL,
            not_before BIGINT NOT NULL
        );

        """

    /// Answers by idempotency key, kept for ever (design 1.8), and who voids a payment until when.
    ///
    /// A reservation that batch-service was told is not booked is never booked after that.
    private static let commands = """
        CREATE TABLE command_key(
            account TEXT NOT NULL,
            idempotency_key TEXT NOT NULL,
            digest BLOB NOT NULL,
            http_status BIGINT NOT NULL,
            reply BLOB NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (account, idempotency_key)
        );
        CREATE TABLE void_claim(
            entry_id BIGINT PRIMARY KEY REFERENCES student_transaction(entry_id),
            owner TEXT NOT NULL,
            until BIGINT NOT NULL
        );
        CREATE TABLE reservation_refused(
            reservation_id TEXT PRIMARY KEY,
            at BIGINT NOT NULL
        );

        """

    /// When a refused payment is tried again is known to the one who tries.
    static let handover = """
        ALTER TABLE payment_outbox DROP COLUMN attempts;
        ALTER TABLE payment_outbox DROP COLUMN not_before;
        """

    /// `command_key` becomes the table that services share.
    static let requestKeys =
        RequestKeys.table + """

            INSERT INTO request_key(account, idempotency_key, method, digest, reply, metadata, at)
                SELECT account, idempotency_key, '', digest, reply,
                    '{"http_status":' || http_status || '}', at
                FROM command_key;
            DROP TABLE command_key;
            """
}
