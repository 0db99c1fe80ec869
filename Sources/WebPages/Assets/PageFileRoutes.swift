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

    /// Anyone can send reports, so they are counted, and only a few are logged, with short and harmless excerpts: the links
    /// that sign somebody in, or confirm a mail address, are secrets.
    @Sendable private func takeReport(_ request: Request, _ context: APIContext) async throws -> Response {
        let report = try await request.json()["csp-report"]
        reports.increment()
        guard lines.take(at: .now) else { return .noContent }
        let part = { (name: String) in report?[name]?.string ?? "" }
        context.logger.warning(
            "A page broke its content security policy",
            metadata: [
                "directive": "\(Self.quoted(part("effective-directive")))",
                "page": "\(Self.quoted(Self.shape(of: part("document-uri"))))",
                "blocked": "\(Self.quoted(Self.origin(of: part("blocked-uri"))))",
            ])
        return .noContent
    }

    /// The path of an address, with an ellipsis in place of everything in it that is no word of ours.
    static func shape(of address: String) -> String {
        let parts = address.prefix(bytes: 1000).pieces(between: "/", atMost: 4)
        guard parts.count == 4, parts[1].isEmpty else { return "" }
        let path = parts[3].pieces(between: "?", atMost: 2)[0].pieces(between: "#", atMost: 2)[0]
        return path.pieces(between: "/").map { "/\(isWord($0) ? $0 : "…")" }.joined()
    }

    /// The origin of an address, or a keyword such as `inline`.
    static func origin(of address: String) -> String {
        let parts = address.prefix(bytes: 200).pieces(between: "/", atMost: 4)
        return parts.count > 2 && parts[1].isEmpty ? parts.prefix(3).joined(separator: "/") : String(parts[0])
    }

    /// An external text as it stands in the log: no part of it can be taken for a field or for another line.
    static func quoted(_ text: String) -> String {
        JSONValue.string(DisplayText.line(text.prefix(bytes: 200))).compactText
    }

    private static func isWord(_ piece: Substring) -> Bool {
        piece.utf8.count <= 20
            && piece.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-") }
    }
}
