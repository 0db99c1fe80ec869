import HTTPTypes
import Hummingbird

/// Requests that change something are taken from our own pages only
/// (https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html).
struct SameOrigin: Sendable {
    /// The origin that browsers see, when a setting tells it.
    let publicOrigin: String?

    /// Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin. One that says neither is refused:
    /// programs have the API.
    func check(_ request: Request) throws(Problem) {
        if let site = request.headers[.secFetchSite] {
            guard site == "same-origin" else { throw .crossSite }
        } else if let origin = request.headers[.origin] {
            guard isOurs(origin, host: request.head.authority ?? "") else { throw .crossSite }
        } else {
            throw .crossSite
        }
    }

    private func isOurs(_ origin: String, host: String) -> Bool {
        if let publicOrigin { return origin == publicOrigin }
        return origin == "http://\(host)" || origin == "https://\(host)"
    }
}

extension Problem {
    static let crossSite = Problem(
        status: .forbidden, word: "cross_site",
        detail: "This request does not come from a page of this service. Nothing was changed.")

    static let staleForm = Problem(
        status: .forbidden, word: "stale_form",
        detail: "This form is of another session. Nothing was changed; open the page again and repeat it.")
}
