/// Which names this edge answers to, so that a forged `Host` never gets into anything we say.
///
/// The port is not compared: a forwarded port is common and harmless.
package struct HostRule: Sendable, Equatable {
    package enum Verdict: Sendable, Equatable {
        case served
        case unreadable
        case notServed
    }

    /// Lower case; empty means that every well-formed name is served.
    private let names: Set<String>

    package static let any = HostRule(names: [])

    /// `names` without ports; IPv6 addresses in brackets.
    package init(names: Set<String>) {
        self.names = Set(names.map { $0.lowercased() })
    }

    /// The rule for an edge bound to `host`: loopback names, that host and `extra` names; `*` in
    /// `extra` turns the check off.
    package static func forEdge(boundTo host: String, extra: [String]) -> HostRule {
        if extra.contains("*") { return .any }
        var names: Set<String> = ["localhost", "127.0.0.1", "[::1]"]
        names.insert(host.contains(":") ? "[\(host)]" : host)
        names.formUnion(extra)
        return HostRule(names: names)
    }

    package func judge(_ host: String) -> Verdict {
        guard let name = Self.name(of: host) else { return .unreadable }
        return names.isEmpty || names.contains(name.lowercased()) ? .served : .notServed
    }

    /// The name without its port; nil where the text is no `uri-host [":" port]` (RFC 9110 §7.2).
    private static func name(of host: String) -> Substring? {
        let end: String.Index
        if host.utf8.first == UInt8(ascii: "[") {
            guard let bracket = host.firstIndex(of: "]") else { return nil }
            let inside = host[host.index(after: host.startIndex)..<bracket]
            guard !inside.isEmpty, inside.utf8.allSatisfy(isAddressByte) else { return nil }
            end = host.index(after: bracket)
        } else {
            end = host.firstIndex(of: ":") ?? host.endIndex
            let name = host[..<end]
            guard !name.isEmpty, name.utf8.count <= 253, name.utf8.allSatisfy(isNameByte) else {
                return nil
            }
        }
        let rest = host[end...]
        guard rest.isEmpty || (rest.first == ":" && isPort(rest.dropFirst())) else { return nil }
        return host[..<end]
    }

    private static func isPort(_ text: Substring) -> Bool {
        (1...5).contains(text.utf8.count) && UInt16(text) != nil && text.utf8.first != 0x2B
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: ":"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
