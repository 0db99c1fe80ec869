import Notifications
import Repository

/// A test's credentials: a principal, and the text of its key.
package struct Credentials: Sendable {
    package let principal: Principal
    package let key: String
}
