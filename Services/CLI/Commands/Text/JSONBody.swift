package import JSON

/// A small JSON object that a command sends.
package struct JSONBody: Sendable {
    package private(set) var bytes: [UInt8]

    /// Members in this order; numbers are written as their raw text.
    package init(_ members: [(String, JSONNode)]) {
        bytes = []
        Self.append(.object(members.map { JSONNode.Member(key: $0.0, value: $0.1) }), to: &bytes)
    }

    package init(_ node: JSONNode) {
        bytes = []
        Self.append(node, to: &bytes)
    }

    private static func append(_ node: JSONNode, to out: inout [UInt8]) {
        switch node {
        case .null: out.append(contentsOf: "null".utf8)
        case .boolean(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let text): out.append(contentsOf: text.utf8)
        case .string(let text): JSONText.append(text, to: &out)
        case .array(let elements):
            list("[", elements, "]", to: &out) { append($0, to: &$1) }
        case .object(let members):
            list("{", members, "}", to: &out) { member, out in
                JSONText.append(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                append(member.value, to: &out)
            }
        }
    }

    private static func list<Element>(
        _ opening: Unicode.Scalar,
        _ elements: [Element],
        _ closing: Unicode.Scalar,
        to out: inout [UInt8],
        _ write: (Element, inout [UInt8]) -> Void
    ) {
        out.append(UInt8(ascii: opening))
        for (index, element) in elements.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            write(element, &out)
        }
        out.append(UInt8(ascii: closing))
    }
}
