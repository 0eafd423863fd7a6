extension CorrectedData {
    /// Reads the field under a change code; a shorter field counts as blank-filled.
    ///
    /// Columns, from 1 in the field: C01 account 1-17; C02 routing 1-9; C03 routing 1-9, account
    /// 13-29; C04 name 1-22; C05 transaction code 1-2; C06 account 1-17, code 21-22; C07 routing
    /// 1-9, account 10-26, code 27-28; C09 identification 1-22; C08 the whole field, for which no
    /// public source of a width was found.
    ///
    /// Banks and libraries also right-justify the last part or leave out the gap. A part beside its
    /// columns is taken only where it cannot be mistaken for another, and sets ``isDisplaced``.
    package init(code: ChangeCode, field: some Sequence<UInt8>) {
        self.code = code
        var bytes = Array(field.prefix(Self.longWidth))
        if bytes.count < Self.width {
            bytes += repeatElement(Self.blank, count: Self.width - bytes.count)
        }
        switch code.number {
        case 1: accountNumber = text(bytes[..<Self.width], columns: 0..<17)
        case 2: routingNumber = routing(bytes[..<Self.width])
        case 3: readRoutingAndAccount(bytes[..<Self.width])
        case 4: name = cutName(bytes[..<Self.width])
        case 5: transactionCode = lastCode(bytes[..<Self.width], from: 0, columns: 0..<2)?.value
        case 6: readAccountAndCode(bytes[..<Self.width], at: 0, codeAt: 20)
        case 7:
            routingNumber = routing(bytes[..<9])
            readAccountAndCode(bytes[9..<Self.width], at: 9, codeAt: 26)
        case 8: foreignBank = text(bytes[...], columns: 0..<Self.longWidth)
        case 9: individualIdentification = text(bytes[..<Self.width], columns: 0..<22)
        default: break
        }
    }

    /// Reads the field, given as text, under a change code.
    package init(code: ChangeCode, text: some StringProtocol) {
        self.init(code: code, field: text.utf8)
    }

    private static let blank = UInt8(ascii: " ")
    private static let width = 29
    private static let longWidth = 35

    private mutating func readRoutingAndAccount(_ bytes: ArraySlice<UInt8>) {
        routingNumber = routing(bytes[..<9])
        // An account that starts in the gap is taken if it is one word: else the routing number may
        // be too long, or the account shifted.
        let rest = Self.trimmed(bytes[9...])
        guard rest.startIndex >= 12 || !rest.contains(Self.blank) else { return }
        accountNumber = text(rest, columns: 12..<29)
    }

    private mutating func readAccountAndCode(
        _ bytes: ArraySlice<UInt8>,
        at start: Int,
        codeAt: Int
    ) {
        let accountEnd = start + 17
        guard let found = lastCode(bytes, from: accountEnd, columns: codeAt..<(codeAt + 2)) else {
            // Without a code, an inner blank may be what parts the account from a misplaced one.
            guard !Self.trimmed(bytes).contains(Self.blank) else { return }
            accountNumber = text(bytes, columns: start..<accountEnd)
            return
        }
        transactionCode = found.value
        accountNumber = text(bytes[..<found.start], columns: start..<accountEnd)
    }

    /// The trimmed text of a stretch, nil when blank, longer than its columns or not printable.
    private mutating func text(_ bytes: ArraySlice<UInt8>, columns: Range<Int>) -> String? {
        let trimmed = Self.trimmed(bytes)
        guard !trimmed.isEmpty, trimmed.count <= columns.count else { return nil }
        guard trimmed.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        if trimmed.startIndex < columns.lowerBound || trimmed.endIndex > columns.upperBound {
            isDisplaced = true
        }
        return String(decoding: trimmed, as: UTF8.self)
    }

    private mutating func routing(_ bytes: ArraySlice<UInt8>) -> String? {
        let trimmed = Self.trimmed(bytes)
        guard trimmed.count == 9, trimmed.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return text(bytes, columns: 0..<9)
    }

    private mutating func cutName(_ bytes: ArraySlice<UInt8>) -> String? {
        text(Self.trimmed(bytes).prefix(22), columns: 0..<22)
    }

    /// The two digits at the end of a stretch, with nothing but blanks from an offset to them.
    ///
    /// Outside their columns they need a blank right before them, or they might end a number.
    private mutating func lastCode(
        _ bytes: ArraySlice<UInt8>,
        from offset: Int,
        columns: Range<Int>
    ) -> (value: Int, start: Int)? {
        let end = Self.trimmed(bytes).endIndex
        let start = end - 2
        guard start >= offset, start >= bytes.startIndex else { return nil }
        let digits = bytes[start..<end].map { Int($0) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        guard bytes[offset..<start].allSatisfy({ $0 == Self.blank }) else { return nil }
        if start != columns.lowerBound {
            guard start == bytes.startIndex || bytes[start - 1] == Self.blank else { return nil }
            isDisplaced = true
        }
        return (digits[0] * 10 + digits[1], start)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = bytes.firstIndex(where: { $0 != blank }),
            let last = bytes.lastIndex(where: { $0 != blank })
        else { return bytes.prefix(0) }
        return bytes[first...last]
    }
}
