import HTTPTypes
import Notifications

/// The body format that a path expects: HTML forms for pages, and JSON for everything else.
enum BodyForm {
    case json
    case form
    /// What a browser sends when a page violates its content security policy.
    case report

    static func of(path: String) -> BodyForm {
        if path.sameBytes(as: SpecialPaths.policyReports) { return .report }
        let pages = ["/organizations/", "/login", "/logout", "/mail/", "/operator"]
        return pages.contains(where: path.startsWithBytes) ? .form : .json
    }

    func check(_ headers: HTTPFields) throws(Problem) {
        switch self {
        case .json: try MediaType.check(headers)
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
