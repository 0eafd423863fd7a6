import Bookkeeping
import Protocol

/// `pagesize` as it stands in a query: a text.
enum PageSize {
    static func read(_ text: String?) throws(RPCError) -> Int {
        guard let text else { return PageLimits.defaultSize }
        guard let size = Int(text), PageLimits.sizes.contains(size) else {
            throw .invalid([
                .init(
                    field: "/pagesize",
                    code: "out_of_range",
                    message: "A page has 1 to \(PageLimits.sizes.upperBound) entries."
                )
            ])
        }
        return size
    }
}
