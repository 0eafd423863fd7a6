internal import Foundation

/// Asks a process's admin port whether it is ready: one plain HTTP request on a blocking socket.
package enum AdminProbe {
    /// What came back.
    package enum Answer: Sendable, Hashable {
        case ready
        /// It answers, but is not ready: its own words.
        case notReady(String)
        /// Nothing answers there: why.
        case silent(String)
    }

    /// Seconds for each step of a probe.
    private static let timeoutSeconds = 2
    private static let maximumAnswerBytes = 64 << 10

    /// Asks `GET /readyz` at an IPv4 address.
    package static func ask(host: String, port: Int) -> Answer {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return .silent(String(cString: strerror(errno))) }
        defer { close(socket) }
        var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, size)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
        guard connect(socket, host: host, port: port) else {
            return .silent(String(cString: strerror(errno)))
        }
        let request = "GET /readyz HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
        let bytes = Array(request.utf8)
        guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            return .silent(String(cString: strerror(errno)))
        }
        return interpret(String(decoding: receive(socket), as: UTF8.self))
    }

    /// Reads the status line and the body of an answer.
    static func interpret(_ text: String) -> Answer {
        let words = text.prefix { $0 != "\r\n" && $0 != "\n" }.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            return .silent("the answer is not HTTP")
        }
        guard status != 200 else { return .ready }
        let body = text.range(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
        let reason = body.trimmingCharacters(in: .whitespacesAndNewlines)
        return .notReady(reason.isEmpty ? "status \(status)" : reason)
    }

    private static func connect(_ socket: Int32, host: String, port: Int) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        guard inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &address.sin_addr) == 1
        else {
            errno = EINVAL
            return false
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func receive(_ socket: Int32) -> [UInt8] {
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while answer.count < maximumAnswerBytes {
            let count = recv(socket, &piece, piece.count, 0)
            guard count > 0 else { break }
            answer.append(contentsOf: piece[..<count])
        }
        return answer
    }
}
