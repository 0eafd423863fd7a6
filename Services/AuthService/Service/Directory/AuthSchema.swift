internal import Storage

/// The tables of auth-service.
///
/// Times are milliseconds since 1970. A signing key's private half stands in `signing_key` as PKCS #8
/// PEM: the file has mode 0600 in a folder of mode 0700, and a key to encrypt it with would have to
/// lie beside it. API keys stand as their SHA-256 only.
enum AuthSchema {
    static let migrations = [
        Migration(
            1,
            "accounts, keys, sources and signing keys",
            """
            CREATE TABLE setting (
                name TEXT NOT NULL PRIMARY KEY,
                value TEXT NOT NULL
            );
            CREATE TABLE account (
                account TEXT NOT NULL PRIMARY KEY,
                active INTEGER NOT NULL CHECK (active IN (0, 1)),
                created_at BIGINT NOT NULL
            );
            CREATE TABLE account_scope (
                account TEXT NOT NULL REFERENCES account (account),
                scope TEXT NOT NULL,
                PRIMARY KEY (account, scope)
            );
            CREATE TABLE api_key (
                key_id TEXT NOT NULL PRIMARY KEY,
                account TEXT NOT NULL REFERENCES account (account),
                digest BLOB NOT NULL CHECK (length(digest) = 32),
                note TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                expires_at BIGINT,
                revoked_at BIGINT,
                last_used_at BIGINT,
                request_account TEXT,
                request_key TEXT,
                request_digest BLOB
            );
            CREATE UNIQUE INDEX api_key_request ON api_key (request_account, request_key);
            CREATE TABLE revoked_token (
                token_id TEXT NOT NULL PRIMARY KEY,
                revoked_at BIGINT NOT NULL,
                forget_at BIGINT NOT NULL
            );
            CREATE TABLE source (
                source_name TEXT NOT NULL PRIMARY KEY,
                account TEXT NOT NULL REFERENCES account (account),
                commit_policy TEXT NOT NULL
            );
            CREATE TABLE signing_key (
                key_id TEXT NOT NULL PRIMARY KEY,
                private_pem TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                signs_from BIGINT NOT NULL,
                verifies_until BIGINT
            );
            """
        ),
        Migration(
            2,
            "the audit trail",
            """
            CREATE TABLE audit_event (
                id BIGINT NOT NULL PRIMARY KEY,
                at TEXT NOT NULL,
                at_ms BIGINT NOT NULL,
                origin TEXT NOT NULL,
                origin_id TEXT NOT NULL,
                outcome TEXT NOT NULL,
                actor TEXT NOT NULL,
                key_id TEXT NOT NULL,
                token_id TEXT NOT NULL,
                peer TEXT NOT NULL,
                action TEXT NOT NULL,
                scope TEXT NOT NULL,
                subject TEXT NOT NULL,
                reason TEXT NOT NULL,
                request_id TEXT NOT NULL,
                change TEXT NOT NULL,
                hash BLOB NOT NULL CHECK (length(hash) = 32),
                UNIQUE (origin, origin_id)
            );
            CREATE INDEX audit_event_time ON audit_event (at_ms, id);
            CREATE INDEX audit_event_actor ON audit_event (actor, id);
            CREATE TRIGGER audit_event_at_the_end BEFORE INSERT ON audit_event
            WHEN NEW.id <> COALESCE((SELECT MAX(id) FROM audit_event), 0) + 1
                OR EXISTS (
                    SELECT 1 FROM audit_event
                    WHERE origin = NEW.origin AND origin_id = NEW.origin_id
                )
            BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
            CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
            BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
            CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
            BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
            """
        ),
        Migration(
            3,
            "staff users and roles",
            """
            CREATE TABLE role (
                name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
                release_batch_status TEXT,
                batch_posting_level TEXT NOT NULL,
                deposit_number_policy TEXT NOT NULL,
                overrides_gl_periods INTEGER NOT NULL CHECK (overrides_gl_periods IN (0, 1)),
                acts_for_others INTEGER NOT NULL CHECK (acts_for_others IN (0, 1))
            );
            CREATE TABLE role_task (
                role TEXT NOT NULL REFERENCES role (name),
                task TEXT NOT NULL,
                PRIMARY KEY (role, task)
            );
            CREATE TABLE staff_user (
                user_id BIGINT NOT NULL PRIMARY KEY CHECK (user_id > 0),
                username TEXT NOT NULL UNIQUE CHECK (username <> ''),
                account TEXT NOT NULL,
                role TEXT REFERENCES role (name),
                department TEXT NOT NULL,
                cashier INTEGER NOT NULL CHECK (cashier IN (0, 1)),
                active INTEGER NOT NULL CHECK (active IN (0, 1))
            );
            CREATE UNIQUE INDEX staff_user_account ON staff_user (account) WHERE account <> '';
            """
        ),
    ]
}
