import Protocol

/// The parameters of `posting.sets.post`; a method that moves money knows all of its fields.
struct PostSetRequest: Decodable {
    var parameters: PostSetParameters

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private static let names: Set<String> = ["set_id", "commit_policy", "digest", "attempt"]

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Name.self)
        let unknown = fields.allKeys.filter { !Self.names.contains($0.stringValue) }
        guard unknown.isEmpty else {
            throw RPCError.invalid(
                unknown.map {
                    RPCError.Detail(
                        field: JSONText.pointerStep($0.stringValue),
                        code: "unknown_field",
                        message: "The field is not known."
                    )
                }
            )
        }
        parameters = try PostSetParameters(from: decoder)
        guard parameters.setID > 0 else {
            throw RPCError.invalid([
                .init(field: "/set_id", code: "out_of_range", message: "A set id is above 0.")
            ])
        }
    }
}
