import HTTPTypes

/// What the body of a request has to be, by its path: pages take HTML forms, and everything else takes JSON.
enum BodyForm {
    case json
    case form
    /// What a browser sends when a page broke its content security policy.
    case report

    static func of(path: String) -> BodyForm {
        if path == PageHeaders.reportPath { return .report }
        let pages = ["/organizations/", "/login", "/logout", "/operator"]
        return pages.contains(where: path.hasPrefix) ? .form : .json
    }

    func check(_ headers: HTTPFields) throws(Problem) {
        switch self {
        case .json: try MediaType.check(headers)
        case .form: try Self.check(headers, ["application/x-www-form-urlencoded"])
        case .report: try Self.check(headers, ["application/csp-report", "application/reports+json"])
        }
    }

    private static func check(_ headers: HTTPFields, _ taken: [String]) throws(Problem) {
        let given = headers[.contentType]?.lowercased().prefix { $0 != ";" }
        guard headers[values: .contentType].count == 1, let given, taken.contains(String(given)) else {
            throw .unsupportedMediaType("Bodies are taken as \(taken.joined(separator: " or ")) here.")
        }
    }
}
