import Notifications

/// An event on its way to the local address.
struct ForwardedEvent: Sendable {
    /// As the API shows it.
    let event: JSONValue
    let content: EventContent
    /// What the request is sent under.
    let deliveryID: DeliveryID
    /// Why the channel does not get it, as a sentence; nil if it does.
    let refusal: String?

    /// Nil if the event cannot be read, which only a newer service's could not.
    init?(_ event: JSONValue, as delivery: JSONValue? = nil, refusal: String? = nil) {
        guard let id = event["id"]?.string, let content = try? EventContent(stored: event["content"] ?? .null),
            let deliveryID = DeliveryID(delivery?.string ?? id)
        else { return nil }
        self.event = event
        self.content = content.with(userName: event["user_name"]?.string)
        self.deliveryID = deliveryID
        self.refusal = refusal
    }
}
