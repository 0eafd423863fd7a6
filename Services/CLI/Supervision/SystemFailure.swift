internal import Foundation

/// A call to the operating system that did not work, in words for an operator.
package struct SystemFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
    /// The system's `errno`, or 0 where it gave none.
    package let code: Int32

    package init(description: String) {
        self.description = description
        code = 0
    }

    /// Names the action and the system's reason, which is `errno` where no other is given.
    package init(_ action: String, code: Int32 = errno) {
        self.code = code
        description = "\(action) failed: \(String(cString: strerror(code)))"
    }
}
