import CoreMetrics
import HTTPTypes
import Hummingbird
import Logging
import Notifications
import WebServing

/// The pages' own files, and the endpoint for content security policy reports.
struct PageFileRoutes {
    private let reports = Counter(label: "runbell_csp_reports_total")
    private let lines = LineBudget(perMinute: 20)

    func add(to routes: inout RouteTable) {
        for asset in PageAsset.all {
            routes.onPageFile(.get, asset.path) { _, _ in asset.response() }
        }
        routes.onPageFile(.post, SpecialPaths.policyReports, use: takeReport)
    }

    /// Anyone can send reports, so they are counted, and only a few are logged, with short and harmless excerpts.
    @Sendable private func takeReport(_ request: Request, _ context: APIContext) async throws -> Response {
        let report = try await request.json()["csp-report"]
        reports.increment()
        guard lines.take(at: .now) else { return .noContent }
        let part = { (name: String) in Self.shown(report?[name]?.string ?? "") }
        context.logger.warning(
            "A page broke its content security policy",
            metadata: [
                "directive": "\(part("effective-directive"))", "page": "\(part("document-uri"))",
                "blocked": "\(part("blocked-uri"))",
            ])
        return .noContent
    }

    /// The part of an external text that goes into the log.
    static func shown(_ text: String) -> String { DisplayText.line(text.prefix(bytes: 200)) }
}
