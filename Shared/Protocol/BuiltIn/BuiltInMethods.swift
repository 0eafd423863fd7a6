/// The methods that every service answers.
package enum BuiltInMethods {
    package static let all: [MethodDescriptor] = [describe, health, connections]

    package static let describe = MethodDescriptor(
        "bursar.describe",
        "The service's name, instance, version and methods with their shapes.",
        callers: .anyone,
        authority: .certificate,
        request: "{}",
        reply: "{service, instance, version, methods: [{name, summary, callers, authority, …}]}"
    )
    package static let health = MethodDescriptor(
        "bursar.health",
        "Whether the service can do its work now, if not, why, and how its loops do.",
        callers: .anyone,
        authority: .certificate,
        request: "{}",
        reply: """
            {status: serving|not_serving, reasons: [string], loops: [{name, purpose, waiting, runs, \
            failures, failures_in_a_row, last_success, last_error: {at, message}}]}
            """
    )
    package static let connections = MethodDescriptor(
        "bursar.connections",
        "The open connections: peer, age, calls, bytes.",
        callers: .anyone,
        authority: .certificate,
        request: "{}",
        reply: "[{peer, age_ms, calls_in_flight, calls_total, bytes_in, bytes_out}]"
    )
}
