/// The published entity `StudentAccountTransaction`, of which the commands use a part.
package enum PublishedEntity {
    /// Properties that real clients send and that mean nothing here, in lower case: they are passed
    /// over and logged instead of refused (contract A2-18).
    package static let unusedProperties: Set<String> = [
        // What every entity of the command model carries.
        "id", "rowversion", "entitystate", "extendedproperties", "originalstate",
        "originalstateinfo", "securestate", "createddatetime", "lastmodifieddatetime",
        "lastmodifieduserid", "userid",
        // Card payments through a gateway, which is not offered.
        "authorizationnumber", "studentcreditcardid", "creditcardid", "isrecurringpayment",
        // What the ledger keeps by itself.
        "amountpaidtodate", "balanceamount", "invoicenumber", "postdate", "posteddate",
        "postuserid", "receiptnumber", "receiptprintdate", "reference", "source", "statementid",
        "subsidiaryaccountid", "subsidiaryaccounttransactionid", "transactionnumber",
        "transactiontype", "type", "campusid", "studentawardid", "studentaccounttransactionid",
        // Scheduled payments, refunds and reconciliation, which other commands serve.
        "studentscheduleddisbursementid", "scheduleddisbursementid", "refundtransactionid",
        "isbankreconciled", "isvoided", "voidtransactionid", "note",
    ]
}
