import GatewayService
import Testing

@Suite("Routes")
struct RouterTests {
    private let router = Router([
        Endpoint(.get, "/api/tasks/{id}", access: .open) { _ in EdgeReply(200) },
        Endpoint(.get, "/api/tasks/{id}/progress", access: .open) { _ in EdgeReply(200) },
        Endpoint(.get, "/api/tasks/latest", access: .open) { _ in EdgeReply(200) },
        Endpoint(.post, "/api/tasks", access: .open) { _ in EdgeReply(200) },
    ])

    @Test("A parameter is decoded, a literal wins over it")
    func found() throws {
        let task = try #require(router.find("/api/tasks/a%20b"))
        #expect(task.parameters == ["a b"])
        #expect(task.endpoint(for: .get)?.path == "/api/tasks/{id}")
        #expect(task.endpoint(for: .head)?.path == "/api/tasks/{id}")
        #expect(task.endpoint(for: .post) == nil)
        #expect(task.allowed == "GET, HEAD, OPTIONS")
        #expect(router.find("/api/tasks/latest")?.parameters == [])
        #expect(router.find("/api/tasks")?.allowed == "POST, OPTIONS")
    }

    @Test(
        "H-12: no other spelling of a path is a route",
        arguments: [
            "/", "//api/tasks/1", "/api//tasks/1", "/api/tasks/", "/api/tasks/1/", "/API/tasks/1",
            "/api/Tasks/1", "/api/%74asks/1", "/api/tasks/.", "/api/tasks/..", "/api/tasks/%2e%2e",
            "/api/tasks/%2E", "/api/tasks/a%2Fb", "/api/tasks/a%5cb", "/api/tasks/%00",
            "/api/tasks/%ff", "/api/tasks/1/progress/", "/api/tasks/1/2/progress",
            "/api/./tasks/1", "/api/x/../tasks/1", "/api/tasks/1;a=b/progress/x",
        ]
    )
    func notFound(path: String) {
        #expect(router.find(path) == nil)
    }

    @Test("A parameter has a longest length")
    func longParameter() {
        #expect(router.find("/api/tasks/" + String(repeating: "a", count: 256)) != nil)
        #expect(router.find("/api/tasks/" + String(repeating: "a", count: 257)) == nil)
    }
}
