import Notifications
import Repository

/// Somebody who is signed in to the pages.
package struct Visitor: Sendable {
    package let token: RandomToken
    package let session: Session

    package init(token: RandomToken, session: Session) {
        self.token = token
        self.session = session
    }

    /// Stands in every form of the session, and in no other's.
    package var formToken: String { token.derived(for: "form") }
}
