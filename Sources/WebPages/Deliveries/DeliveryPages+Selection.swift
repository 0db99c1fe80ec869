import EventRouting
import HTTPTypes
import Hummingbird
import Notifications
import Repository
import WebServing

extension DeliveryPages {
    /// What the list shows, as a table for a spreadsheet.
    @Sendable func export(_ request: Request, _ page: PageContext) async throws -> Response {
        let search = DeliverySearch(request.uri.query, of: page.path("deliveries"))
        guard search.isComplete else { throw Problem.notFound }
        let titles = [
            "Created", "State", "Channel", "Event", "Load test", "Run", "Attempts", "Status", "What happened", "ID",
        ]
        let lines = try await rows(search, page).rows.lines.map { line in
            [
                line.at.exact, line.state.word, line.channel, line.event, line.test ?? "", line.run ?? "",
                "\(line.attempts)", line.status ?? "", line.text, line.id,
            ]
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"deliveries-\(page.organization).csv\"",
            ], body: .init(byteBuffer: ByteBuffer(string: CSVText.text([titles] + lines))))
    }

    /// Retries the chosen deliveries, one after the other; leaves out those that cannot be retried now.
    @Sendable func retrySelected(_ request: Request, _ page: PageContext) async throws -> Response {
        let form = try await page.form(request)
        try await dependencies.require(.administer, page.mayAdminister, for: "delivery.retry", page)
        let chosen = form.all("delivery").compactMap { DeliveryID($0) }
        for id in chosen {
            do throws(RepositoryError) {
                _ = try await dependencies.router.retry(id, of: page.organization, as: page.principal)
            } catch {
                switch error {
                case .conflict, .notFound: continue
                default: throw error
                }
            }
        }
        let notice = chosen.isEmpty ? PageNotice.nothingSelected : .selectionRetried
        let path = page.path("deliveries")
        let list = DeliverySearch(form.text("list"), of: path)
        let here = list.isComplete ? list.here(in: path) : ""
        return .see("\(path)?done=\(notice.rawValue)" + (here.isEmpty ? "" : "&\(here)"))
    }
}
