import Notifications
import Repository

/// A user who is signed in to the pages.
package struct Visitor: Sendable {
    package let token: RandomToken
    package let session: Session

    package init(token: RandomToken, session: Session) {
        self.token = token
        self.session = session
    }

    /// Included in every form of this session, and in no other session's.
    package var formToken: String { token.derived(for: "form") }
}
