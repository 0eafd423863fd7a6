/// Finds what is served at a path: every path is matched exactly, byte for byte, segment by segment.
///
/// A literal segment wins over a parameter. A trailing slash, an empty segment, another case or an
/// escaped letter make another path, and that path is not found; an endpoint may take its last segment
/// in any case.
package struct Router: Sendable {
    package struct Found: Sendable {
        package let endpoints: [EdgeMethod: Endpoint]
        /// The parameters of the path, decoded, from left to right.
        package let parameters: [String]

        /// For the `Allow` field, in a fixed order.
        package var allowed: String {
            var names: [String] = []
            for method in EdgeMethod.allCases {
                let isServed =
                    switch method {
                    case .head: endpoints[.get] != nil
                    case .options: true
                    default: endpoints[method] != nil
                    }
                if isServed { names.append(method.rawValue) }
            }
            return names.joined(separator: ", ")
        }

        /// HEAD is served wherever GET is (RFC 9110 §9.3.2).
        package func endpoint(for method: EdgeMethod) -> Endpoint? {
            endpoints[method == .head ? .get : method]
        }
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        /// Last segments that are found in any case, in lower case.
        var anyCase: [String: Int] = [:]
        var parameter: Int?
        var endpoints: [EdgeMethod: Endpoint] = [:]

        func endingIn(_ segment: Substring) -> Int? {
            anyCase.isEmpty ? nil : anyCase[segment.lowercased()]
        }
    }

    /// Longest parameter in bytes, decoded.
    private static let maximumParameterBytes = 256
    private static let maximumSegments = 12

    private var nodes = [Node()]

    /// Two endpoints for one method of one path are a mistake of ours.
    package init(_ endpoints: [Endpoint]) {
        for endpoint in endpoints { insert(endpoint) }
    }

    private mutating func insert(_ endpoint: Endpoint) {
        var index = 0
        let segments = endpoint.path.dropFirst().split(separator: "/")
        for (position, segment) in segments.enumerated() {
            if segment.first == "{" {
                index = parameter(of: index)
            } else if endpoint.ignoresCaseAtEnd, position == segments.count - 1 {
                index = child(segment.lowercased(), of: index, in: \.anyCase)
            } else {
                index = child(String(segment), of: index, in: \.literals)
            }
        }
        let former = nodes[index].endpoints.updateValue(endpoint, forKey: endpoint.method)
        precondition(former == nil, "\(endpoint.method) \(endpoint.path) is served twice")
    }

    private mutating func parameter(of index: Int) -> Int {
        if let known = nodes[index].parameter { return known }
        nodes.append(Node())
        nodes[index].parameter = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func child(
        _ segment: String,
        of index: Int,
        in names: WritableKeyPath<Node, [String: Int]>
    ) -> Int {
        if let known = nodes[index][keyPath: names][segment] { return known }
        nodes.append(Node())
        nodes[index][keyPath: names][segment] = nodes.count - 1
        return nodes.count - 1
    }

    /// What is served at `path`, which begins with a slash; nil where nothing is.
    package func find(_ path: String) -> Found? {
        let segments = path.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"),
            maxSplits: Self.maximumSegments,
            omittingEmptySubsequences: false
        )
        var index = 0
        var parameters: [String] = []
        for bytes in segments {
            let segment = Substring(bytes)
            if let next = nodes[index].literals[String(segment)] {
                index = next
            } else if let next = nodes[index].endingIn(segment) {
                index = next
            } else if let next = nodes[index].parameter, let value = Self.value(of: segment) {
                parameters.append(value)
                index = next
            } else {
                return nil
            }
        }
        guard !nodes[index].endpoints.isEmpty else { return nil }
        return Found(endpoints: nodes[index].endpoints, parameters: parameters)
    }

    /// A parameter's text; nil where it is empty or could be taken for more than one segment.
    private static func value(of segment: Substring) -> String? {
        guard !segment.isEmpty, let value = RequestTarget.decoded(segment) else { return nil }
        guard value != ".", value != "..", value.utf8.count <= maximumParameterBytes else {
            return nil
        }
        return value.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
            ? nil : value
    }
}
