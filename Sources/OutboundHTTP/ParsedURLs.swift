import Notifications
import Synchronization

/// URLs that requests were sent to lately, parsed. Whether they may be used is decided for each request.
final class ParsedURLs: Sendable {
    private let urls = Mutex(RecentValues<ForeignText, OutboundURL>(limit: 512))

    func url(_ text: String) throws(OutboundURLError) -> OutboundURL {
        let key = ForeignText(text)
        if let url = urls.withLock({ $0[key] }) { return url }
        let url = try OutboundURL(parsing: text)
        urls.withLock { $0.set(url, for: key) }
        return url
    }
}
