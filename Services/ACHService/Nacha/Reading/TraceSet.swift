/// The trace numbers seen in a file, one bit each, in pages of 65,536 that are made when first needed.
///
/// Sequences ascend, so that a million entries of one bank take sixteen pages of 8 KB. Past
/// `pageLimit` new pages are not made any more: memory stays bounded, and a repeated trace number,
/// which is only warned of, may then pass unseen.
struct TraceSet {
    private static let pageLimit = 2_048
    private static let wordsPerPage = 1_024

    private var pages: [UInt64: Int] = [:]
    private var words: [UInt64] = []
    private var lastKey = UInt64.max
    private var lastPage = 0

    /// Adds a trace number; false where it was there before.
    @inline(__always)
    mutating func insert(_ trace: UInt64) -> Bool {
        let key = trace &>> 16
        if key != lastKey {
            guard let page = page(key) else { return true }
            lastKey = key
            lastPage = page
        }
        let bit = Int(truncatingIfNeeded: trace & 0xFFFF)
        let word = lastPage &* Self.wordsPerPage &+ bit &>> 6
        let mask = UInt64(1) &<< UInt64(truncatingIfNeeded: bit & 63)
        let before = words[word]
        words[word] = before | mask
        return before & mask == 0
    }

    private mutating func page(_ key: UInt64) -> Int? {
        if let page = pages[key] { return page }
        guard pages.count < Self.pageLimit else { return nil }
        let page = pages.count
        pages[key] = page
        words += repeatElement(0, count: Self.wordsPerPage)
        return page
    }
}
