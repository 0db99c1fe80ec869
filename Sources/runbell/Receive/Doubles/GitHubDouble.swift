import Notifications

/// GitHub's API creates a commit status, and shows a repository.
struct GitHubDouble: ServiceDouble {
    let kind = GitHub().id

    /// `/repos/acme/shop`, also below `/api/v3`.
    func owns(_ request: ReceivedRequest) -> Bool {
        ["/repos/", "/api/v3/repos/"].contains(where: request.path.startsWithBytes)
    }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        if request.method.sameBytes(as: "GET") { return nil }
        guard let body = request.json, body.object != nil else { return error(400, "Problems parsing JSON") }
        let states = ["error", "failure", "pending", "success"]
        guard let state = body["state"]?.string, states.contains(where: state.sameBytes) else {
            return error(422, "Validation Failed")
        }
        let isTooLong = (body["description"]?.string?.utf16.count ?? 0) > 140
        return isTooLong ? error(422, "Validation Failed: description is too long (maximum is 140 characters)") : nil
    }

    func success(_ request: ReceivedRequest) -> CannedAnswer {
        if request.method.sameBytes(as: "GET") {
            let name = request.parts.suffix(2).joined(separator: "/")
            return .json(
                200, ["id": 1_296_269, "full_name": .string(name), "permissions": ["pull": true, "push": true]])
        }
        let body = request.json
        return .json(
            201,
            [
                "id": 1, "state": body?["state"] ?? .null, "description": body?["description"] ?? .null,
                "target_url": body?["target_url"] ?? .null, "context": body?["context"] ?? "default",
            ])
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited:
            .json(
                403,
                [
                    "message":
                        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
                    "documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
                ], retryAfter: 60)
        case .gone: error(401, "Bad credentials")
        case .rejected: error(422, "No commit found for SHA: 6dcb09b5b57875f334f61aebed695e2e4193db5e")
        case .broken: error(502, "Server Error")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return "\(request.method) \(request.path)" }
        let commit = request.parts.last.map { String($0.prefix(12)) } ?? ""
        return "\(commit) \(body["state"]?.string ?? "no state"): \(body["description"]?.string ?? "")"
    }

    private func error(_ status: Int, _ message: String) -> CannedAnswer {
        .json(
            status,
            [
                "message": .string(message), "status": .string("\(status)"),
                "documentation_url": "https://docs.github.com/rest/commits/statuses#create-a-commit-status",
            ])
    }
}
