package import Money

/// The payments of a campus in a fiscal year by fund source, federal and not, as 90/10 reporting
/// asks for them (34 CFR 668.28), with every payment that lacks a source.
///
/// It is made from the students' transactions, and set against a walk of the ledger's entries.
package struct NinetyTenReport: Sendable {
    /// The sides of the ratio.
    package struct Side: Sendable, Hashable {
        package var kind: FundSourceKind
        package var count: Int64
        package var received: Amount
        package var voided: Amount
        package var net: Amount
        /// Of the net of both sides; nil where a side is below zero, or both are zero.
        package var share: BasisPoints?
    }

    package let campusID: Int64
    package let campusName: String
    package let year: FiscalYear
    package let lines: [FundSourceLine]
    /// Beside `lines`: parts of their side's share; nil where there are none.
    package let shares: [BasisPoints?]
    package let federal: Side
    package let nonFederal: Side
    package let findings: [UnsourcedPayment]
    /// The net of the findings.
    package let unsourced: Amount
    /// Everything in the report: both sides and the findings.
    package let total: Amount
    /// What the ledger's entries come to.
    package let ledgerTotal: Amount
    package let difference: Amount

    /// Nil where a sum leaves 64 bits.
    package init?(
        campusID: Int64,
        campusName: String,
        year: FiscalYear,
        lines: [FundSourceLine],
        findings: [UnsourcedPayment],
        ledgerTotal: Amount
    ) {
        guard var federal = Side(.federal, lines), var nonFederal = Side(.nonFederal, lines),
            let unsourced = Amount.sum(of: findings.map(\.amount)),
            let total = Amount.sum(of: [federal.net, nonFederal.net, unsourced]),
            let negated = total.negated(), let difference = ledgerTotal.adding(negated)
        else { return nil }
        let sides = BasisPoints.shares(of: [federal.net, nonFederal.net])
        federal.share = sides?[0]
        nonFederal.share = sides?[1]
        self.campusID = campusID
        self.campusName = campusName
        self.year = year
        self.lines = lines
        shares = Self.shares(of: lines, federal, nonFederal)
        self.federal = federal
        self.nonFederal = nonFederal
        self.findings = findings
        self.unsourced = unsourced
        self.total = total
        self.ledgerTotal = ledgerTotal
        self.difference = difference
    }

    /// Each side's share split over its sources, so that the lines add up to their side to the last
    /// digit.
    private static func shares(
        of lines: [FundSourceLine],
        _ sides: Side...
    ) -> [BasisPoints?] {
        var shares: [BasisPoints?] = Array(repeating: nil, count: lines.count)
        for side in sides {
            let places = lines.indices.filter { lines[$0].kind == side.kind }
            guard let share = side.share,
                let parts = BasisPoints.shares(
                    of: places.map { lines[$0].net },
                    in: Amount(minorUnits: share.count)
                )
            else { continue }
            for (place, part) in zip(places, parts) { shares[place] = part }
        }
        return shares
    }
}

extension NinetyTenReport.Side {
    fileprivate init?(_ kind: FundSourceKind, _ lines: [FundSourceLine]) {
        let lines = lines.filter { $0.kind == kind }
        guard let received = Amount.sum(of: lines.map(\.received)),
            let voided = Amount.sum(of: lines.map(\.voided)),
            let net = Amount.sum(of: lines.map(\.net))
        else { return nil }
        self.kind = kind
        count = lines.reduce(0) { $0 + $1.count }
        self.received = received
        self.voided = voided
        self.net = net
    }
}
