import HTTPTypes
import Hummingbird
import WebServing

extension Response {
    static func page(_ model: some PageModel, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: PageTemplates.render(model))))
    }

    /// An error page; without a frame, one outside any organization.
    static func page(for problem: Problem, in frame: PageFrame? = nil) -> Response {
        let frame = frame ?? PageFrame(title: ProblemPage.title(problem))
        var response = page(ProblemPage(problem, in: frame), status: problem.status)
        for field in problem.headers { response.headers[field.name] = field.value }
        PageHeaders.add(to: &response)
        return response
    }

    /// Redirects to another page, by GET.
    static func see(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path])
    }
}
