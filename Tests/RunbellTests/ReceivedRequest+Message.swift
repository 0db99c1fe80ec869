import Notifications

@testable import runbell

extension ReceivedRequest {
    /// The request that a message becomes.
    init(_ message: HTTPMessage) {
        let target = message.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).dropFirst(3)
        let parts = "/\(target.first ?? "")".split(separator: "?", maxSplits: 1).map(String.init)
        let headers = message.headers.map { ($0.name.lowercased(), $0.value) }
        self.init(
            method: message.method.rawValue, path: parts.first ?? "/", query: parts.count > 1 ? parts[1] : "",
            headers: Dictionary(headers) { first, _ in first }, body: message.body)
    }
}

extension Answer {
    /// What a stand-in answers, as a kind gets it.
    init(_ canned: CannedAnswer) {
        self.init(status: canned.status, headers: canned.headers, body: Array(canned.body.utf8), at: Clock.now)
    }
}
