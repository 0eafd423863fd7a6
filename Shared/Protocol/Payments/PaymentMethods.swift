import Identity

/// The methods of batch-service for payments: batches, workflow, journal runs, drawers (seeds 000, 002,
/// 003).
///
/// Bodies and replies of what the edge serves are the edge's JSON, byte for byte: amounts are decimals
/// there. An idempotency key travels in the header document; a repeated call has `replayed` in its
/// reply's.
package enum PaymentMethods {
    package static let all: [MethodDescriptor] = [
        addPayment, getPayment, listPayments, deletePayments, reversePayment, listBatches, getBatch,
        batchHistory, closeBatch, releaseBatch, returnBatch, resumeBatch, approveBatch, rejectBatch,
        deleteBatch, postJournal, getJournal, listJournals, listDrawers, openSession, getSession,
        closeSession, reconcileSession, getSettings, putSetting, getWorkflow, putWorkflow,
        importDrawers, reserveDrawer, releaseReservations, receivePayments, voidPayment,
    ]

    // MARK: Payments

    package static let addPayment = edge(
        "batch.payments.add",
        "Add a payment to the open batch of its username and date, which is made where there is none.",
        .paymentsWrite,
        isIdempotent: false,
        request: """
            {username, date?, account_id, amount, payment_type: C|E|H|I|R|O, check_number?, \
            description?, department?, deposit_number?}
            """,
        reply: "{payment_id, batch_id, life_cycle_step, status, warnings: [{code, message}]}"
    )
    package static let getPayment = edge(
        "batch.payments.get",
        "One payment.",
        .batchesRead,
        changesMoney: false,
        request: "{payment_id: string}",
        reply: "Payment"
    )
    package static let listPayments = edge(
        "batch.payments.list",
        "The payments of a batch in the order in which they came, deleted ones too.",
        .batchesRead,
        changesMoney: false,
        request: "{batch_id: string, pagesize?: string, continuation_key?: string}",
        reply: "[Payment]; header document {continuation_key?: string, x_count: integer}"
    )
    package static let deletePayments = edge(
        "batch.payments.delete",
        """
        Delete non-posted payments by batch, department, cashier or entry dates; a dry run counts \
        them, and the deletion names that count and total.
        """,
        .paymentsDelete,
        request: """
            {batch_id?, payment_id?, department?, cashier?, from?, to?, dry_run: boolean, \
            count?: integer, total?: decimal, reason?}
            """,
        reply: "{dry_run, count, total, batches: [{batch_id, count, total}], skipped: [{…}]}"
    )
    package static let reversePayment = edge(
        "batch.payments.reverse",
        "Reverse a payment: in its batch before posting, in a reversal batch after.",
        .paymentsReverse,
        request: "{payment_id: string, reason_code, note?}",
        reply: "{payment_id, reverses_payment_id, batch_id, life_cycle_step, status}"
    )

    // MARK: Batches

    package static let listBatches = edge(
        "batch.batches.list",
        "Payment batches, newest first, a page at a time.",
        .batchesRead,
        changesMoney: false,
        request: """
            {filters: {batch_id, kind, username, department, deposit_number, date, from, to, status, \
            life_cycle_step: [string]}, pagesize?: string, continuation_key?: string}
            """,
        reply: "[PaymentBatch]; header document {x_count: integer, continuation_key?: string}"
    )
    package static let getBatch = edge(
        "batch.batches.get",
        "One payment batch with its count, total and tenders.",
        .batchesRead,
        changesMoney: false,
        request: "{batch_id: string}",
        reply: "PaymentBatch"
    )
    package static let batchHistory = edge(
        "batch.batches.history",
        "What has happened to a batch: who, when, from which state to which.",
        .batchesRead,
        changesMoney: false,
        request: "{batch_id: string}",
        reply: "[{at, actor, action, from, to, workflow_step?, note?, content_hash}]"
    )
    package static let closeBatch = edge(
        "batch.batches.close",
        "Close a batch: it moves on by the close rule (contract S0-13 to S0-15).",
        .batchesClose,
        request: "{username, date} or {batch_id: integer}",
        reply: "{batch_id, life_cycle_step, status, count, total}"
    )
    package static let releaseBatch = transition(
        "release",
        "Release a reviewed batch (step 30); neither its creator nor its closer may.",
        .batchesReview
    )
    package static let returnBatch = transition(
        "return",
        "Return a batch under review to its clerk (step 10).",
        .batchesReview
    )
    package static let resumeBatch = transition(
        "resume",
        "Take back the release of a batch that is not posted (step 10).",
        .batchesReview
    )
    package static let approveBatch = transition(
        "approve",
        "Approve the current workflow step of a batch.",
        .batchesApprove
    )
    package static let rejectBatch = transition(
        "reject",
        "Reject a batch in workflow: it goes back to its clerk (step 10).",
        .batchesApprove
    )
    package static let deleteBatch = transition(
        "delete",
        "Delete an empty batch.",
        .paymentsDelete
    )

    // MARK: Journal

    package static let postJournal = edge(
        "batch.journal.post",
        "Start a journal run over released batches, or its proof listing; a task follows.",
        .batchesPost,
        request: """
            {batch_ids: [integer], proof?: boolean, gl_effective_date?, override_period?: boolean}
            """,
        reply: "{run_id, status}; header document {run_id: integer}"
    )
    package static let getJournal = edge(
        "batch.journal.get",
        "A journal run: Running, Posted or Failed, with its listing.",
        .batchesRead,
        changesMoney: false,
        request: "{run_id: string}",
        reply: "JournalRun"
    )
    package static let listJournals = edge(
        "batch.journal.list",
        "Journal runs, newest first.",
        .batchesRead,
        changesMoney: false,
        request: "{pagesize?: string, continuation_key?: string}",
        reply: "[JournalRun]; header document {continuation_key?: string}"
    )

    // MARK: Drawers

    package static let listDrawers = edge(
        "batch.drawers.list",
        "Cash drawers with their open sessions.",
        .batchesRead,
        changesMoney: false,
        request: "{}",
        reply: """
            [{cash_drawer_id, name, campus_id, warning_amount, restrict_amount, open_session: \
            Session|null}]
            """
    )
    package static let openSession = edge(
        "batch.drawers.open",
        "Open the session of a cashier on a drawer; a drawer has at most one.",
        .drawersWrite,
        request: """
            {cash_drawer_id: string, cashier_user_id, opening_amount?, cash_drawer_session_id?}
            """,
        reply: "Session"
    )
    package static let getSession = edge(
        "batch.drawers.session",
        "One session of a drawer.",
        .batchesRead,
        changesMoney: false,
        request: "{cash_drawer_id: string, cash_drawer_session_id: string}",
        reply: "Session"
    )
    package static let closeSession = edge(
        "batch.drawers.close",
        "Close a session: it takes no more payments.",
        .drawersWrite,
        request: "{cash_drawer_id: string, cash_drawer_session_id: string, counted_amount?}",
        reply: "Session"
    )
    package static let reconcileSession = edge(
        "batch.drawers.reconcile",
        "Reconcile a closed session (IsReconciled 1): what was counted against what was taken in.",
        .drawersWrite,
        request: "{cash_drawer_id: string, cash_drawer_session_id: string, counted_amount, note?}",
        reply: "Session"
    )

    // MARK: Parameters

    package static let getSettings = edge(
        "batch.settings.get",
        "Every setting of batch-service with its value.",
        .batchesRead,
        changesMoney: false,
        request: "{}",
        reply: "[{name, value, description}]"
    )
    package static let putSetting = edge(
        "batch.settings.put",
        "Change one setting.",
        .settingsWrite,
        changesMoney: false,
        request: "{name: string, value: string|number|boolean}",
        reply: "{name, value}"
    )
    package static let getWorkflow = edge(
        "batch.workflow.get",
        "The PEA workflow: whether it is in use, and its rules.",
        .batchesRead,
        changesMoney: false,
        request: "{}",
        reply: "Workflow"
    )
    package static let putWorkflow = edge(
        "batch.workflow.put",
        "Replace the PEA workflow.",
        .settingsWrite,
        changesMoney: false,
        request: """
            {enabled: boolean, unmatched?: approve|wait, rules: [{step, min_amount?, max_amount?, \
            catch_all?, group?, approvers: ["user:NAME"|"role:NAME"]}]}
            """,
        reply: "Workflow"
    )
    package static let importDrawers = MethodDescriptor(
        "batch.drawers.import",
        "Create or replace cash drawers from CSV or JSON, whole or not at all.",
        callers: .edgeAndClients,
        authority: .scope(.settingsWrite),
        maximumRequestBytes: 16 << 20,
        request: "params {format: csv|json}; the file as body",
        reply: "{imported: integer, created: integer, changed: integer}"
    )

    // MARK: From posting-service

    package static let reserveDrawer = fromPosting(
        "batch.drawers.reserve",
        "Check drawer, session and cashier, and hold room below the restrict amount.",
        request: "ReserveDrawer",
        reply: "DrawerReservation"
    )
    package static let releaseReservations = fromPosting(
        "batch.drawers.release",
        "Give reservations back.",
        request: "ReservationList",
        reply: "{}"
    )
    package static let receivePayments = fromPosting(
        "batch.payments.receive",
        "Group payments that the ledger holds already, each once by its ledger entry.",
        request: "ReceivePayments",
        reply: "ReceivedPayments"
    )
    package static let voidPayment = fromPosting(
        "batch.payments.void",
        "Reverse the payment of a ledger entry; returns when the reversal is in the ledger.",
        request: "VoidPayment",
        reply: "VoidedPayment"
    )

    private static func edge(
        _ name: String,
        _ summary: String,
        _ scope: Scope,
        isIdempotent: Bool = true,
        changesMoney: Bool = true,
        request: String,
        reply: String
    ) -> MethodDescriptor {
        MethodDescriptor(
            name,
            summary,
            callers: .edgeAndClients,
            authority: .scope(scope),
            isIdempotent: isIdempotent,
            changesMoney: changesMoney,
            maximumRequestBytes: 1 << 20,
            maximumReplyBytes: 64 << 20,
            request: request,
            reply: reply
        )
    }

    private static func transition(
        _ action: String,
        _ summary: String,
        _ scope: Scope
    ) -> MethodDescriptor {
        edge(
            "batch.batches.\(action)",
            summary,
            scope,
            request: "{batch_id: string, note?, content_hash?}",
            reply: "{batch_id, life_cycle_step, status, count, total}"
        )
    }

    private static func fromPosting(
        _ name: String,
        _ summary: String,
        request: String,
        reply: String
    ) -> MethodDescriptor {
        MethodDescriptor(
            name,
            summary,
            callers: .services([.posting]),
            authority: .certificate,
            changesMoney: true,
            request: request,
            reply: reply
        )
    }
}
