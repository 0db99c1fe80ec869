import HTTPTypes
import Notifications
import Repository
import Testing

@testable import WebServing

@Suite struct ProblemTests {
    @Test func hasAllMembers() throws {
        let problem = Problem.invalid([ValidationError("name", "Must be a string."), ValidationError("id", "No.")])
        let json = try JSONValue.parse(problem.body(requestID: "abc"))
        #expect(
            json == [
                "type": "/problems/invalid_input", "title": "Bad Request", "status": 400,
                "detail": "The request has 2 validation errors, listed in errors. Nothing was changed.",
                "errors": [
                    ["field": "name", "message": "Must be a string."], ["field": "id", "message": "No."],
                ],
                "request_id": "abc",
            ])
    }

    @Test(
        arguments: [
            (.unauthenticated, 401, "unauthenticated"), (.notFound("channel"), 404, "not_found"),
            (.forbidden("No."), 403, "forbidden"), (.invalid(InvalidInput("a", "b")), 400, "invalid_input"),
            (.staleVersion(current: 3), 412, "stale_version"), (.conflict("No."), 409, "conflict"),
            (.alreadyCreated("1"), 409, "conflict"),
            (.idempotencyMismatch, 422, "idempotency_mismatch"), (.unavailable("disk"), 503, "unavailable"),
            (.noSpace, 507, "insufficient_storage"), (.tooSlow, 422, "too_much_to_read"),
            (.busy, 503, "too_many_reads"),
            (.abandoned, 499, "client_left"),
        ] as [(RepositoryError, Int, String)])
    func everyRepositoryErrorHasItsStatus(_ error: RepositoryError, status: Int, word: String) {
        let problem = Problem(error)
        #expect(problem.status.code == status)
        #expect(problem.word == word)
    }

    @Test func saysNothingOfWhatIsMissingNorOfTheDatabase() {
        #expect(Problem(RepositoryError.notFound("channel")).detail == Problem(RepositoryError.notFound("key")).detail)
        #expect(!Problem(RepositoryError.unavailable("disk full")).detail.contains("disk"))
        #expect(Problem(RepositoryError.unavailable("disk full")).headers[.retryAfter] == "1")
        #expect(Problem(RepositoryError.staleVersion(current: 3)).headers[.eTag] == "\"3\"")
    }

    @Test func saysHowToNarrowWhatIsTooMuchToRead() {
        let detail = Problem(RepositoryError.tooSlow).detail
        #expect(detail.contains("since and until") && detail.contains("one channel") && detail.contains("2 seconds"))
        #expect(Problem(RepositoryError.busy).headers[.retryAfter] == "2")
    }

    @Test func knowsNothingOfForeignErrors() {
        struct Surprise: Error {}
        #expect(Problem(Surprise()) == nil)
    }
}
