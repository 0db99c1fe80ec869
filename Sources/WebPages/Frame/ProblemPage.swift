import HTTPTypes
import Notifications
import WebServing

/// Explains why a page could not be shown, or why nothing was changed.
struct ProblemPage: PageModel {
    static let template = "problem"
    let frame: PageFrame
    let text: String
    let errors: [String]
    let isSignedOut: Bool

    init(_ problem: Problem, in frame: PageFrame) {
        self.frame = frame
        isSignedOut = problem.status == .unauthorized
        text = isSignedOut ? Self.signedOut : Self.text(problem)
        errors = problem.errors.map(\.message)
    }

    /// True of a form that is still there, too: the answer to a Test Hook is shown beside it.
    private static let signedOut =
        "Your session has ended. Nothing was changed. Sign in in another tab, then come back and try again."

    /// The detail of a problem with errors speaks of its JSON.
    private static func text(_ problem: Problem) -> String {
        problem.errors.isEmpty ? problem.detail : "What was entered is not valid. Nothing was changed."
    }

    static func title(_ problem: Problem) -> String {
        switch problem.status {
        case .unauthorized: "Signed out"
        case .notFound: "Not found"
        case .forbidden: "Not allowed"
        case .conflict, .preconditionFailed: "Not changed"
        case .badRequest: "Not valid"
        case .methodNotAllowed, .notImplemented: "Not supported"
        default: "Something went wrong"
        }
    }

    /// Browsers do not send our cookie when a user follows a link from another site, but they do from this page.
    static func comingFromElsewhere(_ address: String) -> ProblemPage {
        var frame = PageFrame(title: "Opening")
        frame.refresh = address
        let problem = Problem(status: .ok, word: "opening", detail: "Opening the page…")
        return ProblemPage(problem, in: frame)
    }
}
