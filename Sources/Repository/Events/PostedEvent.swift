import Crypto
import Notifications

/// An event to be accepted, in the forms in which it is stored. They are made before the transaction, for which others
/// wait; those of a batch within it, because it shows only there how many fit.
struct PostedEvent: Sendable {
    let content: EventContent
    /// The documented JSON body.
    let payload: String
    /// Identifies the payload; empty if that is not needed.
    let hash: [UInt8]

    /// - Parameter isHashed: whether there is an idempotency key.
    init(_ content: EventContent, isHashed: Bool) {
        self.content = content
        payload = content.json.compactText
        hash = isHashed ? Array(SHA256.hash(data: Array(payload.utf8))) : []
    }
}
