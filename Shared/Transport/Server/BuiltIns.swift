internal import NIOCore
internal import Protocol

extension ServerCore {
    static func builtIns(
        describing description: ServiceDescription,
        health: @escaping @Sendable () -> ServiceHealth,
        registry: ConnectionRegistry
    ) -> [MethodBinding] {
        [
            MethodBinding(BuiltInMethods.describe) { _ in try .json(description) },
            MethodBinding(BuiltInMethods.health) { _ in try .json(health()) },
            MethodBinding(BuiltInMethods.connections) { _ in
                var lines: [ConnectionDescription] = []
                for connection in registry.all {
                    lines.append(try await connection.describe())
                }
                return try .json(lines)
            },
        ]
    }
}
