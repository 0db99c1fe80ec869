import Notifications

/// A request as it may be shown: secrets masked.
package struct ShownRequest: Sendable {
    package let method: String
    package let url: String
    package let headers: [OutgoingRequest.Header]
    package let body: String

    package init(_ request: OutgoingRequest) {
        method = request.method.rawValue
        url = OutboundURL.masked(request.url)
        headers = request.headers.map { header in
            OutgoingRequest.Header(header.name, header.isSecret ? Masking.tail(of: header.value) : header.value)
        }
        body = String(decoding: request.body, as: UTF8.self)
    }
}
