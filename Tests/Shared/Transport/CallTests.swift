import Identity
import NIOCore
import Protocol
import Testing

@testable import Transport

@Suite("Calls")
struct CallTests {
    @Test("A small call is answered, and the built-in methods too")
    func smallCall() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let client = try harness.client()
        let reply = try await client.call(TestMethods.echo, body: ByteBuffer(string: "hello"))
        #expect(String(buffer: reply.body) == "hello")
        let health = try await client.call(BuiltInMethods.health)
        #expect(String(buffer: health.body) == #"{"loops":[],"reasons":[],"status":"serving"}"#)
        let described = try await client.call(BuiltInMethods.describe)
        #expect(String(buffer: described.body).contains("\"test.echo\""))
        let connections = try await client.call(BuiltInMethods.connections)
        #expect(String(buffer: connections.body).contains("bursar://client/demo"))
        await client.close()
        try await harness.stop()
    }
}
