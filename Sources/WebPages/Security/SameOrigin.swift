import HTTPTypes
import Hummingbird
import Notifications
import WebServing

/// Accepts requests that change something only from our own pages
/// (https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html).
struct SameOrigin: Sendable {
    /// The origin that browsers see, if configured.
    let publicOrigin: String?

    /// Browsers declare the origin of a request in Sec-Fetch-Site and Origin, older ones only in Origin. Every header
    /// that is present must match. A request with neither is refused: programs have the API.
    func check(_ request: Request) throws(Problem) {
        let sites = request.headers[values: .secFetchSite]
        let origins = request.headers[values: .origin]
        let host = request.head.authority ?? ""
        guard sites.count + origins.count > 0, sites.count <= 1, origins.count <= 1,
            sites.allSatisfy({ $0.sameBytes(as: "same-origin") }), origins.allSatisfy({ isOurs($0, host: host) })
        else { throw .crossSite }
    }

    private func isOurs(_ origin: String, host: String) -> Bool {
        if let publicOrigin { return origin.sameBytes(as: publicOrigin) }
        return ["http://", "https://"].contains { origin.sameBytes(as: $0 + host) }
    }
}

extension Problem {
    static let crossSite = Problem(
        status: .forbidden, word: "cross_site",
        detail: "This request did not come from a Runbell page. Nothing was changed.")

    static let staleForm = Problem(
        status: .forbidden, word: "stale_form",
        detail:
            "You have signed in again since this page was shown. Nothing was changed. Open it again, and repeat this.")
}

extension ValidationError {
    /// About a form that is shown again because it is from an earlier session.
    static let staleForm = ValidationError(
        "form_token",
        "You have signed in again since this form was shown. Nothing was changed. Check it, and send it again."
    )
}
