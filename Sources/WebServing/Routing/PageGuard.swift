import Hummingbird

/// What stands before all pages. The pages bring it along, so that what serves them need not know them.
package protocol PageGuard: RouterMiddleware where Context == APIContext {
    /// Why there is no page, as a page.
    func page(for problem: Problem) -> Response
}
