internal import BatchRules
internal import Crypto
internal import FoundationEssentials
internal import Protocol

/// Where the next page of a list begins, and which list it is: nothing about it is kept.
struct PageKey: Codable, Sendable, Equatable {
    /// The list, so that a key of another one is refused.
    var list: String
    /// The last number of the page before.
    var last: Int64
    var filters: [String: [String]]

    var text: String {
        get throws { Base64URL.encode(Array(try StrictJSON.encode(self))) }
    }

    /// Reads a key for a list and the filters beside it: none, or the key's own.
    ///
    /// Whatever cannot be read is no key of ours: nil, like a key of another list.
    init?(_ text: String, list: String, filters given: [String: [String]]) {
        guard let bytes = Base64URL.decode(text),
            let key = try? bytes.withUnsafeBytes({
                try StrictJSON.decodeReply(PageKey.self, from: $0)
            }), key.list == list, key.last > 0, given.isEmpty || given == key.filters
        else { return nil }
        self = key
    }

    init(list: String, last: Int64, filters: [String: [String]]) {
        self.list = list
        self.last = last
        self.filters = filters
    }
}

/// Which page of a list is asked for.
struct PageRequest: Sendable {
    var size: Int
    /// Nil for the first page.
    var last: Int64?
    var filters: [String: [String]]

    /// Reads size and key.
    ///
    /// Throws `invalid` with each fault.
    init(
        list: String,
        filters: [String: [String]],
        pagesize: String?,
        key text: String?
    ) throws(RPCError) {
        var faults: [RPCError.Detail] = []
        do throws(FilterFault) {
            size = try PageRules.size(pagesize) ?? PageRules.defaultSize
        } catch {
            size = 0
            faults.append(
                RPCError.Detail(field: "/pagesize", code: "malformed", message: error.message)
            )
        }
        self.filters = filters
        if let text {
            if let key = PageKey(text, list: list, filters: filters) {
                last = key.last
                self.filters = key.filters
            } else {
                faults.append(
                    RPCError.Detail(
                        field: "/continuation_key",
                        code: "malformed",
                        message: "The key is not one of this list with these filters. Start again "
                            + "without it."
                    )
                )
            }
        }
        guard faults.isEmpty else { throw RPCError.invalid(faults) }
    }
}
