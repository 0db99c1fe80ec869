import Notifications

/// A received notification.
struct Arrival: Sendable {
    let at: Timestamp
    /// The stand-in for the service that the sender addressed.
    let service: any ServiceDouble
    let request: ReceivedRequest
    let signature: SignatureCheck.Result
    /// The same `webhook-id`, or transaction of Matrix, was received before: a repeated attempt of a delivered event.
    let isRepeat: Bool
    /// The status of the answer; nil if there is none.
    let status: Int?

    var json: JSONValue {
        let headers = request.headers.sorted { $0.key < $1.key }
        return [
            "at": JSONValue(at), "service": .string(service.kind), "method": .string(request.method),
            "path": .string(request.path), "id": JSONValue(request.headers["webhook-id"]), "again": .bool(isRepeat),
            "signature": .string(signature.rawValue),
            "headers": .object(JSONObject(headers.map { .init(key: $0.key, value: .string($0.value)) })),
            "body": request.json ?? .string(String(decoding: request.body, as: UTF8.self)),
            "status": status.map { .integer(Int64($0)) } ?? .null,
        ]
    }

    /// One line: when, for which service, what.
    var text: String {
        var parts = [String(at.description.dropFirst(11).prefix(8)), service.kind.padded(to: 10), summary.printable]
        if signature != .unchecked { parts.append("(\(signature.text))") }
        if isRepeat { parts.append("(again)") }
        if let status, !(200..<300).contains(status) { parts.append("(answered \(status))") }
        if status == nil { parts.append("(not answered)") }
        return parts.joined(separator: "  ")
    }

    /// What the notification says, whatever its format.
    var summary: String { service.summary(of: request) }
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - columns))
    }
}
