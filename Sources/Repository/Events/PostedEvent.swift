import Crypto
import Notifications

/// An event to be accepted, in the forms in which it is stored. They are made before the transaction, for which others
/// wait; those of a batch within it, because it shows only there how many fit.
struct PostedEvent: Sendable {
    let content: EventContent
    /// Identifies the payload; empty if that is not needed.
    let hash: [UInt8]
    private let madeAhead: String?

    /// - Parameter isHashed: whether there is an idempotency key.
    init(_ content: EventContent, isHashed: Bool) {
        let payload = content.json.compactText
        self.content = content
        madeAhead = payload
        hash = isHashed ? Array(SHA256.hash(data: Array(payload.utf8))) : []
    }

    /// Makes the payload when it is asked for.
    init(ofBatch content: EventContent) {
        self.content = content
        madeAhead = nil
        hash = []
    }

    /// The documented JSON body.
    var payload: String { madeAhead ?? content.json.compactText }
}
