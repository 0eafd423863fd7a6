/// Why a batch takes no offset entry.
package enum OffsetRefusal: String, Hashable, Sendable, CaseIterable {
    case answers
    case advice
    case oneSidedClass
    case mandatoryAddenda

    /// The reason in words.
    package var title: String {
        switch self {
        case .answers: "it holds returns or changes"
        case .advice: "ADV batches move no money"
        case .oneSidedClass: "its SEC code takes entries of one side alone"
        case .mandatoryAddenda: "its SEC code asks for addenda that an offset does not have"
        }
    }
}

extension NachaBatch {
    /// Why the batch takes no offset entry; nil where it does: CCD, CTX, PPD, TRC, WEB.
    var reasonNotToOffset: OffsetRefusal? {
        if entryClass == .cor || entries.contains(where: { $0.answerKind != nil }) {
            return .answers
        }
        if entryClass == .adv { return .advice }
        if entryClass.onlySide != nil { return .oneSidedClass }
        return entryClass.addenda.isMandatory ? .mandatoryAddenda : nil
    }
}
