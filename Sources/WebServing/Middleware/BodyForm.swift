import HTTPTypes
import Notifications

/// The body format that a path expects: HTML forms for pages, and JSON for nearly everything else.
enum BodyForm {
    case json
    /// JSON, or a text that is the message itself, as HipChat took them.
    case message
    case form
    /// What a browser sends when a page violates its content security policy.
    case report

    static func of(path: String) -> BodyForm {
        if path.sameBytes(as: SpecialPaths.policyReports) { return .report }
        if SpecialPaths.isRoomNotification(path) { return .message }
        let pages = ["/organizations/", "/login", "/logout", "/mail/", "/operator"]
        return pages.contains(where: path.startsWithBytes) ? .form : .json
    }

    func check(_ headers: HTTPFields) throws(Problem) {
        switch self {
        case .json: try MediaType.check(headers)
        case .message: try MediaType.check(headers, among: MediaType.ofMessages)
        case .form: try Self.check(headers, ["application/x-www-form-urlencoded"])
        case .report: try Self.check(headers, ["application/csp-report", "application/reports+json"])
        }
    }

    private static func check(_ headers: HTTPFields, _ taken: [String]) throws(Problem) {
        let given = headers[.contentType]?.lowercased().pieces(between: ";")[0]
        guard headers[values: .contentType].count == 1, let given, taken.contains(where: given.sameBytes) else {
            throw .unsupportedMediaType("The body must be \(taken.joined(separator: " or ")).")
        }
    }
}
