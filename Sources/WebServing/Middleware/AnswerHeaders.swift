import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Notifications
import Repository
import ServiceLifecycle

/// The outermost middleware: turns every error into a problem (or, below the pages' paths, into an error page), and
/// adds the headers that all responses have.
struct AnswerHeaders: RouterMiddleware {
    let pages: any PageGuard
    /// While the database is away, every request fails: more lines than these would only fill the disk.
    private let lines = LineBudget(perMinute: 20)

    init(pages: any PageGuard) {
        self.pages = pages
    }

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as HTTPParserError {
            // The rest of the connection cannot be read: Hummingbird answers and closes it (see ConnectionAnswers).
            throw error
        } catch {
            let problem = problem(of: error, logger: context.logger)
            response = refusal(of: request, problem, context)
        }
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestID] = context.requestID
        response.headers[.xContentTypeOptions] = "nosniff"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        if Task.isShuttingDownGracefully { response.headers[.connection] = "close" }
        return response
    }

    private func refusal(of request: Request, _ problem: Problem, _ context: APIContext) -> Response {
        if SpecialPaths.speaksHipChat(request.uri.path) { return problem.hipChatResponse }
        return isForPeople(request, problem) ? pages.page(for: problem) : problem.response(requestID: context.requestID)
    }

    /// Whether a person sees the answer: below the pages' paths, and where there is nothing, in a browser.
    private func isForPeople(_ request: Request, _ problem: Problem) -> Bool {
        if BodyForm.of(path: request.uri.path) == .form { return true }
        let isBrowser = request.headers[.accept]?.holdsBytes(of: "text/html") ?? false
        return isBrowser && problem.status == .notFound && !SpecialPaths.isOfAPI(request.uri.path)
    }

    private func problem(of error: any Error, logger: Logger) -> Problem {
        switch error as? RepositoryError {
        case .unavailable(let reason) where lines.take(at: .now):
            logger.error("The database is unavailable", metadata: ["reason": "\(reason)"])
        case .unreadable(let reason): logger.error("Stored data cannot be read", metadata: ["reason": "\(reason)"])
        default: break
        }
        if let problem = Problem(error) { return problem }
        let isDisconnect = error is ChannelError || error is IOError || error is CancellationError
        logger.log(level: isDisconnect ? .debug : .error, "A request failed", metadata: ["error": "\(error)"])
        return isDisconnect ? .clientLeft : .internalError
    }
}
