import Testing

@testable import Supervision

@Suite("When a service that died comes back")
struct RestartPolicyTests {
    @Test("C-08: one that is killed again and again comes back within 400 ms")
    func killed() {
        var policy = RestartPolicy()
        let delays = (0..<6).map { _ in policy.delay(after: .killed, livedMilliseconds: 300) }
        #expect(delays == [50, 100, 200, 400, 400, 400])
    }

    @Test("One that cannot start is tried every five seconds at last")
    func exits() {
        var policy = RestartPolicy()
        let delays = (0..<9).map { _ in policy.delay(after: .exited, livedMilliseconds: 10) }
        #expect(delays == [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
    }

    @Test("After a calm stretch earlier deaths are forgotten")
    func calm() {
        var policy = RestartPolicy()
        for _ in 0..<9 { _ = policy.delay(after: .exited, livedMilliseconds: 0) }
        #expect(policy.delay(after: .exited, livedMilliseconds: 5_000) == 50)
        #expect(policy.delay(after: .exited, livedMilliseconds: 4_999) == 100)
    }
}
