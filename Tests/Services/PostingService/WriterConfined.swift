/// Carries a value that only the store's writer touches into its closures.
struct WriterConfined<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
