import Notifications

/// GitLab's API creates a commit status, and shows a project.
struct GitLabDouble: ServiceDouble {
    let kind = GitLab().id

    func owns(_ request: ReceivedRequest) -> Bool { request.path.startsWithBytes(of: "/api/v4/projects/") }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        if request.method.sameBytes(as: "GET") { return nil }
        let states = ["pending", "running", "success", "failed", "canceled"]
        guard let state = request.json?["state"]?.string, states.contains(where: state.sameBytes) else {
            return .json(400, ["error": "state is missing, state does not have a valid value"])
        }
        return nil
    }

    func success(_ request: ReceivedRequest) -> CannedAnswer {
        if request.method.sameBytes(as: "GET") {
            let path = request.parts.last.map { String($0).replacingBytes(of: "%2F", with: "/") } ?? ""
            return .json(200, ["id": 17, "path_with_namespace": .string(path)])
        }
        let body = request.json
        return .json(
            201,
            [
                "id": 93, "sha": .string(request.parts.last.map { String($0) } ?? ""),
                "status": body?["state"] ?? .null, "name": body?["name"] ?? "default", "ref": body?["ref"] ?? .null,
                "target_url": body?["target_url"] ?? .null, "description": body?["description"] ?? .null,
                "allow_failure": false,
            ])
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited: .text(429, "Retry later\n", retryAfter: 60)
        case .gone: .json(401, ["message": "401 Unauthorized"])
        case .rejected: .json(404, ["message": "404 Commit Not Found"])
        case .broken: .json(500, ["message": "500 Internal Server Error"])
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return "\(request.method) \(request.path)" }
        let commit = request.parts.last.map { String($0.prefix(12)) } ?? ""
        return "\(commit) \(body["state"]?.string ?? "no state"): \(body["description"]?.string ?? "")"
    }
}
