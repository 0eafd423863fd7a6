package import ServiceRuntime

/// The part of a deployment that will own direct debits: it has its identity and answers health and
/// describe; methods of its own it has none yet.
package enum ACHService {
    package static func build(_ context: ServiceContext) async throws -> ServiceDefinition {
        ServiceDefinition()
    }
}
