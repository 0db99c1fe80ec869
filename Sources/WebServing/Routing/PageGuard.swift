import Hummingbird

/// Runs before all pages. The pages supply it, so that WebServing does not depend on them.
package protocol PageGuard: RouterMiddleware where Context == APIContext {
    /// An error as a page.
    func page(for problem: Problem) -> Response
}
