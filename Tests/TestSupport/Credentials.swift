import Notifications
import Repository

/// What a test acts with: a principal, and the text of the key it acts through.
package struct Credentials: Sendable {
    package let principal: Principal
    package let key: String
}
