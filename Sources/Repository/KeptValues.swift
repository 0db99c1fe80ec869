import Crypto
import Notifications
import Synchronization

/// What transactions have read or written, kept so that later ones need not read, parse or decrypt it again. Only values
/// of committed transactions may be kept: those of others may never have existed.
struct KeptValues: Sendable {
    let channels = OpenedChannels()
    let contents: RecentContents
    let dataKeys = KeptDataKeys()
}

/// Contents of events that were accepted lately, whose deliveries are probably claimed next. They never change.
package final class RecentContents: Sendable {
    /// In bytes of JSON. Longer ones are not kept, so that the memory has a bound.
    package static let longest = 4096

    private let longest: Int
    private let contents = Mutex(RecentValues<EventID, (OrganizationID, EventContent)>(limit: 1024))

    init(longest: Int) {
        self.longest = longest
    }

    func content(of event: EventID, in organization: OrganizationID) -> EventContent? {
        guard let (owner, content) = contents.withLock({ $0[event] }), owner == organization else { return nil }
        return content
    }

    /// - Parameter length: of the content's JSON, in bytes.
    func keep(_ content: EventContent, length: Int, of event: EventID, in organization: OrganizationID) {
        guard length <= longest else { return }
        contents.withLock { $0.set((organization, content), for: event) }
    }
}

/// Decrypted data keys. An organization has one, which never changes.
final class KeptDataKeys: Sendable {
    private let keys = Mutex(RecentValues<OrganizationID, SymmetricKey>(limit: 1024))

    subscript(organization: OrganizationID) -> SymmetricKey? { keys.withLock { $0[organization] } }

    func keep(_ keysRead: [OrganizationID: SymmetricKey]) {
        guard !keysRead.isEmpty else { return }
        keys.withLock { keys in
            for (organization, key) in keysRead { keys.set(key, for: organization) }
        }
    }
}
